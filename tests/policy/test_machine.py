"""A case and the people around it, in any order of events: after each, who sees what is what a short model says.

The services act on real rows; time passes by moving the rows, since the clock is the database's.
"""

import os
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import event
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, NotFound, NotNow
from portal.core.kinds import EndReason, TrackKind
from portal.core.safety import BreakGlassReason
from portal.db import db
from portal.domain.disclosure import FieldGroup
from portal.models.access import BreakGlass, CaseBlock
from portal.models.cases import Case, Consent
from portal.models.enrolments import Enrolment
from portal.models.tasks import Claim, Task
from portal.models.users import Membership, Organisation
from portal.models.volunteers import Volunteer
from portal.queries import case_page, own_tasks
from portal.queries import cases as case_queries
from portal.queries import tasks as task_queries
from portal.queries import visibility as sight
from portal.services import blocks, break_glass, cases, claims, closing, consents, enrolments
from tests.conftest import rolled_back
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer
from tests.factories.tasks import make_task, make_volunteer
from tests.policy.asking import undone
from tests.support.sizes import size

WHY = "Hun ringer og er i fare nu"
DAY = 24.0
# Hours from the beginning; no sum of the steps below meets a boundary.
STARTS, ENDS = 30.3, 32.3
STEPS = (0.4, 7.0, 13.0, 250.0)


class Model:
    """What is true by the rules, in about sixty lines. Hours are counted from the beginning."""

    def __init__(self) -> None:
        self.hour = 0.0
        self.team = {"owner"}
        self.blocked: set[str] = set()
        self.has_consent = True
        self.level = 0
        self.closed: float | None = None
        # A course that has ended for the closing does not begin again with the case.
        self.has_courses = True
        self.emergencies: list[float] = []
        self.claim: str | None = None
        self.confirmed = 0.0

    def is_out(self, who: str) -> bool:
        return who in self.blocked or ("house" in self.blocked and who in HELPERS)

    def is_told(self) -> bool:
        return self.closed is None or self.hour - self.closed < 30 * DAY

    def is_shared(self, who: str) -> bool:
        return self.closed is None and self.has_consent and not self.is_out(who)

    def works(self, who: str) -> bool:
        """Sees the case in her lists."""
        if who == "lead":
            return self.has_courses and self.is_shared(who)
        return who in self.team and self.is_told() and not self.is_out(who)

    def in_emergency(self, who: str) -> bool:
        is_running = any(self.hour < begun + 1 for begun in self.emergencies)
        return who == "colleague" and is_running and not self.is_out(who)

    def opens(self, who: str) -> bool:
        """Opens the page of the case."""
        is_known = who in self.team and not self.is_out(who)
        return self.works(who) or is_known or self.in_emergency(who)

    def reveals_address(self, who: str) -> bool:
        is_told = self.works(who) or (self.in_emergency(who) and who not in self.team)
        return self.opens(who) and is_told and self.level < 2

    def sees_course(self, who: str) -> bool:
        """A coordinator sees that of her volunteers, for as long as it is shared with her house."""
        return self.is_shared(who) if who == "coordinator" else self.works(who)

    def sees_task(self, who: str) -> bool:
        return self.is_shared(who) if who == "coordinator" else who in self.team and self.works(who)

    def is_offered(self) -> bool:
        return self.claim is None and self.hour < STARTS and self.is_shared("volunteer")

    def is_in_window(self) -> bool:
        opens = max(self.confirmed, STARTS - DAY)
        return self.claim == "confirmed" and opens <= self.hour < ENDS + 2 and self.is_shared("volunteer")

    def may_open_in_emergency(self) -> type[Exception] | None:
        is_there = self.closed is None and not self.is_out("colleague")
        if is_there and any(self.hour < begun + 1 for begun in self.emergencies):
            return None
        lately = [begun for begun in self.emergencies if self.hour - begun < 30 * DAY]
        is_waiting = any(self.hour - begun > 2 * DAY for begun in self.emergencies)
        # Asked before any case is looked for: the refusal says nothing of one.
        if len(lately) >= 3 or is_waiting:
            return Forbidden
        return None if is_there else NotFound

    def cut_off(self, *people: str) -> None:
        self.team -= set(people)
        if "volunteer" in people and self.claim is not None:
            self.claim = "withdrawn"


