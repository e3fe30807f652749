"""Which of her children something is about: check boxes in a form, and what they mean."""

from typing import Any

from flask_babel import gettext as _

from portal.core.clock import local_date, utc_now
from portal.core.errors import Invalid
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import children
from portal.queries.children import ChildFacts
from portal.web.children import child_age, child_name


def offer_children(case: Any, seen: Lens, *forms: Any) -> dict[str, tuple[Any, ChildFacts]]:
    """Let the forms choose among her children; none where they are closed to the reader. Returns them by public id."""
    rows = children.list_children(case) if seen.shows(FieldGroup.CHILD_IDENTITY) else []
    today = local_date(utc_now())
    found = {row.public_id: (row, children.facts(row, seen, opened_at=case.opened_at, today=today)) for row in rows}
    for form in forms:
        form.about.choices = [
            (key, f"{child_name(facts)} ({child_age(facts)})") for key, (_row, facts) in found.items()
        ]
    return found


def chosen(form: Any, offered: dict[str, tuple[Any, ChildFacts]]) -> list[Any]:
    """The children that were ticked."""
    return [offered[key][0] for key in dict.fromkeys(form.about.data or ()) if key in offered]


def about_children(form: Any, offered: dict[str, tuple[Any, ChildFacts]]) -> dict[str, Any]:
    """What a note or a contact says of them. Raises Invalid where a talk is ticked and no child."""
    about = chosen(form, offered)
    if form.was_spoken_with.data and not about:
        raise Invalid(_("Tick which child you spoke with."), field="about")
    return {"about": about, "was_spoken_with": form.was_spoken_with.data}
