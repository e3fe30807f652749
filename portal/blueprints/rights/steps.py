"""Each step of a request: a small form or a press."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.rights import bp, forms, view
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import rights as queries
from portal.services import erasure, rights
from portal.services import rights_second as second
from portal.web.access import access, current_actor
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _step(
    public_id: str,
    form: PortalForm,
    change: Callable[[Any, dict[str, Any]], object],
    message: str,
    then: str | None = None,
) -> ResponseReturnValue:
    """Load, change, answer: what all steps share. `change` is given the request, and who acts when."""
    actor = current_actor()
    request = queries.get(actor, public_id)
    then = then or view.here(public_id)
    if not saved(form, lambda: change(request, {"actor": actor, "now": utc_now()}), then=then):
        return view.page(public_id, form, form.status)
    return after_change(then, message=message)


@bp.post("/<public_id>/take")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_TAKEN)
def take(public_id: str) -> ResponseReturnValue:
    """Begin to answer."""

    form = forms.TakeForm()
    return _step(
        public_id,
        form,
        lambda request, given: rights.take(request, form.identity_check.data, **given),
        _("You work on it now."),
    )


@bp.post("/<public_id>/extend")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_EXTENDED)
def extend(public_id: str) -> ResponseReturnValue:
    """Give the answer two more months."""

    form = forms.ExtendForm()
    return _step(
        public_id,
        form,
        lambda request, given: rights.extend(request, form.reason.data, **given),
        _("The answer has two more months. Tell the person why."),
    )


@bp.post("/<public_id>/harm")
@access(Permission.RIGHTS_RUN, audit=Audit.HARM_ASSESSED)
def harm(public_id: str) -> ResponseReturnValue:
    """Write down what may come of handing a dossier out."""

    form = forms.HarmForm()
    return _step(
        public_id,
        form,
        lambda request, given: rights.assess_harm(request, form.harm.data, form.reason.data, **given),
        _("Saved."),
    )


@bp.post("/<public_id>/grant")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_GRANTED)
def grant(public_id: str) -> ResponseReturnValue:
    """Say yes."""

    form = forms.GrantForm()
    return _step(
        public_id,
        form,
        lambda request, given: rights.grant(request, form.reason.data, **given),
        _("Granted. Hand the answer over."),
    )


@bp.post("/<public_id>/refuse")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_REFUSED)
def refuse(public_id: str) -> ResponseReturnValue:
    """Say no."""

    form = forms.RefuseForm()
    return _step(
        public_id,
        form,
        lambda request, given: rights.refuse(request, form.ground.data, form.reason.data, **given),
        _("Refused. The letter is ready to be printed."),
    )


@bp.post("/<public_id>/close")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_CLOSED)
def close(public_id: str) -> ResponseReturnValue:
    """Say how the answer reached the person."""

    form = forms.CloseForm()
    return _step(
        public_id, form, lambda request, given: rights.close(request, form.delivery.data, **given), _("Answered.")
    )


@bp.post("/<public_id>/withdraw")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_WITHDRAWN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """The person takes it back."""

    form = forms.PressForm()
    return _step(public_id, form, lambda request, given: rights.withdraw(request, **given), _("Saved."))


@bp.post("/<public_id>/propose")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_PROPOSED, step_up=True)
def propose(public_id: str) -> ResponseReturnValue:
    """Ask the second person."""

    form = forms.PressForm()
    return _step(
        public_id,
        form,
        lambda request, given: second.propose(request, **given),
        _("A second person has been asked."),
    )


@bp.post("/<public_id>/recall")
@access(Permission.RIGHTS_RUN, audit=Audit.RIGHTS_RETURNED)
def recall(public_id: str) -> ResponseReturnValue:
    """Take it back from the second person."""
    form = forms.PressForm()
    return _step(public_id, form, lambda request, given: second.recall(request, **given), _("You work on it again."))


@bp.post("/<public_id>/return")
@access(Permission.RIGHTS_SECOND, audit=Audit.RIGHTS_RETURNED)
def send_back(public_id: str) -> ResponseReturnValue:
    """Say no as the second person. Who only seconds sees the request no more."""
    form = forms.ReturnForm()
    return _step(
        public_id,
        form,
        lambda request, given: second.send_back(request, form.reason.data, **given),
        _("Sent back."),
        then=view.after(current_actor(), public_id),
    )


@bp.post("/<public_id>/confirm")
@access(Permission.RIGHTS_SECOND, audit=Audit.RIGHTS_CONFIRMED, step_up=True)
def confirm(public_id: str) -> ResponseReturnValue:
    """Say yes as the second person: a dossier is released, an erasure is done."""
    actor = current_actor()
    request = queries.get(actor, public_id)
    with transaction(then=view.after(actor, public_id)):
        second.confirm(request, actor=actor, now=utc_now())
    return after_change(view.after(actor, public_id), message=_("Confirmed."))


@bp.post("/<public_id>/verify")
@access(Permission.RIGHTS_RUN, audit=Audit.ERASURE_VERIFIED)
def verify(public_id: str) -> ResponseReturnValue:
    """Look once more whether anything of an erased woman is left."""
    actor = current_actor()
    request = queries.get(actor, public_id)
    proof = queries.find_erasure(erasure.subject_hash(request.case))
    left = 0
    with transaction(then=view.here(public_id)):
        if proof is not None:
            left = erasure.verify(proof, request.case, actor=actor, now=utc_now())
    return after_change(view.here(public_id), message=_("%(num)d values were found.", num=left))
