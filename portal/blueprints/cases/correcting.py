"""A correction begins with the note that it corrects: its form is filled in, and what it is not asked stays (R-825)."""

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from portal.blueprints.cases.note_forms import NoteForm
from portal.core.clock import local_date, local_time
from portal.queries.notes import Before
from portal.web.filters import clock, day

# The form showed all that the note says: what is not ticked then was taken away.
WHOLE = "is_whole"


def note_form(before: Before | None, about: Sequence[str] = ()) -> NoteForm:
    """The form of a note: with what the one says that is corrected, or empty but for the children `about`."""
    if before is None:
        return NoteForm(data={"about": list(about)})
    if request.method == "GET":
        return NoteForm(data=_filled(before))
    if WHOLE in request.form:
        return NoteForm()
    return NoteForm(formdata=MultiDict({**_written(before), **request.form.to_dict(flat=False)}))


def moment(form: NoteForm, before: Before | None, now: Any) -> dict[str, Any]:
    """When it happened: where a correction says no other day and hour, to the second as the first note has it."""
    if before is None:
        return form.moment(now)
    said, was = [(one["happened_on"], one["happened_at"]) for one in (form.data, _filled(before))]
    if said in (was, (None, None)):
        return {}
    if form.happened_on.data is None:
        form.happened_on.data = local_date(before.happened_at)
    return form.moment(now)


def _filled(before: Before) -> dict[str, Any]:
    return {
        "text": before.text,
        "happened_on": local_date(before.happened_at),
        "happened_at": None if before.is_day_only else local_time(before.happened_at).replace(second=0, microsecond=0),
        "talk": before.talk,
        "took_part": list(before.took_part),
        "readers": before.readers,
        "course": before.course[0] if before.course else "",
        "themes": list(before.themes),
        "about": list(before.children),
        "was_spoken_with": before.was_spoken_with,
    }


def _written(before: Before) -> dict[str, list[str]]:
    """The same as a browser would send it; the text is always written anew."""
    typed = {
        "happened_on": day(local_date(before.happened_at)),
        "happened_at": "" if before.is_day_only else clock(before.happened_at),
        "talk": before.talk.value if before.talk else "",
        "readers": before.readers.value,
        "course": before.course[0] if before.course else "",
        "was_spoken_with": "y" if before.was_spoken_with else "",
    }
    several = {"took_part": before.took_part, "themes": before.themes, "about": before.children}
    return {name: [value] for name, value in typed.items() if value} | {
        name: list(values) for name, values in several.items() if values
    }
