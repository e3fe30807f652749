"""The figures on the statutory counselling: everybody who moved out stands in exactly one row of each part (R-675)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from types import MappingProxyType

from portal.core.courses import CounsellingEnd
from portal.core.states import CounsellingState as S

ACCEPTED = frozenset({S.ACCEPTED, S.STARTED, S.ENDED})
# Days from the day she left to the start; she may have begun before.
START_BANDS: tuple[tuple[str, int | None, int | None], ...] = (
    ("start_before", None, 0),
    ("start_7", 1, 7),
    ("start_30", 8, 30),
    ("start_91", 31, 91),
    ("start_more", 92, None),
)
# Days from the start to the end, or to today.
LENGTH_BANDS: tuple[tuple[str, int | None, int | None], ...] = (
    ("length_30", None, 30),
    ("length_91", 31, 91),
    ("length_183", 92, 183),
    ("length_366", 184, 366),
    ("length_more", 367, None),
)


@dataclass(frozen=True, slots=True)
class Move:
    """One woman who left once, and what became of the counselling."""

    key: int
    left_on: date
    state: S
    started_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of figures that sum up to `of`, which is a figure itself."""

    key: str
    of: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How many there are of each, and the two medians in days; none where there is nobody to take them of."""

    counts: Mapping[str, int]
    median_start: float | None
    median_length: float | None


Which = Callable[[Move, date], bool]


def days_to_start(move: Move) -> int | None:
    """Days from the day she left until the counselling began; below zero when it began before."""
    return None if move.started_on is None else (move.started_on - move.left_on).days


def days_of_length(move: Move, today: date) -> int | None:
    """For how many days it has run; none where it never began."""
    return None if move.started_on is None else ((move.ended_on or today) - move.started_on).days


def _is(*states: S) -> Which:
    return lambda move, _today: move.state in states


def _started(move: Move, _today: date) -> bool:
    return move.state in (S.STARTED, S.ENDED)


def _within(days: int | None, low: int | None, high: int | None) -> bool:
    return days is not None and (low is None or days >= low) and (high is None or days <= high)


def _start_in(low: int | None, high: int | None) -> Which:
    return lambda move, today: _started(move, today) and _within(days_to_start(move), low, high)


def _length_in(low: int | None, high: int | None) -> Which:
    return lambda move, today: _started(move, today) and _within(days_of_length(move, today), low, high)


def _ended_by(reason: str) -> Which:
    return lambda move, _today: move.state is S.ENDED and (move.end_reason or CounsellingEnd.OTHER.value) == reason


FIGURES: Mapping[str, Which] = MappingProxyType(
    {
        "moved_out": lambda _move, _today: True,
        "not_offered": _is(S.NOT_OFFERED),
        "offered": lambda move, _today: move.state is not S.NOT_OFFERED,
        "waiting": _is(S.OFFERED),
        "accepted": _is(*ACCEPTED),
        "declined": _is(S.DECLINED),
        "later": _is(S.LATER),
        "not_reached": _is(S.NO_ANSWER),
        "not_started": _is(S.ACCEPTED),
        "started": _started,
        **{key: _start_in(low, high) for key, low, high in START_BANDS},
        **{key: _length_in(low, high) for key, low, high in LENGTH_BANDS},
        "running": _is(S.STARTED),
        **{f"ended_{reason.value}": _ended_by(reason.value) for reason in CounsellingEnd},
    }
)
PARTS = (
    Part("offer", "moved_out", ("offered", "not_offered")),
    Part("answer", "offered", ("accepted", "declined", "later", "not_reached", "waiting")),
    Part("start", "accepted", (*(key for key, _low, _high in START_BANDS), "not_started")),
    Part("length", "started", tuple(key for key, _low, _high in LENGTH_BANDS)),
    Part("end", "started", ("running", *(f"ended_{reason.value}" for reason in CounsellingEnd))),
)


def report(moves: Sequence[Move], *, today: date) -> Report:
    """Every figure over these women (R-675)."""
    counts = {key: sum(which(move, today) for move in moves) for key, which in FIGURES.items()}
    begun = [move for move in moves if _started(move, today)]
    return Report(
        counts,
        _median(days_to_start(move) for move in begun),
        _median(days_of_length(move, today) for move in begun),
    )


def keys_of(moves: Iterable[Move], figure: str, *, today: date) -> list[int]:
    """Who stands behind a figure. Raises KeyError for one that is not there."""
    which = FIGURES[figure]
    return [move.key for move in moves if which(move, today)]


def _median(days: Iterable[int | None]) -> float | None:
    known = [value for value in days if value is not None]
    return float(median(known)) if known else None
