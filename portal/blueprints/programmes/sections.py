"""The sections of a draft: what each form shows of it, and what it changes in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.blueprints.programmes import build_forms as forms
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import ReferralSource, TrackKind
from portal.core.measures import FollowUpPoint
from portal.core.programmes import PointFrom, SpanUnit
from portal.domain.followups import MONTHS_AFTER
from portal.domain.programme_drafts import DURATION, MEETINGS

Content = Mapping[str, Any]
Rows = dict[str, list[dict[str, Any]]]
# Empty rows that stand ready below those that are filled in.
SPARE = 4
LETTER = {SpanUnit.WEEKS: "w", SpanUnit.MONTHS: "m"}
UNIT = {letter: unit for unit, letter in LETTER.items()}


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the draft. `make` takes the content and how many empty rows; `part` reads what was sent."""

    key: str
    title: object
    make: Callable[..., Any]
    part: Callable[[Any], tuple[Rows, dict[str, Any]]]


def _about(content: Content, _spare: int, **options: Any) -> Any:
    # A version from before the question says nothing of it, and takes referrals from everybody.
    return forms.AboutForm(data={"sources": [*ReferralSource], **content}, **options)


def _about_part(form: Any) -> tuple[Rows, dict[str, Any]]:
    texts = {name: form[name].data or "" for name in ("name_da", "name_en", "summary_da", "summary_en")}
    several = {name: form[name].data or [] for name in ("eligibility", "sources")}
    return {}, texts | several | {"kind": str(form.kind.data)}


def _criteria(content: Content, spare: int, **options: Any) -> Any:
    criteria, talks = content.get("criteria", ()), content.get("step", ())
    lists = {
        "c": (len(criteria) + spare, forms.criterion_fields),
        "t": (len(talks) + max(spare // 2, 1), forms.talk_fields),
    }
    data = {f"c{number}_kept": True for number in range(len(criteria), len(criteria) + spare)}
    data |= forms.row_data("c", ({**row, "kept": row.get("is_kept", True)} for row in criteria))
    return forms.with_rows(forms.RowsForm, lists)(data=data | forms.row_data("t", talks), **options)


def _criteria_part(form: Any) -> tuple[Rows, dict[str, Any]]:
    criteria = [_texts(row) | {"is_kept": bool(row["kept"])} for row in form.rows("c") if row["da"] or row["en"]]
    talks = [_texts(row) for row in form.rows("t") if row["da"] or row["en"]]
    return {"criteria": criteria, "step": talks}, {}


def _texts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": row["key"] or "", "da": row["da"] or "", "en": row["en"] or ""}


def _places(content: Content, _spare: int, **options: Any) -> Any:
    return forms.PlacesForm(data=dict(content), **options)


def _places_part(form: Any) -> tuple[Rows, dict[str, Any]]:
    numbers = ("capacity", "places_per_round", "recontact_days", "offer_weekdays")
    return {}, {name: form[name].data for name in numbers} | {"waiting_order": str(form.waiting_order.data)}


def _course(content: Content, spare: int, **options: Any) -> Any:
    facts, points = content.get("facts", {}), content.get("follow_up", ())
    rows = [_point(point) for point in points if point not in tuple(PointFrom)]
    unit = next((unit for unit, (name, _high) in DURATION.items() if facts.get(name)), SpanUnit.WEEKS)
    data = {
        "length": facts.get(DURATION[unit][0]),
        "length_unit": unit,
        "points": [point for point in points if point in tuple(PointFrom)],
        **forms.row_data("p", rows),
    }
    is_group = content.get("kind") == TrackKind.GROUP
    if is_group:
        data |= {name: facts.get(name) for name in MEETINGS}
        data |= {"session_step_days": str(facts.get("session_step_days") or "")}
        data |= {"themes": "\n".join(facts.get("themes", ()))}
    base = forms.GroupCourseForm if is_group else forms.CourseForm
    made = forms.with_rows(base, {"p": (len(rows) + max(spare // 2, 1), forms.point_fields)})
    return made(data=data, **options)


def _point(text: str) -> dict[str, Any]:
    """A point of the plan as a row: "start+6w" is six weeks after the start, "after_3" three months after the end."""
    start, plus, span = text.partition("+")
    if not plus:
        start, span = PointFrom.END, f"{MONTHS_AFTER[FollowUpPoint(text)]}m"
    return {"amount": int(span[:-1]), "unit": UNIT[span[-1]], "start": PointFrom(start)}


def _course_part(form: Any) -> tuple[Rows, dict[str, Any]]:
    rows = [row for row in form.rows("p") if row["amount"]]
    for row in rows:
        if not row["unit"] or not row["start"]:
            raise Invalid(_("Say of each follow-up what it is counted in, and from when."))
    points = [f"{row['start']}+{row['amount']}{LETTER[row['unit']]}" for row in rows]
    unit = form.length_unit.data or SpanUnit.WEEKS
    facts: dict[str, Any] = {DURATION[unit][0]: form.length.data} if form.length.data else {}
    if isinstance(form, forms.GroupCourseForm):
        facts |= _meetings(form)
    return {}, {"facts": facts, "follow_up": [*(form.points.data or ()), *points]}


def _meetings(form: Any) -> dict[str, Any]:
    """How a group meets, as its rounds are planned by it; what is not said is left out."""
    said: dict[str, Any] = {name: form[name].data for name in MEETINGS if form[name].data}
    if form.session_step_days.data:
        said["session_step_days"] = int(form.session_step_days.data)
    themes = [line.strip() for line in (form.themes.data or "").splitlines() if line.strip()]
    return said | {"themes": themes} if themes else said


def _clocks(content: Content, spare: int, **options: Any) -> Any:
    clocks = content.get("clock", ())
    made = forms.with_rows(forms.ClocksForm, {"k": (len(clocks) + max(spare // 2, 1), forms.clock_fields)})
    return made(data=dict(content) | forms.row_data("k", clocks), **options)


def _clocks_part(form: Any) -> tuple[Rows, dict[str, Any]]:
    clocks = []
    for row in form.rows("k"):
        if row["da"] or row["en"]:
            if not row["amount"]:
                raise Invalid(_("Say of each deadline how long it is."))
            codes = {name: str(row[name]) for name in ("unit", "start", "who")}
            clocks.append(_texts(row) | codes | {"amount": row["amount"]})
    return {"clock": clocks}, {name: form[name].data for name in ("answer_weekdays", "first_contact_days")}


def _sharing(content: Content, _spare: int, **options: Any) -> Any:
    return forms.SharingForm(data=dict(content), **options)


def _sharing_part(form: Any) -> tuple[Rows, dict[str, Any]]:
    return {}, {"hidden": form.hidden.data or []}


SECTIONS = (
    Section("about", _("What it is"), _about, _about_part),
    Section("criteria", _("Criteria and talks"), _criteria, _criteria_part),
    Section("places", _("Places and waiting list"), _places, _places_part),
    Section("course", _("Length and follow-up"), _course, _course_part),
    Section("clocks", _("Deadlines"), _clocks, _clocks_part),
    Section("sharing", _("Who sees what"), _sharing, _sharing_part),
)
BY_KEY = {section.key: section for section in SECTIONS}
# The order in which they stand on the page: the form has pages of its own.
ORDER = ("about", "criteria", "questions", "places", "course", "clocks", "sharing")
TITLES: Mapping[str, object] = {section.key: section.title for section in SECTIONS} | {"questions": _("The form")}
