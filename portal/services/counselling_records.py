"""Which counselling counts: one for each time that she moves out, put on record when she comes and when she leaves."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date
from portal.core.courses import CounsellingEnd
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import MunicipalityDuty, SubjectType
from portal.core.states import CounsellingState
from portal.db import db
from portal.domain.counselling import look_on, planned_end
from portal.models.cases import Case, TeamMember
from portal.models.counselling import CoordinatingCounselling
from portal.models.enrolments import Enrolment
from portal.models.stays import Stay
from portal.models.users import Membership
from portal.queries.municipalities import code_on
from portal.services import audit, deadlines

# What waits for the offer, and is off the work list once it has been made.
WAITING_FOR_OFFER = (
    DeadlineKind.COUNSELLING_OFFER,
    DeadlineKind.COUNSELLING_MISSED,
    DeadlineKind.COUNSELLING_MISSED_LEAD,
)


def ensure(case_id: int) -> CoordinatingCounselling:
    """The counselling of a case that counts now, made when none is on record yet: every woman has one (R-322)."""
    db.session.execute(
        insert(CoordinatingCounselling)
        .values(
            public_id=new_public_id(),
            case_id=case_id,
            is_current=True,
            has_interpreter=False,
            attempts=0,
            state=CounsellingState.NOT_OFFERED,
            areas=[],
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["case_id"], index_where=sa.text("is_current"))
    )
    current = CoordinatingCounselling.is_current
    return db.session.scalars(
        sa.select(CoordinatingCounselling).where(CoordinatingCounselling.case_id == case_id, current)
    ).one()


def note_admission(case: Case, stay: Stay, *, actor: Actor, now: datetime) -> None:
    """Put the counselling on record at admission, and its offer on the work list once the move is planned (R-322).

    A woman who comes back gets a new one; what was before stays as it was, and what still ran has ended (R-670).
    """
    former = ensure(case.id)
    if former.left_on is not None or former.state is CounsellingState.ENDED:
        _leave_behind(former, stay, actor=actor, now=now)
        former = ensure(case.id)
    former.stay_id = stay.id
    note_plan(case, actor=actor, now=now)


def _leave_behind(former: CoordinatingCounselling, stay: Stay, *, actor: Actor, now: datetime) -> None:
    former.is_current = False
    if former.state is CounsellingState.STARTED:
        former.state, former.end_reason = CounsellingState.ENDED, CounsellingEnd.RETURNED.value
        former.ended_on = max(stay.admitted_on, former.started_on or stay.admitted_on)
        audit.record_about(Audit.COUNSELLING_ENDED, former, actor=actor, now=now, reason=former.end_reason)
    # What other authorities have promised her stands as it stood.
    for kind in (*WAITING_FOR_OFFER, DeadlineKind.COUNSELLING_ASK_AGAIN, DeadlineKind.COUNSELLING_END):
        deadlines.call_off(former.public_id, kind=kind, actor=actor, now=now)
    db.session.flush()


def note_plan(case: Case, *, actor: Actor, now: datetime) -> None:
    """The offer must be made by the day she moves: put it on the work list, or move it along with the plan (R-322)."""
    counselling = ensure(case.id)
    due = _planned(case, counselling) or counselling.left_on
    if counselling.state is CounsellingState.NOT_OFFERED and due is not None:
        _ask_for_offer(counselling, case, due, now)
    db.session.flush()


def _planned(case: Case, counselling: CoordinatingCounselling) -> date | None:
    """When she plans to move, unless that was the plan of an earlier stay."""
    if case.planned_move_on is None or counselling.stay_id is None:
        return case.planned_move_on
    admitted_on = db.session.get_one(Stay, counselling.stay_id).admitted_on
    return case.planned_move_on if case.planned_move_on >= admitted_on else None


def note_left(case: Case, left_on: date, *, actor: Actor, now: datetime) -> None:
    """She has left the centre or moved: the day is kept with whoever was responsible then, and the offer is due.

    The earliest of the two days counts (R-670).
    """
    counselling = ensure(case.id)
    counselling.left_on = left_on
    counselling.municipality_code = code_on(case, MunicipalityDuty.RESPONSIBLE, left_on)
    if counselling.state is CounsellingState.NOT_OFFERED:
        _ask_for_offer(counselling, case, left_on, now)
    if counselling.planned_end_on is None:
        plan_end(counselling, actor=actor, now=now)
    db.session.flush()


def correct_left(case: Case, stay: Stay, *, actor: Actor, now: datetime) -> None:
    """The day of an ended stay was corrected: the counselling of that time is counted from the right one (R-763)."""
    row = db.session.scalar(sa.select(CoordinatingCounselling).where(CoordinatingCounselling.stay_id == stay.id))
    if row is None or row.left_on is None or stay.discharged_on is None:
        return
    is_after = case.moved_on is not None and case.moved_on >= stay.admitted_on
    left_on = min(stay.discharged_on, case.moved_on or stay.discharged_on) if is_after else stay.discharged_on
    if row.is_current:
        note_left(case, left_on, actor=actor, now=now)
        return
    row.left_on = left_on
    row.municipality_code = code_on(case, MunicipalityDuty.RESPONSIBLE, left_on)
    db.session.flush()


def note_move(case_id: int, moved_on: date, *, actor: Actor, now: datetime) -> None:
    """She has moved: six months count from now, and an offer that was never made is due (R-320)."""
    counselling, case = ensure(case_id), db.session.get_one(Case, case_id)
    stay = db.session.get(Stay, counselling.stay_id) if counselling.stay_id else None
    ended = stay.discharged_on if stay else None
    note_left(case, min(moved_on, ended or moved_on), actor=actor, now=now)
    if counselling.state is not CounsellingState.ENDED and counselling.extension_approved_by_id is None:
        counselling.planned_end_on = planned_end(moved_on)
        plan_end(counselling, actor=actor, now=now)
    db.session.flush()


def note_municipality(case: Case) -> None:
    """Who was responsible has been set or corrected: each counselling is counted with who was on its day."""
    left = CoordinatingCounselling.left_on.is_not(None)
    for row in db.session.scalars(
        sa.select(CoordinatingCounselling).where(CoordinatingCounselling.case_id == case.id, left)
    ):
        row.municipality_code = code_on(case, MunicipalityDuty.RESPONSIBLE, row.left_on)
    db.session.flush()


def _ask_for_offer(counselling: CoordinatingCounselling, case: Case, due: date, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.COUNSELLING_OFFER,
        SubjectType.COUNSELLING,
        counselling.public_id,
        due_on=due,
        organisation_id=case.owner_organisation_id,
        owner_id=_primary(case.id),
        case_id=case.id,
        now=now,
    )


def plan_end(counselling: CoordinatingCounselling, *, actor: Actor, now: datetime) -> None:
    """Put the end of a running counselling on the work list of whoever gives it, at her house.

    Without a move it has no end yet: then the day on which somebody sees whether she has moved (R-870).
    """
    if counselling.state is not CounsellingState.STARTED or counselling.started_on is None:
        return
    case = db.session.get_one(Case, counselling.case_id)
    given = db.session.execute(
        sa.select(Enrolment.worker_id, Enrolment.organisation_id).where(Enrolment.id == counselling.enrolment_id)
    ).one_or_none()
    # Whoever plans her move at the centre gives no counselling: without a course it is the adviser's.
    owner_id, house_id = given or worker_of(case.id) or (actor.user_id, actor.organisation_id)
    deadlines.put_up(
        DeadlineKind.COUNSELLING_END,
        SubjectType.COUNSELLING,
        counselling.public_id,
        due_on=counselling.planned_end_on or look_on(counselling.left_on, counselling.started_on),
        owner_id=owner_id,
        case_id=case.id,
        organisation_id=house_id or case.owner_organisation_id,
        now=now,
    )


def _primary(case_id: int) -> int | None:
    return db.session.scalar(
        sa.select(TeamMember.user_id).where(
            TeamMember.case_id == case_id, TeamMember.is_primary, TeamMember.ended_at.is_(None)
        )
    )


def worker_of(case_id: int) -> tuple[int, int] | None:
    """Who answers for the counselling of a case, and where: an adviser of the municipality, else the one to ask.

    None where nobody works on the case.
    """
    is_adviser = Membership.role == Role.MUNICIPAL_ADVISER
    row = db.session.execute(
        sa.select(TeamMember.user_id, TeamMember.organisation_id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), Membership.is_live)
        .order_by(is_adviser.desc(), TeamMember.is_primary.desc(), TeamMember.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.user_id, row.organisation_id)


def raise_missed(counselling_id: int, *, actor: Actor, now: datetime) -> bool:
    """She has left and nothing was offered: once per move it stands with whoever answers for it (R-672).

    A weekday later it stands with her lead too, if it is still so. Whether anything was put up.
    """
    row = db.session.get_one(CoordinatingCounselling, counselling_id, with_for_update=True)
    today = local_date(now)
    if row.left_on is None or not row.is_current or row.state is not CounsellingState.NOT_OFFERED:
        return False
    if row.missed_on is None:
        row.missed_on = today
        kind, is_for_lead = DeadlineKind.COUNSELLING_MISSED, False
        audit.record_about(Audit.COUNSELLING_MISSED, row, actor=actor, now=now)
    elif row.missed_lead_on is None and today >= add_weekdays(row.missed_on, 1):
        row.missed_lead_on = today
        kind, is_for_lead = DeadlineKind.COUNSELLING_MISSED_LEAD, True
    else:
        return False
    _put_missed(kind, row, is_for_lead=is_for_lead, today=today, now=now)
    db.session.flush()
    return True


def _put_missed(
    kind: DeadlineKind, row: CoordinatingCounselling, *, is_for_lead: bool, today: date, now: datetime
) -> None:
    worker = worker_of(row.case_id)
    owner_id = worker[0] if worker and not is_for_lead else None
    case = db.session.get_one(Case, row.case_id)
    deadlines.put_up(
        kind,
        SubjectType.COUNSELLING,
        row.public_id,
        due_on=today,
        organisation_id=worker[1] if worker else case.owner_organisation_id,
        owner_id=owner_id,
        # Where nobody works on the case, the lead is the first to be told.
        queue_role=None if owner_id else Role.PROGRAMME_LEAD,
        case_id=row.case_id,
        now=now,
    )
