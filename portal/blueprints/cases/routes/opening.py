"""A new case: opened for oneself, or by intake for the colleague who is to work on it."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import NewCaseForm
from portal.blueprints.cases.routes.person import allows_invented, person_fields
from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.domain.permissions import can
from portal.queries import case_parts, teamless
from portal.queries import returning as returning_queries
from portal.queries.returning import Given, OldFile, OpenFile
from portal.services import cases, returning
from portal.services import teamless as teamless_service
from portal.web.access import access, current_actor
from portal.web.case_pages import case_url, form_page
from portal.web.filters import day
from portal.web.htmx import after_change
from portal.web.saving import saved

NEW, FORMER, ME = "new", "former", "me"
# What the form says when it holds a closed file to go on in: that is asked for a fresh proof (M6, M10, R-765).
RETURN = "return"


@bp.get("/new")
@access(Permission.CASE_OPEN)
def new() -> ResponseReturnValue:
    """The safe minimum for a new case."""
    return _new_page(_offered(NewCaseForm()))


@bp.post("/new")
@access(Permission.CASE_OPEN, audit=Audit.CASE_OPENED, step_up=RETURN)
def create() -> ResponseReturnValue:
    """Open a case. Nothing about who she is has to be known, but that it is not known is said (R-572).

    Her old file, as any closed case, is seen again with a fresh proof alone (R-765).
    """
    actor, form, opened = current_actor(), _offered(NewCaseForm()), []
    given = _given(form)
    old = _ask(form, given)
    same = returning_queries.list_open(actor, given)

    def act() -> None:
        _check_looked(form, same)
        if old and form.returns.data != NEW:
            opened.append((*_open_old(form, given), ""))
            return
        case = _open(form, actor)
        opened.append((case.public_id, case.reference, case.lead_reference))
        if not can(actor, Permission.CASE_VIEW):
            teamless_service.pass_on(case, form.taker.data, actor=actor, now=utc_now())

    if not saved(form, act, then=_list_url(actor)):
        return _new_page(form, same, status=form.status)
    return _opened(form, *opened[0])


def _open_old(form: NewCaseForm, given: Given) -> tuple[str, str]:
    """Go on in her old file. Raises Invalid while nobody has said whether it is hers."""
    if form.returns.data is None or request.form.get("do") != RETURN:
        raise Invalid(_("This house has a closed file that may be hers. Choose."), field="returns")
    known = form.contact.data != ME
    return returning.open_old(form.returns.data, given, with_former=known, actor=current_actor(), now=utc_now())


def _check_looked(form: NewCaseForm, same: Sequence[OpenFile]) -> None:
    """Raise Invalid while nobody has looked at the open cases that may be hers (R-810)."""
    if same and not form.is_another.data:
        raise Invalid(_("This house has an open case that may be hers. Look first."), field="is_another")


def _given(form: NewCaseForm) -> Given:
    """By what she may be known here."""
    cpr = form.cpr.data if case_parts.may_hold_cpr(current_actor()) else None
    return Given(form.name.data, form.birth_year.data, form.phone.data, cpr)


def _ask(form: NewCaseForm, given: Given) -> bool:
    """Offer her old file before a second one is made (R-657). Whether there is something to choose."""
    found = returning_queries.list_closed(current_actor(), given)
    form.returns.choices = [
        *(
            (
                one.public_id,
                _("Yes: open file %(reference)s, closed %(day)s", reference=one.reference, day=_closed_on(one)),
            )
            for one in found
        ),
        (NEW, _("No: it is somebody else")),
    ]
    workers = [(FORMER, one.worker) for one in found if one.worker][:1]
    form.contact.choices = [*workers, (ME, current_actor().name)]
    if form.contact.data is None and workers:
        form.contact.data = FORMER
    return bool(found)


def _closed_on(one: OldFile) -> str:
    """The day on which a file was closed."""
    return day(local_date(one.closed_at))


def _gone_on(public_id: str, reference: str) -> ResponseReturnValue:
    """Her old file is open again."""
    words = _("Her file %(reference)s is open again. Ask her first how she may be reached.", reference=reference)
    if can(current_actor(), Permission.CASE_VIEW):
        return after_change(case_url(public_id), message=words)
    return after_change(url_for("home.day"), message=words)


def _offered(form: NewCaseForm) -> NewCaseForm:
    form.responsible.choices = case_parts.municipality_choices()
    takers = [] if can(current_actor(), Permission.CASE_VIEW) else teamless.list_takers(current_actor())
    form.taker.choices = [("", _("Nobody yet")), *takers]
    return form


def _open(form: NewCaseForm, actor: Actor) -> Any:
    return cases.open_case(
        name=form.name.data,
        birth_year=form.birth_year.data,
        cpr=form.cpr.data if case_parts.may_hold_cpr(actor) else None,
        phone=form.phone.data,
        language=form.language.data,
        needs_interpreter=form.needs_interpreter.data,
        needs_accessible=form.needs_accessible.data,
        responsible_municipality_code=form.responsible.data,
        allow_invented_cpr=allows_invented(),
        actor=actor,
        now=utc_now(),
    )


def _opened(form: NewCaseForm, public_id: str, reference: str, lead_reference: str) -> ResponseReturnValue:
    """To the new case, to her old file, or to who has it now."""
    if not lead_reference:
        return _gone_on(public_id, reference)
    if can(current_actor(), Permission.CASE_VIEW):
        words = _("The case is open. Its reference is %(reference)s.", reference=reference)
        return after_change(case_url(public_id), message=words)
    return _passed_on(form, public_id, reference, lead_reference)


def _passed_on(form: NewCaseForm, public_id: str, reference: str, lead_reference: str) -> ResponseReturnValue:
    """Who has it now, for somebody who cannot open it; or where it waits until she gives it to a colleague."""
    name = dict(form.taker.choices).get(form.taker.data or "", "")
    if form.taker.data:
        words = _(
            "Case %(reference)s is open. %(name)s works on it from now on, and has been told.",
            name=name,
            reference=reference,
        )
        return after_change(url_for("home.day"), message=words)
    words = _(
        "Case %(reference)s is open, and nobody works on it yet. Give it to a colleague here: it is called %(other)s.",
        reference=reference,
        other=lead_reference,
    )
    return after_change(url_for("people.without_team", _anchor=f"case-{public_id}"), message=words)


def _list_url(actor: Actor) -> str:
    return url_for("cases.index") if can(actor, Permission.CASE_VIEW) else url_for("home.day")


def _new_page(form: NewCaseForm, same: Sequence[OpenFile] = (), status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    _name, *others = person_fields(case_parts.may_hold_cpr(actor))
    fields = [
        ("name", _("While she is anonymous, leave it empty and tick the box below."), False),
        ("is_unnamed", None, False),
        *others,
        ("responsible", None, True),
    ]
    has_old = len(form.returns.choices or ()) > 1
    if has_old:
        hint = _("Her file goes on where it ended: nothing is told twice, and nobody sees it as a failure.")
        fields[:0] = [("returns", hint, False), ("contact", _("The person whom she knows comes first."), False)]
    if not can(actor, Permission.CASE_VIEW):
        hint = _("You open the case for a colleague, who is told at once. You cannot open it yourself afterwards.")
        fields.append(("taker", hint, False))
    return form_page(
        form,
        _("New case"),
        fields,
        button=_("Open the case"),
        back=_list_url(actor),
        status=status,
        asks_for=RETURN if has_old else None,
        same=same,
        intro=_(
            "She can be anonymous, and almost everything may be empty. You can fill in the rest when she wants it."
        ),
    )
