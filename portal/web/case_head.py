"""The quiet head of a page within a case: by which number the reader knows it. Nothing where she may not know it."""

from flask import Flask, g, request

from portal.queries import cases


def head() -> str | None:
    """The number of the case that the address names; asked for by the pages whose heading does not say it (R-872)."""
    actor, named = g.get("actor"), (request.view_args or {}).get("public_id")
    return cases.find_reference(actor, named) if actor and named else None


def init_app(app: Flask) -> None:
    """Templates call `case_head()`; `cases/_head.html` shows it."""
    app.jinja_env.globals.update(case_head=head)
