"""The work list: what is open, and what was done in its time or late."""

from datetime import date

from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState
from portal.demo.national.staff import Term
from portal.demo.national.world import World, WrittenCase
from portal.demo.national.writer import Writer
from portal.models.deadlines import Deadline


class Days:
    """Puts things on the work list under the keys that the portal gives them."""

    def __init__(self, world: World) -> None:
        self._world, self._writer = world, Writer(Deadline)

    def of_case(
        self,
        kind: DeadlineKind,
        case: WrittenCase,
        *,
        since: date,
        due: date,
        subject: tuple[SubjectType, str] | None = None,
        done: date | None = None,
        worker: Term | None = None,
    ) -> None:
        """Something about a case for its contact person; done on a day, called off as it was closed, or open."""
        kind_of, public_id = subject or (SubjectType.CASE, case.public_id)
        who = worker or case.worker(self._world.today if done is None else done)
        state = DeadlineState.DONE if done else DeadlineState.CANCELLED if case.is_closed else DeadlineState.OPEN
        ended = done or (case.episode.closed if case.is_closed else None)
        self._put(kind, kind_of, public_id, due, since, who.organisation_id, who.user_id, None, case, state, ended)

    def of_request(
        self, public_id: str, *, since: date, due: date, organisation_id: int, done: tuple[date, int] | None
    ) -> None:
        """An answer that a receiver owes; without the case, which is not hers yet."""
        state = DeadlineState.DONE if done else DeadlineState.OPEN
        kind, kind_of = DeadlineKind.REFERRAL_ANSWER, SubjectType.REQUEST
        day, who = done or (None, None)
        role = None if done else Role.INTAKE
        self._put(kind, kind_of, public_id, due, since, organisation_id, who, role, None, state, day)

    def _put(
        self,
        kind: DeadlineKind,
        kind_of: SubjectType,
        public_id: str,
        due: date,
        since: date,
        organisation_id: int,
        owner_id: int | None,
        queue_role: Role | None,
        case: WrittenCase | None,
        state: DeadlineState,
        ended: date | None,
    ) -> None:
        self._writer.add(
            {
                "source_key": f"{kind.value}:{public_id}",
                "kind": kind,
                "state": state,
                "organisation_id": organisation_id,
                "owner_id": owner_id,
                "queue_role": queue_role.value if queue_role else None,
                "case_id": case.id if case else None,
                "subject_type": kind_of,
                "subject_public_id": public_id,
                "due_on": due,
                "created_at": self._world.moment(since),
                "done_at": self._world.moment(ended) if ended else None,
                "done_by_id": owner_id if state is DeadlineState.DONE else None,
            }
        )

    def flush(self) -> None:
        """Write the last ones."""
        self._writer.flush()