HELPERS = ("worker", "lead", "coordinator", "volunteer")
JOINING = st.sampled_from(("colleague", "worker"))
BLOCKABLE = st.sampled_from(("colleague", "worker", "lead", "coordinator", "volunteer", "house"))


class World:
    """One case of a centre: its owner and a colleague there; a worker, a lead, a coordinator, a volunteer elsewhere."""

    def __init__(self) -> None:
        centre, helpers = make_organisation(), make_organisation(OrganisationKind.NGO)
        self.house_id = helpers.id
        roles = {
            "owner": (Role.CONTACT_PERSON, centre),
            "colleague": (Role.CONTACT_PERSON, centre),
            "officer": (Role.SAFETY_OFFICER, centre),
            "worker": (Role.PROGRAMME_WORKER, helpers),
            "lead": (Role.HOUSING_COORDINATOR, helpers),
            "coordinator": (Role.VOLUNTEER_COORDINATOR, helpers),
            "volunteer": (Role.VOLUNTEER, helpers),
        }
        people = {who: make_member(role, house) for who, (role, house) in roles.items()}
        self.actors = {who: actor_of(member) for who, member in people.items()}
        self.volunteer_id = make_volunteer(people["volunteer"], self.actors["coordinator"]).id
        self.case_id = self._begin(people["owner"], people["coordinator"])
        self.ask = {who: self._question(who) for who in people}

    def _begin(self, owner: Membership, coordinator: Membership) -> int:
        given = {"actor": self.actors["owner"], "now": utc_now()}
        case = make_case(owner)
        cases.set_address(case, protection_level=0, address="Hemmeligvej 1", **given)
        agree(case, self.house_id)
        for kind in (TrackKind.HOUSING, TrackKind.VOLUNTEER_NETWORK):
            offer = make_offer(kind, db.session.get_one(Organisation, self.house_id))
            enrolments.propose(case_id=case.id, offer=offer, **given)
        make_task(coordinator, case_id=case.id, ahead=timedelta(hours=STARTS))
        db.session.commit()
        return case.id

    def _question(self, who: str) -> tuple[str, Any]:
        """What somebody finds of the case, as it is sent to the database: writing it anew at each step takes longer."""
        clauses = {
            "case": (Case, sight.visible_cases),
            "page": (Case, sight.readable_cases),
            "task": (Task, sight.visible_tasks),
            "course": (Enrolment, sight.visible_enrolments),
        }
        found = []
        for name, (model, clause) in clauses.items():
            key = Case.id if model is Case else model.case_id  # type: ignore[attr-defined]
            row = sa.select(model.id).where(key == self.case_id, clause(self.actors[who]))  # type: ignore[attr-defined]
            found.append(sa.exists(row).label(name))
        sent: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
            sent.append((statement, given))

        event.listen(sa.Engine, "before_cursor_execute", note)
        db.session.execute(sa.select(*found))
        event.remove(sa.Engine, "before_cursor_execute", note)
        return sent[-1]


