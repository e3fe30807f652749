"""What may be done with a follow-up when, and what makes a form whole. No answer is an answer too (R-091)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.enums import Permission, Role
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint, InstrumentKey
from portal.core.states import FollowUpState as S
from portal.domain.followups import instruments_for
from portal.domain.instruments import Answers, get, is_complete
from portal.domain.workflow import Step

OPEN = frozenset({S.PLANNED, S.DUE, S.PARTLY_COMPLETED, S.EXPIRED})
UNASKED = frozenset({S.PLANNED, S.DUE})
ANSWERED = frozenset({S.COMPLETED, S.PARTLY_COMPLETED})
CODED = frozenset({S.DECLINED, S.UNREACHABLE, S.SKIPPED_UNSAFE})
# Nothing is owed any more: answered, or said honestly why not.
SETTLED = ANSWERED | CODED | {S.DIED}


class Action(StrEnum):
    FILL_IN = "fill_in"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    SKIPPED_UNSAFE = "skipped_unsafe"


_FILL = Permission.FOLLOW_UP_FILL
_NO_ANSWER = frozenset({S.PLANNED, S.DUE, S.EXPIRED})

# A follow-up that was not answered may still be, as long as its days have not run out: she may change her mind.
WORKFLOW: dict[Action, Step[S]] = {
    Action.FILL_IN: Step(OPEN | CODED, S.COMPLETED, _FILL, Audit.FOLLOW_UP_COMPLETED),
    Action.DECLINED: Step(_NO_ANSWER, S.DECLINED, _FILL, Audit.FOLLOW_UP_CODED),
    Action.UNREACHABLE: Step(_NO_ANSWER, S.UNREACHABLE, _FILL, Audit.FOLLOW_UP_CODED),
    Action.SKIPPED_UNSAFE: Step(_NO_ANSWER, S.SKIPPED_UNSAFE, _FILL, Audit.FOLLOW_UP_CODED),
}


def forms_for(kind: TrackKind, point: FollowUpPoint, role: Role) -> tuple[InstrumentKey, ...]:
    """The forms that somebody in this role asks: ITQ is for trained programme staff alone."""
    return instruments_for(kind, point, trained_staff=role is Role.PROGRAMME_WORKER)


def is_whole(key: InstrumentKey, answers: Answers) -> bool:
    """Whether a form counts as answered: every question, or in the worker's ratings any area that concerns her."""
    if key is InstrumentKey.DOMAIN_RATING:
        return bool(answers)
    return is_complete(get(key), answers)


def state_after(forms: Iterable[InstrumentKey], answers: Mapping[InstrumentKey, Answers]) -> S:
    """Completed when every form is whole, else partly completed."""
    return S.COMPLETED if all(is_whole(key, answers.get(key, {})) for key in forms) else S.PARTLY_COMPLETED
