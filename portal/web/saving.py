"""From a form to a change that is saved, or back to the form with a refusal beside the field."""

from collections.abc import Callable

from portal.core.errors import Invalid, Stale
from portal.domain.apart import AskFirst
from portal.domain.safe_contact import Unsafe
from portal.web import placements, safe_contact
from portal.web.access import current_actor
from portal.web.fields import PortalForm
from portal.web.submissions import transaction
from portal.web.versions import VersionedForm


def saved(form: PortalForm, action: Callable[[], object], *, then: str) -> bool:
    """Whether the form was in order and its change has been saved. Otherwise `form.status` says how to answer.

    A refusal by the rules stands in the form then, and so does that somebody is to be asked first (R-754). Raises
    Stale for a form that carries no version.
    """
    if not form.validate_on_submit():
        return False
    try:
        with transaction(then=then):
            action()
    except Invalid as refusal:
        refused(form, refusal)
        return False
    except AskFirst as wait:
        placements.refuse(form, wait, current_actor())
        return False
    except Stale as late:
        if not isinstance(form, VersionedForm):
            raise
        form.refuse(late)
        return False
    return True


def refused(form: PortalForm, refusal: Invalid) -> None:
    """Put a refusal beside its field. What was not safe to send to her is put on the work list as well (R-767)."""
    form.refuse(refusal)
    if isinstance(refusal, Unsafe):
        safe_contact.stop(refusal)