class Machine(RuleBasedStateMachine):
    """The world, as it goes on from its beginning; each sequence of events is taken back."""

    app: Flask
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.history = undone(self.app)
        self.history.__enter__()
        self.model = Model()
        self.actors, self.case_id, self.house_id = self.world.actors, self.world.case_id, self.world.house_id
        self.steps = 0
        self._start_the_clock()

    def _start_the_clock(self) -> None:
        """The hours of the model count from now: many sequences take long, and the world is made once for all."""
        now = utc_now()
        hours = {"starts_at": now + timedelta(hours=STARTS), "ends_at": now + timedelta(hours=ENDS)}
        db.session.execute(sa.update(Task).where(Task.case_id == self.case_id).values(hours))
        db.session.expire_all()

    def teardown(self) -> None:
        self.history.__exit__(None, None, None)

    @property
    def case(self) -> Case:
        loaded = sa.select(Case).options(sa.orm.joinedload(Case.client)).where(Case.id == self.case_id)
        return db.session.scalars(loaded.execution_options(populate_existing=True)).one()

    def volunteer(self) -> Volunteer:
        return db.session.get_one(Volunteer, self.world.volunteer_id)

    def by(self, who: str) -> dict[str, Any]:
        return {"actor": self.actors[who], "now": utc_now()}

    # What happens.

    @rule(who=JOINING)
    def assign(self, who: str) -> None:
        if who in HELPERS and not self.model.has_consent:
            # She has taken back what let them in.
            with pytest.raises(NotNow):
                cases.join_team(self.case_id, self.actors[who].user_id, **self.by("owner"))
            return
        cases.join_team(self.case_id, self.actors[who].user_id, **self.by("owner"))
        self.model.team.add(who)

    @rule(who=JOINING)
    def unassign(self, who: str) -> None:
        if who in self.model.team and self.model.closed is None:
            cases.leave_team(self.case_id, self.actors[who].user_id, **self.by("owner"))
            self.model.team.discard(who)

    @rule(who=BLOCKABLE)
    def block(self, who: str) -> None:
        target = {"organisation_id": self.house_id} if who == "house" else {"user_id": self.actors[who].user_id}
        blocks.keep_out(self.case, reason=None, **target, **self.by("owner"))
        if who not in self.model.blocked:
            self.model.cut_off(*(HELPERS if who == "house" else (who,)))
        self.model.blocked.add(who)

    @rule(who=BLOCKABLE)
    def lift(self, who: str) -> None:
        if who not in self.model.blocked:
            return
        is_it = CaseBlock.organisation_id == self.house_id
        if who != "house":
            is_it = CaseBlock.user_id == self.actors[who].user_id
        row = db.session.scalars(sa.select(CaseBlock).where(is_it, CaseBlock.ended_at.is_(None))).one()
        blocks.ask_to_lift(row, **self.by("officer"))
        blocks.agree_to_lift(row, **self.by("owner"))
        self.model.blocked.discard(who)

    @rule()
    def withdraw(self) -> None:
        # One is enough: all that say the same are taken back with it.
        live = sa.select(Consent).where(Consent.case_id == self.case_id, Consent.withdrawn_at.is_(None))
        if consent := db.session.scalars(live.order_by(Consent.id.desc())).first():
            consents.withdraw_consent(self.case, consent, **self.by("owner"))
        self.model.has_consent = False
        self.model.team -= set(HELPERS)

    @rule()
    def consent(self) -> None:
        agree(self.case, self.house_id)
        self.model.has_consent = True

    @precondition(lambda self: self.model.is_offered())
    @rule()
    def claim(self) -> None:
        task = db.session.scalars(sa.select(Task)).one()
        claims.claim(task, self.volunteer(), **self.by("volunteer"))
        self.model.claim = "pending"

    @precondition(lambda self: self.model.claim == "pending" and self.model.sees_task("coordinator"))
    @rule()
    def confirm(self) -> None:
        claim = task_queries.get_claim(self.actors["coordinator"], db.session.scalars(sa.select(Claim.public_id)).one())
        claims.confirm(claim, **self.by("coordinator"))
        self.model.claim, self.model.confirmed = "confirmed", self.model.hour

    @precondition(lambda self: self.model.closed is None)
    @rule()
    def close(self) -> None:
        """What is open holds the case back: it ends first."""
        if self.model.has_courses:
            with pytest.raises(NotNow):
                self._close()
        held = sa.select(Claim).join(Claim.task).options(joinedload(Claim.volunteer), contains_eager(Claim.task))
        if self.model.claim in ("pending", "confirmed"):
            claims.take_back(db.session.scalars(held).one(), **self.by("coordinator"))
            self.model.claim = "withdrawn"
        for course in db.session.scalars(sa.select(Enrolment)).all() if self.model.has_courses else ():
            who = "lead" if course.kind is TrackKind.HOUSING else "coordinator"
            enrolments.never_started(course, EndReason.HER_WISH, **self.by(who))
        self._close()
        self.model.closed, self.model.has_courses = self.model.hour, False

    @precondition(lambda self: self.model.closed is not None)
    @rule(who=st.sampled_from(("owner", "colleague")))
    def reopen(self, who: str) -> None:
        """Whoever still finds that there was a case; what has ended does not begin again."""
        if not self.model.opens(who):
            with pytest.raises(NotFound):
                case_queries.get(self.actors[who], self.case.public_id)
            return
        closing.reopen_case(self.case, WHY, **self.by(who))
        self.model.closed = None

    def _close(self) -> None:
        closing.close_case(self.case, case_queries.count_unfinished(self.case_id), **self.by("owner"))

    @precondition(lambda self: self.model.closed is None and self.model.level < 2)
    @rule()
    def level_up(self) -> None:
        self.model.level += 1
        cases.set_address(self.case, protection_level=self.model.level, **self.by("owner"))

    @rule()
    def emergency(self) -> None:
        refused = self.model.may_open_in_emergency()
        given = {"category": BreakGlassReason.ACUTE_DANGER, "reason": WHY} | self.by("colleague")
        is_running = any(self.model.hour < begun + 1 for begun in self.model.emergencies)
        if refused is not None:
            with pytest.raises(refused):
                break_glass.open_case(self.case.reference, **given)
            return
        break_glass.open_case(self.case.reference, **given)
        if not is_running:
            self.model.emergencies.append(self.model.hour)

    @rule(hours=st.sampled_from(STEPS))
    def time_passes(self, hours: float) -> None:
        back = sa.literal(timedelta(hours=hours), sa.Interval)
        moved = ((BreakGlass, ("started_at", "ends_at")), (Task, ("starts_at", "ends_at")),
                 (Claim, ("claimed_at", "confirmed_at")), (Case, ("closed_at",)))  # fmt: skip
        db.session.flush()
        for model, columns in moved:
            values = {name: getattr(model, name) - back for name in columns}
            db.session.execute(sa.update(model).values(values).execution_options(synchronize_session=False))
        db.session.expire_all()
        self.model.hour += hours

    # What must be so.

    @invariant()
    def lists_show_what_the_model_says(self) -> None:
        db.session.flush()
        for who in self.actors:
            row = db.session.connection().exec_driver_sql(*self.world.ask[who]).one()
            expected = {
                "case": self.model.works(who),
                "page": self.model.opens(who),
                "task": self.model.sees_task(who),
                "course": self.model.sees_course(who),
            }
            assert row._asdict() == expected, who

    @invariant()
    def the_page_reveals_what_the_model_says(self) -> None:
        self.steps += 1
        # One of them at each step, in turn: this question is by far the longest.
        who = ("owner", "colleague", "worker", "lead")[self.steps % 4]
        try:
            page = case_page.header(self.actors[who], self.case.public_id, today=local_date(utc_now()))
        except NotFound:
            assert not self.model.opens(who), who
        else:
            may = page.seen.may_reveal(FieldGroup.ADDR_EXACT)
            assert may is self.model.reveals_address(who), who

    @invariant()
    def the_volunteer_sees_what_the_model_says(self) -> None:
        board = task_queries.list_open(self.volunteer())[0]
        assert bool(board) is self.model.is_offered()
        own = own_tasks.list_mine(self.actors["volunteer"])
        assert any(task.is_window_open for task in own) is self.model.is_in_window()


# A soak takes 2,000 sequences of 30 events, or as many as it is told to: a long night 50,000 (README.md).
SEQUENCES = size(25, int(os.environ.get("SOAK_SEQUENCES", "2000")))
PARTS = size(1, 4)


@pytest.mark.soak
@pytest.mark.parametrize("_part", range(PARTS))
def test_whatever_happens_everybody_sees_what_the_model_says(app: Flask, _part: int) -> None:
    Machine.app = app
    with rolled_back(app):
        Machine.world = World()
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=SEQUENCES // PARTS,
                stateful_step_count=size(14, 30),
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
