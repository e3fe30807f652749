"""A population with things that come due over three years, and for each the day on which it must be gone."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from portal.core.clock import add_months, start_of_local_day
from portal.core.enums import Region
from portal.core.ids import new_public_id, new_reference
from portal.core.kinds import ConsentForm, ConsentPurpose, ReferralSource, SafetyLevel
from portal.core.safety import WatchedRelation
from portal.core.states import CaseState, GrantState, RequestState, TaskState
from portal.db import db
from portal.models.access import WatchedPerson
from portal.models.cases import Case, Consent, Note
from portal.models.grants import Fund, GrantApplication
from portal.models.referrals import Referral, TrackRequest
from portal.models.rights import LegalHold
from portal.models.risk import SafetyAssessment
from portal.models.tasks import Task
from portal.models.users import Membership
from tests.factories.people import make_case, make_member
from tests.factories.referrals import make_offer
from tests.factories.tasks import make_pool

START = date(2027, 1, 1)
YEARS = 3
Held = tuple[date, date] | None


@dataclass
class Thing:
    """Something that must be gone on a day: named by its rule, and how to see whether it is still there."""

    name: str
    gone_on: date
    is_there: Callable[[], bool]
    held: Held = None


def moment(day: date) -> datetime:
    """Noon of a Danish day, near enough."""
    return datetime.combine(day, time(11), UTC)


class Population:
    """Made by a seed: always the same women, volunteers and days."""

    def __init__(self, seed: int, women: int) -> None:
        self.random = random.Random(seed)
        self.things: list[Thing] = []
        self.holds: list[tuple[date, date, int]] = []
        self.member = make_member(now=moment(START))
        self.offer = make_offer()
        self.fund = Fund(
            organisation_id=self.member.organisation_id,
            offer_id=make_offer().id,
            name="Fond",
            budget_ore=10_000_000,
            reserved_ore=0,
            spent_ore=0,
        )
        db.session.add(self.fund)
        db.session.flush()
        for number in range(women):
            self.woman(number)
        for _number in range(3):
            self.volunteer()
        db.session.flush()

    def day(self) -> date:
        """A day within the first year."""
        return START + timedelta(days=self.random.randrange(0, 365))

    def woman(self, number: int) -> None:
        """A closed case with something of every rule; every fourth is held for a time."""
        case = make_case(self.member, name=f"Kvinde {number}", now=moment(START))
        closed = self.day()
        case.state, case.closed_at, case.client.address = CaseState.CLOSED, moment(closed), "Nørregade 12"
        held = self.hold(case, closed) if number % 4 == 3 else None
        ends = _after(add_months(closed, 24), held)
        self.of_case(case, closed, ends, held)
        self.consent(case, ends, held)
        self.request(case, ends, held)
        self.grant(case, held)
        self.task(case, closed, ends, held)

    def hold(self, case: Case, closed: date) -> Held:
        start, length = closed + timedelta(days=self.random.randrange(0, 500)), self.random.randrange(40, 500)
        end = start + timedelta(days=length)
        self.holds.append((start, end, case.id))
        return start, end

    def set_holds(self, day: date) -> None:
        """In the morning of a day, before the job runs."""
        for start, _end, case_id in self.holds:
            if start == day:
                db.session.add(LegalHold(case_id=case_id, set_at=moment(day), set_by_id=self.member.user_id))
        db.session.flush()

    def lift_holds(self, day: date) -> None:
        """Later on the day."""
        ended = [case_id for _start, end, case_id in self.holds if end == day]
        lifted = {"lifted_at": moment(day), "lifted_by_id": self.member.user_id}
        db.session.execute(sa.update(LegalHold).where(LegalHold.case_id.in_(ended)).values(lifted))

    def of_case(self, case: Case, closed: date, ends: date, held: Held) -> None:
        case_id, client_id = case.id, case.client_id
        db.session.add_all(
            [
                Note(case_id=case_id, author_id=self.member.user_id, organisation_id=self.member.organisation_id,
                     happened_at=moment(START), written_at=moment(START), text="et notat"),
                SafetyAssessment(case_id=case_id, level=SafetyLevel.HIGH, assessed_on=START, review_on=START,
                                 reason="han truer", assessed_by_id=self.member.user_id, created_at=moment(START)),
                WatchedPerson(case_id=case_id, relation=WatchedRelation.FORMER_PARTNER, name="X",
                              created_at=moment(START), created_by_id=self.member.user_id),
            ]
        )  # fmt: skip
        self.add("R3 address", closed + timedelta(days=30), held, "client", "address IS NOT NULL", client_id)
        self.add("R5 journal", add_months(closed, 24), held, "note", "true", case_id, key="case_id")
        self.add("R5 name", add_months(closed, 24), held, "client", "name IS NOT NULL", client_id)
        year = add_months(closed, 12)
        self.add("R6 reason", year, held, "safety_assessment", "reason IS NOT NULL", case_id, key="case_id")
        self.add("R6 watched", year, held, "watched_person", "true", case_id, key="case_id")

    def consent(self, case: Case, ends: date, held: Held) -> None:
        given = self.day() - timedelta(days=500)
        row = Consent(
            case_id=case.id, purpose=ConsentPurpose.REFERRAL, form=ConsentForm.ORAL, scope=[], given_on=given,
            expires_on=add_months(given, 6), recorded_by_id=self.member.user_id,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        own = add_months(add_months(given, 6), 24)
        self.add("R13 consent", own, held, "consent", "true", row.id, at_most=ends)

    def request(self, case: Case, ends: date, held: Held) -> None:
        decided = self.day()
        referral = Referral(
            reference=new_reference(), case_id=case.id, referrer_id=self.member.user_id,
            organisation_id=self.member.organisation_id, source=ReferralSource.SHELTER, created_at=moment(START),
            edited_at=moment(START), sent_at=moment(START), own_words="ro", needs=["housing"],
        )  # fmt: skip
        db.session.add(referral)
        db.session.flush()
        row = TrackRequest(
            public_id=new_public_id(), referral_id=referral.id, case_id=case.id, offer_id=self.offer.id,
            organisation_id=self.offer.organisation_id, state=RequestState.DECLINED, answers={"a": "b"},
            decided_at=moment(decided), decided_by_id=self.member.user_id, decline_text="nej",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        due = decided + timedelta(days=90)
        self.add("R1 answer", due, held, "track_request", "decline_text IS NOT NULL", row.id, at_most=ends)
        self.add("R1 own words", due, held, "referral", "own_words IS NOT NULL", referral.id, at_most=ends)

    def grant(self, case: Case, held: Held) -> None:
        paid = self.day()
        row = GrantApplication(
            reference=new_reference(), case_id=case.id, fund_id=self.fund.id, applicant_id=self.member.user_id,
            applicant_organisation_id=self.member.organisation_id, state=GrantState.PAID, created_at=moment(START),
            paid_on=paid, account="1234 567890", approved_ore=100,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        due = paid + timedelta(days=90)
        ends = _after(add_months(date.max if case.closed_at is None else case.closed_at.date(), 24), held)
        self.add("R7 account", due, held, "grant_application", "account IS NOT NULL", row.id, at_most=ends)

    def task(self, case: Case, closed: date, ends: date, held: Held) -> None:
        day = self.day()
        row = Task(
            organisation_id=self.member.organisation_id, case_id=case.id, reference=new_reference(),
            kind="paint_room", state=TaskState.VERIFIED, region=Region.CENTRAL, week_of=day,
            part_of_day="morning", starts_at=moment(day) - timedelta(hours=1), ends_at=moment(day), alias="Anna",
            address="Nørregade 12", created_by_id=self.member.user_id, created_at=moment(START),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        due = day + timedelta(days=30)
        self.add("R4 alias", due, held, "task", "alias IS NOT NULL", row.id, at_most=ends)
        place = min(due, closed + timedelta(days=30))
        self.add("R3/R4 address", place, held, "task", "address IS NOT NULL", row.id, at_most=ends)

    def volunteer(self) -> None:
        _actor, _lead, volunteer = make_pool()
        left = self.day()
        member = db.session.scalars(sa.select(Membership).where(Membership.user_id == volunteer.user_id)).one()
        volunteer.skills, member.ended_at = ["tools"], moment(left)
        db.session.flush()
        due = add_months(left, 6)
        self.add("R8 skills", due, None, "volunteer", "cardinality(skills) > 0", volunteer.id)
        self.add("R8 account", due, None, "user_account", "is_active", volunteer.user_id)

    def add(
        self, name: str, due: date, held: Held, table: str, condition: str, row_id: int, *, key: str = "id",
        at_most: date | None = None,
    ) -> None:  # fmt: skip
        """Remember a thing. `at_most`: a day on which another rule takes it anyway."""
        gone_on = _after(due, held)
        if at_most is not None:
            gone_on = min(gone_on, at_most)
        statement = sa.text(f"SELECT 1 FROM {table} WHERE {key} = {row_id} AND {condition}")

        def is_there() -> bool:
            return db.session.scalar(statement) is not None

        self.things.append(Thing(f"{name} {table}:{row_id}", gone_on, is_there, held))


def _after(due: date, held: Held) -> date:
    """The day itself; where a hold covers it or has just ended, fourteen days after the end of the hold."""
    if held is None:
        return due
    start, end = held
    announced_late = end + timedelta(days=14)
    return announced_late if start <= due < announced_late else due


def at(day: date) -> datetime:
    """When the nightly job runs on a Danish day."""
    return start_of_local_day(day) + timedelta(hours=4, minutes=40)
