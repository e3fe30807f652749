"""What other organisations offer: taken over by somebody who works in cases, or declined with a reason."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.transfers import bp
from portal.blueprints.transfers.forms import NoForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.relations import TEAM_ROLES
from portal.queries import teamless
from portal.queries import transfers as queries
from portal.services import transfers as service
from portal.web.access import access, current_actor
from portal.web.case_pages import case_url
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.takers import TakerForm, taker_forms


@bp.get("/offered")
@access(Permission.TRANSFER_ANSWER)
def offered() -> ResponseReturnValue:
    """What other organisations offer."""
    return _offered_page()


def _takers(cases: dict[str, int]) -> dict[str, list[tuple[str, str]]]:
    """Who may take each case: whoever works in cases, also the reader herself when she does."""
    actor = current_actor()
    takers = teamless.list_takers_of(actor, cases)
    if actor.role in TEAM_ROLES:
        own = queries.own_name(actor)
        return {key: [own, *found] for key, found in takers.items()}
    return takers


def _offered_page(
    sent: TakerForm | None = None, at: str = "", status: int = 200, no: NoForm | None = None
) -> ResponseReturnValue:
    rows = queries.list_offered(current_actor())
    takers = _takers({row.public_id: row.case_id for row in rows})
    forms = taker_forms(rows, takers, sent=sent, at=at)
    refusals = {row.public_id: no if no and row.public_id == at else NoForm(formdata=None) for row in rows}
    for public_id, form in refusals.items():
        form.reason.id = f"reason-{public_id}"
    return render_template("transfers/offered.html", forms=forms, refusals=refusals), status


@bp.post("/offered/<public_id>/accept")
@access(Permission.TRANSFER_ANSWER, audit=Audit.TRANSFER_ACCEPTED)
def accept(public_id: str) -> ResponseReturnValue:
    """Take a case over. Whoever takes it herself goes on in it (R-874)."""
    actor = current_actor()
    _transfer, case = queries.get_offered(actor, public_id)
    form = TakerForm()
    names = dict(_takers({public_id: case.id})[public_id])
    form.user.choices = list(names.items())
    is_own = actor.role in TEAM_ROLES and form.user.data == queries.own_name(actor)[0]
    then = case_url(case.public_id) if is_own else url_for(".offered")
    said = {"reference": case.reference if is_own else case.lead_reference, "name": names.get(form.user.data, "")}

    def act() -> None:
        service.accept(public_id, form.user.data, actor=actor, now=utc_now())

    if saved(form, act, then=then):
        return after_change(then, message=_("Case %(reference)s is your house's now. It is with %(name)s.", **said))
    return _offered_page(form, public_id, form.status)


@bp.post("/offered/<public_id>/decline")
@access(Permission.TRANSFER_ANSWER, audit=Audit.TRANSFER_DECLINED)
def decline(public_id: str) -> ResponseReturnValue:
    """Say no to a case."""
    form, actor = NoForm(), current_actor()
    queries.get_offered(actor, public_id)

    def act() -> None:
        service.decline(public_id, form.reason.data, actor=actor, now=utc_now())

    if saved(form, act, then=url_for(".offered")):
        return after_change(url_for(".offered"), message=_("You have said no to the case."))
    return _offered_page(at=public_id, status=form.status, no=form)
