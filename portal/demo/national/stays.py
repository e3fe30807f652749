"""Stays with their notices, and the counselling that the law offers after them."""

from datetime import date, timedelta

from portal.core.clock import add_weekdays
from portal.core.courses import CounsellingEnd, OfferWay
from portal.core.deadlines import DeadlineKind
from portal.core.ids import new_public_id
from portal.core.kinds import EndReason, SubjectType, TrackKind
from portal.core.states import CounsellingState, EnrolmentState
from portal.core.stays import AdmissionReason, CounsellingAtExit, DelayReason, LinkReason, Permit
from portal.demo.national.days import Days
from portal.demo.national.episodes import DAYS, StayPlan
from portal.demo.national.world import World, WrittenCase
from portal.demo.national.writer import Row, Writer
from portal.domain.deadlines import notice_due_on
from portal.models.counselling import CoordinatingCounselling
from portal.models.enrolments import Enrolment
from portal.models.stays import StatutoryNotice, Stay

# Shares of the law's notices in time, of police reports and of permits.
IN_TIME, REPORTED, TEMPORARY, STAYED_BEFORE = 0.88, 0.25, 0.12, 0.25
# In the first years fewer reasons could be chosen: a series that breaks when the list changes.
FIRST_LIST = (AdmissionReason.PSYCHOLOGICAL, AdmissionReason.PHYSICAL, AdmissionReason.SEXUAL, AdmissionReason.OTHER)
LIST_CHANGED = DAYS * 3 // 10
REASONS = (
    *((AdmissionReason.PSYCHOLOGICAL, 97), (AdmissionReason.PHYSICAL, 80), (AdmissionReason.ECONOMIC, 40)),
    *((AdmissionReason.DIGITAL, 35), (AdmissionReason.MATERIAL, 30), (AdmissionReason.SEXUAL, 28)),
    *((AdmissionReason.POST_SEPARATION, 25), (AdmissionReason.HONOUR, 12)),
)
AREAS = ("housing", "finances", "health", "network", "work", "school")


def write(world: World, days: Days) -> None:
    """Stays in the order of their number, so that each knows the one before it; then what hangs on them."""
    notices = Writer(StatutoryNotice)
    for number in range(max(len(case.episode.stays) for case in world.cases)):
        writer = Writer(Stay, wants_ids=True)
        hers = [case for case in world.cases if len(case.episode.stays) > number]
        for case in hers:
            writer.add(_stay_row(world, case, number))
        writer.flush()
        for case, stay_id in zip(hers, writer.ids, strict=True):
            case.stay_ids.append(stay_id)
            _write_notices(world, case, number, notices, days)
    notices.flush()
    _write_counselling(world, days)


def _stay_row(world: World, case: WrittenCase, number: int) -> Row:
    plan, is_first = case.episode.stays[number], number == 0
    has_left = plan.discharged <= world.today
    link = LinkReason.SAFETY if plan.centre != case.episode.centre else LinkReason.SAME_COURSE
    row: Row = {
        "case_id": case.id,
        "organisation_id": world.country.centres[plan.centre].id,
        "admitted_on": plan.admitted,
        "discharged_on": plan.discharged if has_left else None,
        "previous_stay_ever": case.episode.before is not None or not is_first or world.random.random() < 0.12,
        "decided_by_id": world.country.centres[plan.centre].lead.now.user_id,
        "admission_reasons": _reasons(world, plan.admitted),
        "codes_version": 1,
        "previous_stay_id": None if is_first else case.stay_ids[-1],
        "link_reason": None if is_first else link,
        "destination": None,
        "delay_reason": None,
        "main_activity": None,
        "permit": None,
        "is_reported": None,
        "counselling": None,
    }
    if has_left and not case.is_bare and plan.has_exit_form:
        row |= _exit(world, case, plan)
    return row


def _exit(world: World, case: WrittenCase, plan: StayPlan) -> Row:
    random, is_last = world.random, plan is case.episode.stays[-1]
    said = CounsellingAtExit.ACCEPTED if case.episode.is_accepted else CounsellingAtExit.DECLINED
    return {
        "destination": plan.destination.value,
        "delay_reason": DelayReason.NO_HOME if (plan.discharged - plan.admitted).days > 180 else DelayReason.NONE,
        "main_activity": plan.activity,
        "permit": Permit.TEMPORARY if random.random() < TEMPORARY else Permit.NOT_NEEDED,
        "is_reported": random.random() < REPORTED,
        "counselling": (said if case.episode.is_offered else CounsellingAtExit.NOT_OFFERED) if is_last else None,
    }


def _reasons(world: World, on: date) -> list[str]:
    chosen = [reason for reason, percent in REASONS if world.random.random() * 100 < percent]
    if (world.today - on).days > DAYS - LIST_CHANGED:
        chosen = [reason for reason in chosen if reason in FIRST_LIST]
    return [reason.value for reason in chosen or [AdmissionReason.OTHER]]


