"""Who can be late at the parts of a programme that two leads make."""

from typing import Any

from portal.blueprints.programmes.sections import SPARE
from portal.core.kinds import TrackKind
from tests.factories.editing import Editing
from tests.factories.programmes import make_draft_programme, make_lead

Texts = dict[str, Any]


def _part(part: str, first: Texts, second: Texts, saved: str | list[str], **content: Any) -> Editing:
    lead = make_lead()
    page = f"/programmes/own/{make_draft_programme(lead, **content).public_id}/{part}"
    # As many empty rows as the page begins with.
    action = page if part.startswith("questions") else f"{page}?rows={SPARE}"
    return Editing(lead, page, action, first, second, saved)


def programme_about() -> Editing:
    given = {"name_da": "Mentor", "kind": "course"}
    return _part("about", given | {"summary_da": "Først"}, given | {"summary_da": "Sidst"}, "Først")


def programme_criteria() -> Editing:
    one = {"key": "c1", "da": "Hun ønsker det selv", "en": "She wants it herself", "is_kept": True}
    given = {"c0_en": "She wants it herself"} | {f"c{number}_kept": "y" for number in range(SPARE + 1)}
    return _part("criteria", given | {"c0_da": "Først"}, given | {"c0_da": "Sidst"}, "Først", criteria=[one])


def programme_places() -> Editing:
    given = {"waiting_order": "leaving_date"}
    return _part("places", given | {"capacity": "9"}, given | {"capacity": "10"}, "9")


def programme_course() -> Editing:
    given = {"length_unit": "weeks"}
    return _part("course", given | {"length": "13"}, given | {"length": "14"}, "13")


def programme_group() -> Editing:
    given = {"length_unit": "weeks", "length": "12"}
    first, second = given | {"sessions": "8"}, given | {"sessions": "9"}
    return _part("course", first, second, "8", kind=TrackKind.GROUP)


def programme_clocks() -> Editing:
    return _part("clocks", {"answer_weekdays": "2"}, {"answer_weekdays": "3"}, "2")


def programme_sharing() -> Editing:
    return _part("sharing", {"hidden": ["child_count_band"]}, {"hidden": []}, "Børnenes antal og alder")


def programme_question() -> Editing:
    given = {"type": "text"}
    return _part("questions/q8", given | {"da": "Først"}, given | {"da": "Sidst"}, "Først")


FORMS = [
    programme_about, programme_criteria, programme_places, programme_course, programme_group, programme_clocks,
    programme_sharing, programme_question,
]  # fmt: skip
