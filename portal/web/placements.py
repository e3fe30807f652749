"""Asking before a placement: what was refused goes from the answer to the button, signed, and to nobody else."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.safety import PlacementPath
from portal.domain.apart import AskFirst, Placement
from portal.web.fields import PortalForm

# The answer may stay open for a working day.
SECONDS = 12 * 60 * 60
# Beside which field of a form the answer stands: who is chosen there. Where there is none, above the form.
CHOSEN = ("enrolment", "volunteer", "architect", "worker", "user")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="placement")


def sign(placement: Placement, actor: Actor) -> str:
    """The placement that was refused, for this actor alone."""
    return str(_signer().dumps([actor.user_id, placement.path.value, placement.where, placement.whom]))


def refuse(form: PortalForm, refusal: AskFirst, actor: Actor) -> None:
    """Put the answer beside whoever is chosen in the form, with the button that asks. What was typed stays."""
    beside = next((form[name] for name in CHOSEN if name in form), None)
    if beside is None:
        form.form_errors.append(str(refusal))
    else:
        beside.errors = [*beside.errors, str(refusal)]
    form.placement = sign(refusal.placement, actor)


def read(text: str, actor: Actor) -> Placement:
    """The placement behind such a text. Raises NotFound for one that is somebody else's, too old or not ours."""
    try:
        user_id, path, where, whom = _signer().loads(text, max_age=SECONDS)
    except (BadSignature, ValueError) as wrong:
        raise NotFound from wrong
    if user_id != actor.user_id:
        raise NotFound
    return Placement(PlacementPath(path), where, whom)
