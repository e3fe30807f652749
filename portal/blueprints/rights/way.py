"""The way of a request from asking to handing over: what is done, what is next, and what to do for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.i18n import _
from portal.core.rights import RightsKind, RightsState

# Ended without an answer that is handed over.
ENDED = (RightsState.REFUSED, RightsState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step: its name, what to do while it is next, and whether it is done: the moment, where it is known."""

    label: object
    hint: object
    done: Callable[[Any, Any], datetime | bool | None]


def _built_at(_request: Any, export: Any) -> datetime | None:
    """A file that was thrown away unfetched must be put together anew."""
    return export.built_at if export and (export.fetched_at or not export.deleted_at) else None


TAKEN = Milestone(
    _("Make sure who asks"),
    _("Make sure who asks, and begin to answer."),
    lambda request, _export: request.taken_at,
)
HARM = Milestone(
    _("Texts and harm"),
    _("Look through the child's texts, and assess what may come of handing them out."),
    lambda request, _export: request.harm is not None,
)
SECOND = Milestone(
    _("A second person"),
    _("Ask a second person. What stands in the way is said further down. She says yes, or sends it back."),
    lambda request, _export: request.seconded_at,
)
BUILT = Milestone(
    _("Put the file together"),
    _("Put the file together. It is sealed until somebody fetches it."),
    _built_at,
)
FETCHED = Milestone(
    _("Fetch the file"),
    _("Fetch the file, once, and read it through before it is handed over. Then open this page again."),
    lambda _request, export: export.fetched_at if export else None,
)
GRANTED = Milestone(
    _("Grant it"),
    _("Grant the request. With that it is decided; nobody is told of it by the portal."),
    lambda request, _export: request.decided_at,
)
HANDED_OVER = Milestone(
    _("Hand it over"),
    _("Hand the answer over in person or by Digital Post, and write down here how."),
    lambda request, _export: request.closed_at,
)
ERASED = Milestone(
    _("Erased"), _("It is erased when the second person says yes."), lambda request, _export: request.closed_at
)
_OTHERS = (TAKEN, GRANTED, HANDED_OVER)
WAYS: Mapping[RightsKind, Sequence[Milestone]] = {
    RightsKind.ACCESS: (TAKEN, BUILT, FETCHED, GRANTED, HANDED_OVER),
    RightsKind.CHILD_DOSSIER: (TAKEN, HARM, SECOND, BUILT, FETCHED, HANDED_OVER),
    RightsKind.ERASURE: (TAKEN, SECOND, ERASED),
    RightsKind.RECTIFICATION: _OTHERS,
    RightsKind.RESTRICTION: _OTHERS,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step as the page shows it. `state` is done, current or todo."""

    label: object
    hint: object
    state: str
    done_at: datetime | None


def way(request: Any, export: Any) -> list[Stretch]:
    """The steps in their order; the first that is not done is the current one. None where the request ended early."""
    if request.state in ENDED:
        return []
    found: list[Stretch] = []
    is_ahead = request.closed_at is not None
    for one in WAYS[request.kind]:
        done = one.done(request, export)
        state = "done" if done else "todo" if is_ahead else "current"
        is_ahead = is_ahead or not done
        found.append(Stretch(one.label, one.hint, state, done if isinstance(done, datetime) else None))
    return found
