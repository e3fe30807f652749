"""Twenty people or numbers a day may one person have compared across all organisations, and not one more (R-610)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.errors import Invalid
from portal.core.safety import WatchedRelation
from portal.db import db
from portal.domain.decisions import DAILY_COMPARISONS
from portal.models.access import CaseBlock, WatchedPerson
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import blocks, cases, clients, watch
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")
Way = Callable[[Case, Membership, int, datetime], object]


def keep_out(case: Case, by: Membership, number: int, now: datetime) -> None:
    given = {"email": f"a{number:03}@example.net", "organisation": None, "reason": None, "ends_part": False}
    blocks.keep_out_by_words(case, actor=actor_of(by), now=now, **given)


def keep_account_out(case: Case, by: Membership, _number: int, now: datetime) -> None:
    given = {"email": make_member().user.email, "organisation": None, "reason": None, "ends_part": False}
    blocks.keep_out_by_words(case, actor=actor_of(by), now=now, **given)


def watch_for(case: Case, by: Membership, number: int, now: datetime) -> None:
    given = {"name": f"Anders {chr(65 + number)}", "email": None, "phone": None}
    watch.add(case, relation=WatchedRelation.FORMER_PARTNER, actor=actor_of(by), now=now, **given)


def give_phone(case: Case, by: Membership, number: int, now: datetime) -> None:
    cases.set_identity(case, identity=clients.Identity(phone=f"203040{number:02}"), actor=actor_of(by), now=now)


def keep_phone(case: Case, by: Membership, number: int, now: datetime) -> None:
    clients.keep_phone(case, f"203040{number:02}", actor=actor_of(by), now=now)


def open_one(_case: Case, by: Membership, number: int, now: datetime) -> None:
    cases.open_case(phone=f"203040{number:02}", actor=actor_of(by), now=now)


def give_cpr(case: Case, by: Membership, number: int, now: datetime) -> None:
    identity = clients.Identity(cpr=f"0101804{number:03}")
    cases.set_identity(case, identity=identity, allow_invented_cpr=True, actor=actor_of(by), now=now)


WAYS: dict[Way, str] = {
    keep_out: "email", keep_account_out: "email", watch_for: "name", give_phone: "phone", keep_phone: "text",
    open_one: "phone", give_cpr: "cpr",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_twentieth_of_a_day_is_taken_and_the_next_is_not(way: Way) -> None:
    owner, now = make_member(organisation=make_organisation(may_hold_cpr=True)), utc_now()
    case = make_case(owner)
    for number in range(DAILY_COMPARISONS):
        way(case, owner, number, now)
    with pytest.raises(Invalid) as refused:
        way(case, owner, DAILY_COMPARISONS, now)
    assert refused.value.field == WAYS[way]
    way(case, owner, DAILY_COMPARISONS, now + timedelta(days=1))


def test_all_ways_count_together_and_each_person_for_herself() -> None:
    owner, now = make_member(organisation=make_organisation(may_hold_cpr=True)), utc_now()
    case, colleague = make_case(owner), make_member(organisation=owner.organisation)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(owner), now=now)
    for number in range(DAILY_COMPARISONS // 4):
        for way in (keep_out, watch_for, give_phone, give_cpr):
            way(case, owner, number, now)
    for way in WAYS:
        with pytest.raises(Invalid):
            way(case, owner, DAILY_COMPARISONS, now)
    watch_for(case, colleague, DAILY_COMPARISONS, now)


def test_whoever_stands_there_already_is_refused_in_the_same_words() -> None:
    owner, now = make_member(), utc_now()
    case = make_case(owner)
    for number in range(DAILY_COMPARISONS):
        keep_out(case, owner, number, now)
    words = set()
    for number in (0, DAILY_COMPARISONS):
        for way in (keep_out, keep_account_out):
            with pytest.raises(Invalid) as refused:
                way(case, owner, number, now)
            words.add((str(refused.value), refused.value.field))
    assert len(words) == 1


def test_what_names_nobody_is_not_counted() -> None:
    owner, now = make_member(), utc_now()
    case = make_case(owner)
    for number in range(DAILY_COMPARISONS):
        watch_for(case, owner, number, now)
    blocks.keep_out(case, organisation_id=make_organisation().id, reason=None, actor=actor_of(owner), now=now)
    cases.set_identity(case, identity=clients.Identity(name="Amira Karim"), actor=actor_of(owner), now=now)
    assert db.session.scalars(sa.select(CaseBlock.id)).all()
    assert len(db.session.scalars(sa.select(WatchedPerson.id)).all()) == DAILY_COMPARISONS
