"""Her stays: all of them, a new one, the end of the one that is open, and corrections."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.stay_forms import NOT_NAMED, SAID, AdmissionForm, EndStayForm, StayForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import NotNow
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import case_deadlines, case_parts, enquiries, person_facts
from portal.queries import cases as case_queries
from portal.queries import stays as queries
from portal.queries.visibility import relation_of
from portal.services import cases, stays
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import PART, case_url, form_page, must_show
from portal.web.clock_words import saved_and_moved
from portal.web.filters import day
from portal.web.htmx import after_change, page_or_part
from portal.web.saving import saved
from portal.web.versions import against

EARLIER = "earlier"


@bp.get("/<public_id>/stay")
@access(Permission.CASE_EDIT)
def stay(public_id: str) -> ResponseReturnValue:
    """All her stays; below them a new one, or the end of the one that is open."""
    case, seen = opened(public_id)
    open_stay = case_parts.find_open_stay(case)
    if open_stay is not None and request.args.get("view") != EARLIER:
        return _end_page(EndStayForm(), case, seen, open_stay)
    known = {"is_anonymous": person_facts.is_anonymous(case), "planned_move_on": case.planned_move_on}
    enquiry = None if open_stay else enquiries.find_of_case(case)
    if enquiry is not None:
        # What was said on the telephone is not typed twice.
        known |= {"admitted_on": local_date(enquiry.received_at), "reasons": list(enquiry.violence_forms)}
    return _stay_page(StayForm(data=known), case, seen)


def opened(public_id: str) -> tuple[Any, Lens]:
    """The case and how it is seen, for whoever works with her stays."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    return case, must_show(actor, case, FieldGroup.CHILD_IDENTITY)


def _case(public_id: str) -> Any:
    return opened(public_id)[0]


@bp.post("/<public_id>/stay")
@access(Permission.CASE_EDIT, audit=Audit.STAY_RECORDED)
def record_stay(public_id: str) -> ResponseReturnValue:
    """Record a stay, with its notice and its stay plan; or one elsewhere that is over."""
    case = _case(public_id)
    form = offered(StayForm(), case)

    def save() -> None:
        who = {"actor": current_actor(), "now": utc_now(), "admission": form.admission}
        if form.is_here:
            cases.record_stay(
                case,
                admitted_on=form.admitted_on.data,
                planned_move_on=form.planned_move_on.data,
                is_anonymous=form.is_anonymous.data,
                **who,
            )
        else:
            days = {"admitted_on": form.admitted_on.data, "discharged_on": form.discharged_on.data}
            stays.record_elsewhere(case, organisation=form.centre, **days, **who)

    if not saved(form, save, then=case_url(public_id)):
        return _stay_page(form, *opened(public_id), status=422)
    return after_change(case_url(public_id), message=_recorded(form))


def _recorded(form: StayForm) -> str:
    """A stay elsewhere brings no notice: that centre has sent its own (R-654)."""
    if form.is_here:
        return _("The stay has been recorded. The notice stands under Next.")
    return _("The stay elsewhere has been written down. It stands with her stays, and nothing is due because of it.")


def offered(form: Any, case: Any) -> Any:
    """Let a form choose among leaders, earlier stays and centres."""
    actor = current_actor()
    form.leader.choices = [("", _("Not said")), *queries.list_leaders(actor)]
    before = queries.list_before(actor, case)
    form.earlier.choices = [("", _("No")), *((key, _span(first, last, name)) for key, first, last, name in before)]
    if "where" in form:
        other = [one for one in case_parts.organisation_choices() if one[0]]
        form.where.choices = [("", _("Here")), (NOT_NAMED, _("Another centre, not named")), *other]
    return form


def _span(first: Any, last: Any, centre: str | None) -> str:
    named = centre or _("Another centre")
    return f"{day(first)} – {day(last)} {named}"


def _page(form: Any, case: Any, seen: Lens, fields: Any, status: int, **more: Any) -> ResponseReturnValue:
    """The list of her stays with one form below it."""
    actor, public_id = current_actor(), case.public_id
    rows = queries.list_stays(actor, case)
    hers = [row for row in rows if row.is_of_case]
    # Whoever looks at what has been is not asked for a new stay before she wants to write one.
    is_folded = bool(hers) and all(row.discharged_on for row in hers)
    # Asked before the look is written: afterwards the case would be read once more.
    more |= {"is_open": case.state is CaseState.OPEN, "case_reference": case.reference}
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.STAY)
    shown = [(form[name], hint, is_optional) for name, hint, is_optional in fields]
    named = {"seen": seen, "case_id": public_id, "rows": rows, "heading": _("Stays"), "back": case_url(public_id)}
    return page_or_part("cases/stays.html", PART, status, form=form, shown=shown, is_folded=is_folded, **named, **more)


