"""The list of files, a new one, and the page on which one stands: problems, progress, what came of it."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.imports import bp
from portal.blueprints.imports.forms import DropForm, FileForm, StartForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.imports import ImportState
from portal.queries import imports as queries
from portal.services import imports as service
from portal.web.access import access, current_actor
from portal.web.file_routes import takes_file
from portal.web.htmx import after_change, page_or_part
from portal.web.saving import saved

UNDER_WAY = (ImportState.QUEUED, ImportState.RUNNING)
PAGE = 50


@bp.get("/")
@access(Permission.CASE_IMPORT)
def index() -> ResponseReturnValue:
    """What she has handed in, the newest first."""
    try:
        rows, following = queries.list_imports(current_actor(), after=request.args.get("after"))
    except ValueError:
        abort(400)
    next_url = url_for(".index", after=following) if following else None
    return render_template("imports/index.html", rows=rows, next_url=next_url)


@bp.get("/new")
@access(Permission.CASE_IMPORT)
def new() -> ResponseReturnValue:
    """A form for a file."""
    return render_template("imports/new.html", form=FileForm())


@bp.post("/new")
@access(Permission.CASE_IMPORT, audit=Audit.IMPORT_TAKEN)
@takes_file
def add() -> ResponseReturnValue:
    """Take a file in. No case is written."""
    actor, form, taken = current_actor(), FileForm(), []

    def save() -> None:
        assert form.file.made is not None
        taken.append(service.take_in(form.file.made, actor=actor, now=utc_now()).public_id)

    if not saved(form, save, then=url_for(".index")):
        return render_template("imports/new.html", form=form), form.status
    return after_change(url_for(".columns", public_id=taken[0]))


@bp.get("/<public_id>")
@access(Permission.CASE_IMPORT)
def detail(public_id: str) -> ResponseReturnValue:
    """Where a file stands. While it is under way the page asks again by itself."""
    taken = queries.get(current_actor(), public_id, whole=True)
    return _page(taken, StartForm(formdata=None, data={"version": taken.version}))


def _page(taken: Any, form: StartForm, status: int = 200) -> ResponseReturnValue:
    findings = queries.findings_of(taken) or queries.Findings([], [], [])
    page = _page_number()
    first = (page - 1) * PAGE
    if page > 1 and first >= len(findings.issues):
        abort(400)
    shown = {
        "taken": taken,
        "form": form,
        "issues": findings.issues[first : first + PAGE],
        "differs": findings.differs[:PAGE],
        "alike": findings.alike[:PAGE],
        "is_under_way": taken.state in UNDER_WAY,
        "next_url": _url(taken, page + 1) if first + PAGE < len(findings.issues) else None,
        "previous_url": _url(taken, page - 1) if page > 1 else None,
    }
    return page_or_part("imports/detail.html", "imports/_progress.html", status, **shown)


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text)):
        abort(400)
    return int(text)


def _url(taken: Any, page: int) -> str:
    return url_for(".detail", public_id=taken.public_id, page=page)


@bp.post("/<public_id>/start")
@access(Permission.CASE_IMPORT, audit=Audit.IMPORT_STARTED)
def start(public_id: str) -> ResponseReturnValue:
    """Let the portal open the cases."""
    actor, form = current_actor(), StartForm()
    taken, then = queries.get(actor, public_id, whole=True), url_for(".detail", public_id=public_id)

    def save() -> None:
        service.start(taken, with_alike=form.with_alike.data, version=form.seen, actor=actor, now=utc_now())

    if not saved(form, save, then=then):
        fresh = queries.get(actor, public_id, whole=True)
        form.version.data = str(fresh.version)
        return _page(fresh, form, form.status)
    return after_change(then, message=_("The cases are being opened. You get a message when it is done."))


@bp.post("/<public_id>/drop")
@access(Permission.CASE_IMPORT, audit=Audit.IMPORT_DROPPED)
def drop(public_id: str) -> ResponseReturnValue:
    """Forget a file."""
    actor, form = current_actor(), DropForm()
    taken = queries.get(actor, public_id)
    if not saved(form, lambda: service.drop(taken, actor=actor, now=utc_now()), then=url_for(".index")):
        abort(400)
    return after_change(url_for(".index"), message=_("The file is forgotten. No case was opened."))
