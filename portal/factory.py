"""Puts the floors together."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config as settings
from portal import breaches, embedded_postgres, mailer, models, roles, uploads, vault
from portal.blueprints import AREAS
from portal.db import db, migrate
from portal.vault.anchors import AnchorStore
from portal.web import (
    access,
    case_file,
    case_head,
    children,
    errors,
    filters,
    handed_out,
    inputs,
    language,
    logs,
    pages,
    rail,
    rate_limit,
    rights_words,
    security,
    sessions,
    submissions,
)
from portal.web.htmx import htmx


def build(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application. Settings come from the environment unless they are given."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config.update(settings.load() if config is None else config)
    if not app.config.get("SQLALCHEMY_DATABASE_URI"):
        _embedded(app)
    elif app.config["PORTAL_ENV"] == "production":
        roles.check(app.config["SQLALCHEMY_DATABASE_URI"])
    app.url_map.strict_slashes = False
    vault.configure(vault.Keyring.from_roots(app.config["BRO_KEYS"]))
    roots = app.config["BRO_KEYS"]
    app.extensions["anchors"] = AnchorStore.open(
        app.config["AUDIT_ANCHORS"], root=roots[min(roots)], given=app.config["BRO_ANCHOR_KEY"]
    )
    breaches.configure(app.config.get("BREACH_SERVICE", ""))
    uploads.configure(app.config.get("MALWARE_SCANNER", ""))
    if app.config.get("TRUSTED_PROXIES"):
        count = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    handed_out.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(settings.ROOT / "migrations"), render_item=models.render_item)
    mailer.init_app(app)
    htmx.init_app(app)
    first = (security, inputs, security.csrf)
    last = (errors, filters, rail, case_file, case_head, children, rights_words)
    for part in (logs, *first, language, rate_limit, access, pages, sessions, submissions, *last):
        part.init_app(app)
    for area in AREAS:
        app.register_blueprint(importlib.import_module(f"portal.blueprints.{area}").bp)
    return app


def _embedded(app: Flask) -> None:
    """Start the packaged engine and name the database on it."""
    url = embedded_postgres.ensure(Path(app.config["EMBEDDED_DATABASE"]))
    found = roles.prepare(url, app.config["DATABASE_NAME"])
    app.config["SQLALCHEMY_DATABASE_URI"], app.config["DATABASE_OWNER_URL"] = found.application, found.owner