def began_fields() -> list[tuple[str, object | None, bool]]:
    """The fields of how a stay began."""
    return [
        ("admitted_on", _("For example 02.10.2026"), False),
        ("previous_stay", None, False),
        ("reasons", _("Choose all that are true."), True),
        ("leader", _("The leader of the house decides on every admission."), True),
        ("earlier", _("When she was moved between centres, or the same course goes on."), True),
        ("link_reason", None, True),
    ]


def _stay_page(form: StayForm, case: Any, seen: Lens, status: int = 200) -> ResponseReturnValue:
    fields = [
        ("where", None, True),
        *began_fields(),
        ("is_anonymous", None, False),
        ("planned_move_on", None, True),
        ("discharged_on", _("Only for a stay elsewhere, which is over."), True),
    ]
    words = _("The notice to the municipality is due after three weekdays, the stay plan after six weeks.")
    form = offered(form, case)
    action = url_for("cases.record_stay", public_id=case.public_id)
    button = _("Record the stay")
    return _page(form, case, seen, fields, status, button=button, intro=words, action=action, other=None)


@bp.post("/<public_id>/stay/end")
@access(Permission.CASE_EDIT, audit=Audit.STAY_ENDED)
def end_stay(public_id: str) -> ResponseReturnValue:
    """End the open stay."""
    actor, form, case = current_actor(), EndStayForm(), _case(public_id)

    def save() -> None:
        cases.end_stay(case, discharged_on=form.discharged_on.data, leaving=form.leaving, actor=actor, now=utc_now())

    if not saved(form, save, then=case_url(public_id)):
        case, seen = opened(public_id)
        return _end_page(form, case, seen, case_parts.find_open_stay(case), status=422)
    return after_change(case_url(public_id), message=_("The stay has ended. The notice stands under Next."))


def _end_page(form: EndStayForm, case: Any, seen: Lens, stay: Any | None, status: int = 200) -> ResponseReturnValue:
    public_id = case.public_id
    came = _("Admitted %(day)s.", day=day(stay.admitted_on)) if stay else None
    names = ("destination", "delay_reason", "main_activity", "permit", "reported", "counselling")
    fields = [("discharged_on", None, False), *((name, None, True) for name in names)]
    return _page(
        form,
        case,
        seen,
        fields,
        status,
        button=_("End the stay"),
        action=url_for("cases.end_stay", public_id=public_id),
        intro=came,
        other=(url_for("cases.admission", public_id=public_id), _("Correct the day of admission")),
        earlier_url=url_for("cases.stay", public_id=public_id, view=EARLIER),
    )


@bp.get("/<public_id>/stay/admission")
@access(Permission.CASE_EDIT)
def admission(public_id: str) -> ResponseReturnValue:
    """How the open stay began, to be corrected."""
    case = _case(public_id)
    form = _known_admission(case)
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.STAY)
    return _admission_page(form, public_id)


def _known_admission(case: Any) -> AdmissionForm:
    stay = case_parts.find_open_stay(case)
    if stay is None:
        raise NotNow(_("No stay is open."))
    leader, earlier = queries.public_ids(stay)
    known = {
        "version": stay.version,
        "admitted_on": stay.admitted_on,
        "previous_stay": SAID[stay.previous_stay_ever],
        "reasons": list(stay.admission_reasons),
        "leader": leader,
        "earlier": earlier,
        "link_reason": stay.link_reason,
    }
    form: AdmissionForm = offered(AdmissionForm(formdata=None, data=known), case)
    return form


@bp.post("/<public_id>/stay/admission")
@access(Permission.CASE_EDIT, audit=Audit.STAY_CORRECTED)
def correct_admission(public_id: str) -> ResponseReturnValue:
    """Correct how the open stay began; what is counted from it moves along."""
    actor, case, now = current_actor(), _case(public_id), utc_now()
    form = offered(AdmissionForm(), case)

    def save() -> None:
        given = form.admission
        stays.correct_admission(
            case,
            admitted_on=form.admitted_on.data,
            previous_stay_ever=given.previous_stay_ever,
            admission=given,
            version=form.seen,
            actor=actor,
            now=now,
        )

    if not saved(form, save, then=case_url(public_id)):
        form = against(form, lambda: _known_admission(case_queries.get(actor, public_id)))
        return _admission_page(form, public_id, status=form.status)
    moved = case_deadlines.list_moved(case.id, at=now)
    return after_change(case_url(public_id), message=saved_and_moved(_("Corrected."), moved))


def _admission_page(form: AdmissionForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Correct the admission"),
        began_fields(),
        button=_("Save"),
        back=url_for("cases.stay", public_id=public_id),
        status=status,
        intro=_("What stood here before is kept. The notice, if it has not been sent, and the stay plan move along."),
    )
