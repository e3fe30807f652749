"""Who is what to which case, from real rows, and that lists and rules say the same."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import SYSTEM, Actor
from portal.core.enums import Role
from portal.db import db
from portal.domain.disclosure import OPENS, FieldGroup, Relation
from portal.domain.modifiers import ORDINARY, Circumstances, code_now
from portal.domain.relations import Ties, relation
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.enrolments import Enrolment
from portal.models.grants import GrantApplication
from portal.models.meetings import Meeting
from portal.models.referrals import Referral, TrackRequest
from portal.models.tasks import Task
from portal.queries import own_tasks
from portal.queries import tasks as task_queries
from portal.queries import visibility as sight
from portal.queries.barriers import consented
from portal.queries.ties import ties_of
from tests.conftest import rolled_back
from tests.policy import world as worlds
from tests.policy.world import CASES, World
from tests.support.counting import Counter

# One line per person, one column per case: ordinary, level 1, level 2, he is blocked, his municipality is blocked,
# closed today, closed 31 days ago, erased, consent withdrawn, of another house. An erased case opens nothing by its
# circumstances, whatever the relation.
EXPECTED = """
CT        CT CT CT CT CT CT CT CT CT XO
CN        CN CN CN CN CN CN CN CN CN XO
BG        BG BG BG BG BG BG BG CN BG XO
RF        RF RF RF RF RF RF RF XO RF XO
RC        RC RC RC RC RC RC RC XO RC XO
XO        XO XO XO XO BX XO XO XO XO XO
IN        IN IN IN IN IN IN IN XO IN XO
TT        TT TT TT TT TT XO XO XO XO XO
TN        TN TN TN TN TN TN TN TN TN XO
PL        PL PL PL PL PL PL PL PL PL XO
SO        SO SO SO SO SO SO SO SO SO XO
DP        DP DP DP DP DP DP DP DP DP XO
OA        OA OA OA OA OA OA OA OA OA XO
VC        VC VC VC VC VC XO XO XO XO XO
VO        VO VO VO VO VO VN VN VN VN VN
VW        VW VW VW VW VW VN VN VN VN VN
VN        VN VN VN VN VN VN VN VN VN VN
GO        GO GO GO GO GO XO XO XO GO XO
BX        VO VO VO BX BX VN VN VN VN VN
BX_at_K2  CT CT CT BX BX CT CT CT CT XO
"""
TABLE = {line.split()[0].replace("_", " "): line.split()[1:] for line in EXPECTED.strip().splitlines()}


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """Everybody and everything, made once: these tests only look."""
    with rolled_back(app):
        yield worlds.build()


def relation_in(world: World, code: str, case: str) -> Relation:
    actor = world.actor(code)
    return relation(actor.role, ties_of(actor, world.cases[case]))


def test_everybody_is_exactly_what_the_table_says(world: World) -> None:
    found = {code: [relation_in(world, code, case).value for case in CASES] for code in world.people}
    assert found == TABLE


def test_every_relation_but_nobody_and_the_machine_stands_in_the_world() -> None:
    """AN has no actor to ask about; the machine has no person behind it. Both are said here."""
    here = {found for row in TABLE.values() for found in row}
    assert {one.value for one in Relation} - here == {"AN", "SA"}
    assert relation(Role.SYSTEM, Ties(is_own=True)) is Relation.SA
    assert relation(Role.SYSTEM, Ties()) is Relation.XO


def test_the_machine_has_no_ties(world: World) -> None:
    assert relation(SYSTEM.role, ties_of(SYSTEM, world.cases["ordinary"])) is Relation.XO


@pytest.mark.parametrize("role", Role)
def test_a_block_beats_every_tie(role: Role) -> None:
    everything = dict.fromkeys(Ties.__dataclass_fields__, True)
    assert relation(role, Ties(**everything)) is Relation.BX


@pytest.mark.parametrize("role", Role)
def test_without_a_tie_everybody_is_a_stranger(role: Role) -> None:
    assert relation(role, Ties()) is (Relation.VN if role is Role.VOLUNTEER else Relation.XO)


def test_the_first_line_that_fits_wins() -> None:
    rest = dict.fromkeys(Ties.__dataclass_fields__, True) | {"is_blocked": False}
    order = {
        Role.CONTACT_PERSON: [("is_on_team", "CT"), ("has_emergency", "BG"), ("is_referrer", "RF"),
                              ("is_referrers_colleague", "RC"), ("is_own", "CN"), (None, "XO")],
        Role.MUNICIPAL_ADVISER: [("is_on_team", "CT"), ("has_emergency", "BG"), ("awaits_intake", "IN"),
                                 ("is_referrer", "RF"), ("is_referrers_colleague", "RC"), ("is_own", "CN"),
                                 (None, "XO")],
        Role.GROUP_LEADER: [("is_on_own_track", "TT"), ("has_emergency", "BG"), ("awaits_intake", "IN"),
                            ("is_own", "TN"), (None, "XO")],
        Role.VOLUNTEER: [("is_in_window", "VW"), ("is_offered", "VO"), (None, "VN")],
        Role.GRANT_PAYER: [("is_in_own_queue", "GO"), (None, "XO")],
        Role.VOLUNTEER_COORDINATOR: [("is_in_own_pool", "VC"), (None, "XO")],
    }  # fmt: skip
    for role, steps in order.items():
        ties = dict(rest)
        for tie, expected in steps:
            assert relation(role, Ties(**ties)) == expected, (role, tie)
            if tie:
                ties[tie] = False


def test_ties_take_one_statement_and_a_volunteer_two_more(world: World) -> None:
    count = Counter()
    sa.event.listen(sa.Engine, "before_cursor_execute", count.note)
    taken = {}
    for code in ("CT", "TT", "IN", "GO", "VC", "VW"):
        actor = world.actor(code)
        count.start()
        ties_of(actor, world.cases["ordinary"])
        taken[code] = count.stop()
    sa.event.remove(sa.Engine, "before_cursor_execute", count.note)
    assert taken == {"CT": 1, "TT": 1, "IN": 1, "GO": 1, "VC": 1, "VW": 3}


@dataclass(frozen=True)
class Shown:
    """One where-clause of the lists: the group that it shows, the acts that open it, and for whom it is made."""

    name: str
    statement: object
    group: FieldGroup
    made_for: tuple[str, ...]


def _shown(actor: Actor, case_id: int) -> list[Shown]:
    def some(model: type, clause: object) -> sa.Select[int]:
        return sa.select(model.id).where(model.case_id == case_id, clause)  # type: ignore[attr-defined]

    courses = sa.select(Enrolment.id).where(Enrolment.case_id == case_id)
    of_courses = sa.select(Meeting.id).where(
        sight.visible_meetings(actor), sa.or_(Meeting.case_id == case_id, Meeting.enrolment_id.in_(courses))
    )
    case = sa.select(Case.id).where(Case.id == case_id)
    return [
        Shown("case", case.where(sight.visible_cases(actor)), FieldGroup.ENROL_TRACK_STATE, ("CT", "TT")),
        Shown("page", case.where(sight.readable_cases(actor)), FieldGroup.CASE_EXISTS, ("CT", "TT", "BG")),
        Shown("course", some(Enrolment, sight.readable_enrolments(actor)), FieldGroup.ENROL_TRACK_STATE,
              ("CT", "TT", "BG")),
        Shown("request", some(TrackRequest, sight.visible_requests(actor)), FieldGroup.REFERRAL_CONTENT, ("IN",)),
        Shown("referral", some(Referral, sight.visible_referrals(actor)), FieldGroup.REFERRAL_STATUS, ("RF", "RC")),
        Shown("task", some(Task, sight.visible_tasks(actor)), FieldGroup.TASK_CARD_PUBLIC, ("CT", "VC")),
        Shown("grant", some(GrantApplication, sight.visible_grants(actor)), FieldGroup.GRANT_APPLICATION,
              ("CT", "GO")),
        Shown("meeting", of_courses, FieldGroup.CALENDAR_ENTRY, ("CT", "TT")),
    ]  # fmt: skip


def circumstances(case_id: int, actor: Actor) -> Circumstances:
    """The case as the modifiers ask about it, from its row."""
    row = db.session.execute(
        sa.select(
            Case.erased_at,
            Client.protection_level,
            sa.func.date_part("day", sa.func.now() - Case.closed_at),
            consented(Case.id, actor.organisation_id),
        )
        .join(Client, Client.id == Case.client_id)
        .where(Case.id == case_id)
    ).one()
    return Circumstances(
        is_erased=row[0] is not None,
        protection_level=row[1],
        days_closed=None if row[2] is None else int(row[2]),
        has_consent=row[3],
        **{name: getattr(ORDINARY, name) for name in ("is_in_window", "needs_address", "involves_children",
                                                     "is_own_track", "is_approved", "is_accompanied")},
    )  # fmt: skip


# The municipality sees its own part of somebody else's case, and what a coordinator's own tracks are is
# not in the table: a course of the volunteers' network is the pool itself.
NARROWED = {"BX at K2"}
POOL = {("VC", "course")}


def test_lists_show_something_exactly_where_the_table_opens_it(world: World) -> None:
    wrong = []
    for code in world.people:
        actor = world.actor(code)
        for name in CASES:
            case_id = world.cases[name]
            found, case = relation_in(world, code, name), circumstances(case_id, actor)
            for one in _shown(actor, case_id):
                is_there = db.session.scalar(sa.select(sa.exists(one.statement))) or False
                is_open = code_now(one.group, found, case) in OPENS["view"]
                if is_there and not is_open and (found, one.name) not in POOL:
                    wrong.append(f"{code} sees the {one.name} of {name}, closed to {found}")
                if is_open and found in one.made_for and code not in NARROWED and not is_there:
                    wrong.append(f"{code} does not see the {one.name} of {name}, open to {found}")
    assert not wrong, "\n".join(wrong)


def test_volunteers_see_on_the_board_and_among_their_own_exactly_what_their_relation_opens(world: World) -> None:
    for code, volunteer in world.volunteers.items():
        actor = world.actor(code)
        for name in CASES:
            found = relation_in(world, code, name)
            of_case = sa.select(Task.public_id).where(Task.case_id == world.cases[name])
            ids = set(db.session.scalars(of_case))
            board = {card.public_id for card in task_queries.list_open(volunteer)[0]} & ids
            own = any(task.is_window_open and task.card.public_id in ids for task in own_tasks.list_mine(actor))
            assert own is (found is Relation.VW), (code, name)
            assert bool(board) is (found in (Relation.VO, Relation.VW)), (code, name)