def _write_notices(world: World, case: WrittenCase, number: int, writer: Writer, days: Days) -> None:
    plan = case.episode.stays[number]
    for kind, deadline, on in (
        ("admission", DeadlineKind.ADMISSION_NOTICE, plan.admitted),
        ("discharge", DeadlineKind.DISCHARGE_NOTICE, plan.discharged),
    ):
        if on > world.today or plan.centre != case.episode.centre:
            continue
        due = notice_due_on(on)
        is_late = world.random.random() > IN_TIME
        sent = add_weekdays(due, world.random.randint(1, 12)) if is_late else on + (due - on) * world.random.random()
        is_sent = sent < world.today
        public_id = writer.add(
            {
                "public_id": new_public_id(),
                "case_id": case.id,
                "stay_id": case.stay_ids[number],
                "kind": kind,
                "due_on": due,
                "sent_on": sent if is_sent else None,
                "is_anonymous": case.client.woman.is_anonymous,
                "told_on": None,
            }
        )
        subject = (SubjectType.NOTICE, public_id)
        days.of_case(deadline, case, since=on, due=due, subject=subject, done=sent if is_sent else None)


def _write_counselling(world: World, days: Days) -> None:
    enrolments = Writer(Enrolment, wants_ids=True)
    taken = [case for case in world.cases if case.adviser is not None]
    for case in taken:
        enrolments.add(_enrolment_row(world, case))
    enrolments.flush()
    ids = dict(zip((case.id for case in taken), enrolments.ids, strict=True))
    writer = Writer(CoordinatingCounselling)
    for case in world.cases:
        row = _counselling_row(world, case, ids.get(case.id))
        writer.add(row)
        _write_its_days(world, case, row["public_id"], days)
    writer.flush()


def _write_its_days(world: World, case: WrittenCase, public_id: str, days: Days) -> None:
    episode, subject = case.episode, (SubjectType.COUNSELLING, public_id)
    if case.adviser is not None:
        done = episode.counselling_end if episode.counselling_end <= world.today else None
        worker = case.adviser.on(done or world.today)
        kind = DeadlineKind.COUNSELLING_END
        days.of_case(
            kind, case, since=episode.left, due=episode.counselling_end, subject=subject, done=done, worker=worker
        )
    done = episode.left if episode.is_offered and episode.left <= world.today else None
    days.of_case(
        DeadlineKind.COUNSELLING_OFFER, case, since=episode.opened, due=episode.left, subject=subject, done=done
    )


def _enrolment_row(world: World, case: WrittenCase) -> Row:
    assert case.adviser is not None
    house = world.country.municipalities[case.episode.municipality]
    has_ended = case.episode.counselling_end <= world.today
    started = min(case.episode.left + timedelta(days=7), world.today)
    return {
        "case_id": case.id,
        "offer_id": house.offers[TrackKind.COORDINATING_COUNSELLING].id,
        "organisation_id": house.id,
        "kind": TrackKind.COORDINATING_COUNSELLING,
        "worker_id": case.adviser.on(case.episode.left if has_ended else world.today).user_id,
        "state": EnrolmentState.COMPLETED if has_ended else EnrolmentState.ACTIVE,
        "created_at": world.moment(case.episode.left),
        "started_on": started,
        "planned_end_on": case.episode.counselling_end,
        "ended_on": case.episode.counselling_end if has_ended else None,
        "end_reason": EndReason.COMPLETED if has_ended else None,
    }


def _counselling_row(world: World, case: WrittenCase, enrolment_id: int | None) -> Row:
    episode = case.episode
    has_left, has_ended = episode.left <= world.today, episode.counselling_end <= world.today
    is_offered, is_taken = episode.is_offered and has_left, enrolment_id is not None
    taken = CounsellingState.ENDED if has_ended else CounsellingState.STARTED
    offered = max(episode.opened, episode.left - timedelta(days=world.random.randint(0, 20)))
    state = taken if is_taken else CounsellingState.DECLINED if is_offered else CounsellingState.NOT_OFFERED
    worker = case.worker(episode.left if has_left else world.today)
    return {
        "public_id": new_public_id(),
        "case_id": case.id,
        "stay_id": case.stay_ids[-1],
        "enrolment_id": enrolment_id,
        "left_on": episode.left if has_left else None,
        "municipality_code": world.country.municipalities[episode.municipality].code if has_left else None,
        "state": state,
        "offered_on": offered if is_offered else None,
        "offered_by_id": worker.user_id if is_offered else None,
        "offered_from_id": case.house.id if is_offered else None,
        "offered_how": OfferWay.THROUGH_CENTRE if is_offered else None,
        "answered_on": episode.left if is_offered else None,
        "started_on": min(episode.left + timedelta(days=7), world.today) if is_taken else None,
        "planned_end_on": episode.counselling_end if is_taken else None,
        "ended_on": episode.counselling_end if is_taken and has_ended else None,
        "end_reason": CounsellingEnd.PERIOD_OVER.value if is_taken and has_ended else None,
        "areas": list(world.random.sample(AREAS, 2)) if is_taken else [],
    }
