"""The gate: every route says who may come in, and one that says nothing is closed (R-008)."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden
from portal.core.pages import Page
from portal.core.surroundings import Surroundings, network_of, set_surroundings
from portal.db import transaction
from portal.domain.disclosure import Relation
from portal.domain.permissions import can
from portal.domain.sign_in import is_enough
from portal.services import accounts
from portal.services import audit as audit_service
from portal.wall import act_as
from portal.web import arrivals
from portal.web import step_up as step_up_page
from portal.web.htmx import go_to, is_htmx
from portal.web.submissions import check_role

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Access:
    """What a route has declared: any one of the permissions is enough; None means everybody."""

    permissions: tuple[Permission, ...] | None
    audit: Audit | None
    # Whether she must have proved who she is in the last five minutes (modifier M10). A word: only for the button that
    # sends it as `do`, where the others of the same form do nothing that asks for it.
    step_up: bool | str = False

    def describe(self) -> str:
        who = "public" if self.permissions is None else "|".join(p.value for p in self.permissions)
        proof = "  step-up" if self.step_up is True else f"  step-up({self.step_up})" if self.step_up else ""
        return f"{who}  audit={self.audit.value if self.audit else '-'}{proof}"


def access(*permissions: Permission, audit: Audit | None = None, step_up: bool | str = False) -> Callable[[View], View]:
    """Declare who may use a route, which event it writes, and whether she must have proved anew who she is."""
    if not permissions:
        raise ValueError("name at least one permission, or use @public")
    return _declare(Access(permissions, audit, step_up))


def public(view: View) -> View:
    """Declare that anybody may use a route."""
    return _declare(Access(None, None))(view)


def _declare(declaration: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = declaration  # type: ignore[attr-defined]
        return view

    return mark


def declaration_of(app: Flask, endpoint: str) -> Access | None:
    """What the route behind an endpoint has declared, or None."""
    return getattr(app.view_functions.get(endpoint), "access", None)


def cookie_name() -> str:
    """The name of the session cookie: host-bound wherever there is https."""
    return "__Host-session" if current_app.config["SECURE_COOKIES"] else "bro_session"


def session_token() -> str:
    """What the browser says its session is; empty when it cannot be one of ours."""
    token = request.cookies.get(cookie_name(), "")
    return token if 20 < len(token) < 100 else ""


def current_actor() -> Actor:
    """Who acts in this request. Raises Forbidden where nobody has signed in."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Forbidden
    return actor


def current_session() -> accounts.SignedIn:
    """The session of this request. Raises Forbidden where nobody has signed in."""
    session: accounts.SignedIn | None = g.get("session")
    if session is None:
        raise Forbidden
    return session


def is_second_required() -> bool:
    """Whether everybody must have a second factor."""
    return bool(current_app.config["SECOND_FACTOR"] == "required")


def log_view(*, case_id: int, relation: Relation, page: Page) -> None:
    """Write who looks at a case, before it is shown: if this cannot be written, nothing is shown (R-006).

    Raises TooMany where it is one of very many within a few minutes (R-576).
    """
    with transaction():
        audit_service.record_view(actor=current_actor(), case_id=case_id, relation=relation, page=page, now=utc_now())


def log_list(page: Page, shown: int) -> None:
    """Write who has a list of cases before her and how many it shows, before it is shown (R-482)."""
    with transaction():
        audit_service.record_list(actor=current_actor(), page=page, shown=shown, now=utc_now())


def session_limits() -> accounts.SessionLimits:
    """How long sessions last, by the settings."""
    minutes = {name: timedelta(minutes=current_app.config[f"SESSION_{name}_MINUTES"]) for name in ("IDLE", "ABSOLUTE")}
    volunteers = timedelta(minutes=current_app.config["SESSION_ABSOLUTE_MINUTES_VOLUNTEER"])
    return accounts.SessionLimits(minutes["IDLE"], minutes["ABSOLUTE"], volunteers)


def _load_actor() -> None:
    token, limits = session_token(), session_limits()
    session = accounts.find_session(token, now=utc_now(), limits=limits) if token else None
    g.actor, g.session = (session.actor, session) if session else (None, None)
    act_as(g.actor)
    g.session_ends_at = session.ends_at if session else None
    g.is_setting_up = bool(session and is_second_required() and not is_enough(session.actor.role, session.proof))
    if session and session.is_seen_stale:
        with transaction():
            accounts.mark_seen(session, now=utc_now())


def _note_surroundings() -> None:
    """Say for the audit trail from where the request comes; hashes are keyed, so that they tell nobody else."""
    browser = re.sub(r"\d+", "", request.user_agent.string)
    token = request.cookies.get(cookie_name(), "")
    set_surroundings(
        Surroundings(
            session=_short_hash(f"session {token}") if token else None,
            device=_short_hash(f"device {browser}") if browser else None,
            network=network_of(request.remote_addr),
        )
    )


def _short_hash(text: str) -> str:
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), text.encode(), "sha256")[:8].hex()


def gate() -> ResponseReturnValue | None:
    """Before every request: undeclared routes are refused, then nobody, the wrong role, and a proof that is too old."""
    g.actor = g.session = None
    g.is_setting_up = False
    _note_surroundings()
    if request.endpoint is None or request.endpoint == "static":
        return None
    declared = declaration_of(current_app, request.endpoint)
    if declared is None:
        current_app.logger.error("route without a declared access: %s", request.endpoint)
        raise Forbidden
    _load_actor()
    if g.actor is None and request.endpoint == arrivals.SIGN_IN and arrivals.is_from_elsewhere():
        return arrivals.landing()
    if declared.permissions is None:
        return None
    if g.actor is None:
        return arrivals.ask_to_sign_in(session_token())
    check_role(g.actor)
    return _in_the_door(declared, declared.permissions)


def _in_the_door(declared: Access, permissions: tuple[Permission, ...]) -> ResponseReturnValue | None:
    # Without her second factor she reaches what is her own, and nothing of anybody else (R-430, modifier M1).
    if g.is_setting_up and request.blueprint != "auth":
        return go_to(url_for("auth.set_up"), status=401) if is_htmx() else redirect(url_for("auth.set_up"), 303)
    if not any(can(g.actor, permission) for permission in permissions):
        raise Forbidden
    if _asks_for_proof(declared) and not current_session().is_stepped_up:
        return step_up_page.ask()
    return None


def _asks_for_proof(declared: Access) -> bool:
    return declared.step_up is True or bool(declared.step_up and request.form.get("do") == declared.step_up)


def init_app(app: Flask) -> None:
    """Put the gate in front of everything."""
    app.before_request(gate)


def describe_routes(app: Flask) -> list[str]:
    """One line per route: methods, address, declared access and audit event, or the word `undeclared`."""
    lines = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        declared = declaration_of(app, rule.endpoint)
        shown = "public  audit=-" if rule.endpoint == "static" else declared.describe() if declared else "undeclared"
        lines.append(f"{methods:<9} {rule.rule:<60} {rule.endpoint:<34} {shown}")
    return lines
