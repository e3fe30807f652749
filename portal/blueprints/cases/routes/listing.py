"""My cases: the list, the search, and a new case."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import NewCaseForm, SearchForm
from portal.blueprints.cases.routes.person import allows_invented, person_fields
from portal.blueprints.cases.saving import case_url, form_page, read_page
from portal.core.audit_tags import Audit, Page
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.kinds import SubjectType
from portal.core.states import CaseState
from portal.domain.permissions import can
from portal.queries import case_parts, client_search
from portal.queries import cases as case_queries
from portal.services import audit, cases
from portal.web.access import access, current_actor, log_list
from portal.web.htmx import after_change
from portal.web.submissions import transaction

FILTERS = {missing.value: missing for missing in case_queries.Missing}


@bp.get("")
@access(Permission.CASE_VIEW)
def index() -> ResponseReturnValue:
    """The cases of the person who has signed in."""
    actor, after = current_actor(), request.args.get("after")
    is_closed = request.args.get("state") == CaseState.CLOSED.value
    missing = FILTERS.get(request.args.get("missing", ""))
    rows, following = read_page(
        lambda: case_queries.list_mine(
            actor,
            today=local_date(utc_now()),
            state=CaseState.CLOSED if is_closed else CaseState.OPEN,
            missing=missing,
            after=after,
        )
    )
    log_list(Page.CASE_LIST, len(rows))
    given: dict[str, Any] = {name: request.args[name] for name in ("state", "missing") if name in request.args}
    return render_template(
        "cases/index.html",
        rows=rows,
        tabs=_tabs(is_closed, missing),
        search=SearchForm(formdata=None),
        next_url=url_for("cases.index", after=following, **given) if following else None,
        first_url=url_for("cases.index", **given) if after else None,
        can_search=can(actor, Permission.CASE_SEARCH),
        can_open=can(actor, Permission.CASE_OPEN),
        is_filtered=is_closed or missing is not None,
    )


def _tabs(is_closed: bool, missing: case_queries.Missing | None) -> list[dict[str, object]]:
    words = {
        case_queries.Missing.CONTACT: _("Safe contact must be asked again"),
        case_queries.Missing.SAFETY: _("Safety assessment missing"),
        case_queries.Missing.MOVE: _("No planned move"),
    }
    tabs = [{"label": _("Open cases"), "url": url_for("cases.index"), "is_current": not is_closed and missing is None}]
    tabs += [
        {"label": word, "url": url_for("cases.index", missing=key.value), "is_current": missing is key}
        for key, word in words.items()
    ]
    return [*tabs, {"label": _("Closed cases"), "url": url_for("cases.index", state="closed"), "is_current": is_closed}]


@bp.post("/search")
@access(Permission.CASE_SEARCH, audit=Audit.CASE_SEARCHED)
def search() -> ResponseReturnValue:
    """Find a case by exact reference, exact name or CPR number, among those one may see."""
    actor, form = current_actor(), SearchForm()
    if not form.validate_on_submit():
        return render_template("cases/found.html", search=form, rows=[], is_asked=False), 422
    rows = case_queries.search(actor, form.text.data)
    with transaction(then=url_for("cases.index")):
        audit.record(
            Audit.CASE_SEARCHED,
            SubjectType.SYSTEM,
            None,
            actor=actor,
            now=utc_now(),
            fields=[client_search.search_kind(form.text.data)],
            shown=len(rows),
        )
    # The page shows no form key of the search again: each search is one of its own.
    form.form_key.data = None
    return render_template("cases/found.html", search=form, rows=rows, is_asked=True)


@bp.get("/new")
@access(Permission.CASE_OPEN)
def new() -> ResponseReturnValue:
    """The safe minimum for a new case."""
    form = NewCaseForm()
    return _new_page(form)


@bp.post("/new")
@access(Permission.CASE_OPEN, audit=Audit.CASE_OPENED)
def create() -> ResponseReturnValue:
    """Open a case. Nothing about who she is has to be known."""
    actor, form = current_actor(), NewCaseForm()
    form.responsible.choices = case_parts.municipality_choices()
    if not form.validate_on_submit():
        return _new_page(form, status=422)
    may_hold = case_parts.may_hold_cpr(actor)
    try:
        with transaction(then=url_for("cases.index")):
            case = cases.open_case(
                name=form.name.data,
                birth_year=form.birth_year.data,
                cpr=form.cpr.data if may_hold else None,
                phone=form.phone.data,
                language=form.language.data,
                needs_interpreter=form.needs_interpreter.data,
                responsible_municipality_code=form.responsible.data,
                allow_invented_cpr=allows_invented(),
                actor=actor,
                now=utc_now(),
            )
            public_id, reference = case.public_id, case.reference
    except Invalid as refusal:
        form.refuse(refusal)
        return _new_page(form, status=422)
    then = case_url(public_id) if can(actor, Permission.CASE_VIEW) else url_for("home.start")
    return after_change(then, message=_("The case is open. Its reference is %(reference)s.", reference=reference))


def _new_page(form: NewCaseForm, status: int = 200) -> ResponseReturnValue:
    form.responsible.choices = case_parts.municipality_choices()
    fields = [*person_fields(case_parts.may_hold_cpr(current_actor())), ("responsible", None, True)]
    back = url_for("cases.index") if can(current_actor(), Permission.CASE_VIEW) else url_for("home.start")
    return form_page(
        form,
        _("New case"),
        fields,
        button=_("Open the case"),
        back=back,
        status=status,
        intro=_("Everything may be empty. She can be anonymous, and you can fill in the rest when she wants it."),
    )
