"""What all pages within a case share: the way back, the form, and through what the reader sees it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.errors import Forbidden
from portal.domain.cases import Lens, lens
from portal.domain.disclosure import FieldGroup
from portal.queries.case_lens import circumstances
from portal.queries.visibility import relation_of
from portal.web.fields import PortalForm
from portal.web.htmx import page_or_part

PAGE, PART = "cases/form.html", "cases/_form.html"


def form_page(
    form: PortalForm,
    heading: object,
    fields: Sequence[tuple[str, object | None, bool]],
    *,
    button: object,
    back: str,
    status: int = 200,
    intro: object | None = None,
    action: str | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """A page with one form. `fields`: name, hint, whether it may be left empty."""
    shown = [(form[name], hint, is_optional) for name, hint, is_optional in fields]
    return page_or_part(
        PAGE,
        PART,
        status,
        form=form,
        heading=heading,
        shown=shown,
        button=button,
        back=back,
        intro=intro,
        action=action,
        **more,
    )


def case_url(public_id: str) -> str:
    """The page of a case."""
    return url_for("cases.detail", public_id=public_id)


def log_url(public_id: str) -> str:
    """Where it is said in two taps that somebody was reached: at the first answer, which has the focus (R-794)."""
    return url_for("cases.journal", public_id=public_id, _anchor="result-0")


def lens_of(actor: Actor, case: Any) -> Lens:
    """Through what the reader sees this case."""
    given = circumstances(actor, case, case.client, now=utc_now(), has_follow_up=False)
    is_owner = case.owner_organisation_id == actor.organisation_id
    return lens(relation_of(actor), actor.role, is_owner=is_owner, case=given)


def must_show(actor: Actor, case: Any, group: FieldGroup) -> Lens:
    """Raise Forbidden unless the reader sees, or may ask to see, this group of fields of the case."""
    seen = lens_of(actor, case)
    if not (seen.shows(group) or seen.may_reveal(group)):
        raise Forbidden
    return seen


def must_have_whole(actor: Actor, case: Any) -> Lens:
    """Raise Forbidden for somebody who works with a part of the case alone: the municipality in another's (R-113)."""
    seen = lens_of(actor, case)
    if not seen.sees_all_tracks:
        raise Forbidden
    return seen
