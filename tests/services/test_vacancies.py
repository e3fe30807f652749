"""What has room, told once to whoever watches for it, and nothing of where it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.enums import OrganisationKind, Region, Role
from portal.core.errors import Forbidden, Invalid, NotFound, Stale
from portal.core.kinds import TrackKind
from portal.core.messages import MessageKind
from portal.core.states import RequestState, UnitState
from portal.domain.vacancies import Room, Spoken, Wanted
from portal.models.audit import AuditEntry
from portal.models.housing import HousingUnit
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.queries import vacancies as queries
from portal.services import programmes, vacancies
from portal.services.vacancies import Facts
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.referrals import make_offer, make_request

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
TODAY = local_date(NOW)


def turn(now: datetime) -> int:
    """What the job does."""
    told = 0
    for organisation_id, offer_id, programme, is_open in queries.list_turned(now=now):
        if is_open:
            told += vacancies.turn(organisation_id, offer_id, programme, actor=SYSTEM, now=now)
        else:
            vacancies.close(organisation_id, offer_id, now=now)
    return told


def room_of(key: int, now: datetime = NOW, wanted: Wanted | None = None) -> queries.PlaceRow | None:
    rows, _next = queries.list_places(wanted or Wanted(), now=now)
    return next((row for row in rows if row.offer_id == key), None)


def tell(member: Any, rooms: int, *, now: datetime = NOW, free_on: date | None = None, **facts: Any) -> Any:
    return vacancies.tell_rooms(rooms, free_on or local_date(now), Facts(**facts), actor=actor_of(member), now=now)


def test_a_centres_rooms_are_trusted_for_two_days_then_one_asks(session: Any) -> None:
    member = make_member(now=NOW)
    place = tell(member, 2, most_children=3)
    for days, room in ((0, Room.NOW), (2, Room.NOW), (3, Room.ASK)):
        rows, _next = queries.list_places(Wanted(kind="rooms"), now=NOW + timedelta(days=days))
        assert [row.room for row in rows if row.public_id == place.public_id] == [room]
    tell(member, 0, now=NOW + timedelta(days=3))
    rows, _next = queries.list_places(Wanted(kind="rooms"), now=NOW + timedelta(days=3))
    assert rows[0].room is Room.WAITING
    tell(member, 1, now=NOW + timedelta(days=3), free_on=TODAY + timedelta(days=9))
    rows, _next = queries.list_places(Wanted(kind="rooms"), now=NOW + timedelta(days=3))
    assert rows[0].room is Room.SOON and rows[0].soon_on == TODAY + timedelta(days=9)
    assert list(session.scalars(sa.select(AuditEntry.action))).count("place:told") == 3


def test_only_a_centre_tells_of_rooms_and_by_those_who_take_women_in(session: Any) -> None:
    with pytest.raises(NotFound):
        tell(make_member(Role.INTAKE, make_organisation(OrganisationKind.NGO)), 1)
    with pytest.raises(Forbidden):
        tell(make_member(Role.PROGRAMME_LEAD), 1)
    member = make_member(now=NOW)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=91)):
        with pytest.raises(Invalid):
            tell(member, 1, free_on=day)
    tell(member, 1)
    with pytest.raises(Stale):
        vacancies.tell_rooms(2, TODAY, Facts(), actor=actor_of(member), now=NOW, version=99)


def test_an_offer_is_told_of_by_its_own_house(session: Any) -> None:
    offer = make_offer()
    own = make_member(Role.INTAKE, offer.organisation)
    vacancies.tell_facts(offer, Facts(most_children=2, is_accessible=False), actor=actor_of(own), now=NOW)
    with pytest.raises(NotFound):
        vacancies.tell_facts(offer, Facts(), actor=actor_of(make_member(Role.INTAKE)), now=NOW)
    with pytest.raises(Forbidden):
        vacancies.tell_facts(offer, Facts(), actor=actor_of(make_member()), now=NOW)
    row = room_of(offer.id)
    assert row is not None and row.most_children == 2 and row.is_accessible is False


def test_room_is_counted_from_places_held_places_and_ready_homes(session: Any) -> None:
    offer = make_offer(capacity=1)
    assert room_of(offer.id).room is Room.NOW and room_of(offer.id).free == 1  # type: ignore[union-attr]
    make_request(RequestState.OFFERED, offer=offer, now=NOW)
    assert room_of(offer.id).room is Room.WAITING  # type: ignore[union-attr]
    offer.is_accepting = False
    session.flush()
    assert room_of(offer.id).room is Room.CLOSED  # type: ignore[union-attr]
    homes = make_offer(TrackKind.HOUSING, capacity=5)
    for number, (state, ready_on) in enumerate(
        [(UnitState.OCCUPIED, None), (UnitState.VACANT_NOT_READY, TODAY + timedelta(days=20))], 1
    ):
        session.add(
            HousingUnit(
                offer_id=homes.id,
                organisation_id=homes.organisation_id,
                number=number,
                state=state,
                ready_on=ready_on,
                max_children=number,
            )
        )
    session.flush()
    row = room_of(homes.id)
    assert row is not None and row.room is Room.SOON and row.soon_on == TODAY + timedelta(days=20)
    session.execute(sa.update(HousingUnit).values(state=UnitState.VACANT_READY))
    row = room_of(homes.id)
    assert row is not None and row.room is Room.NOW and row.free == 2 and row.most_children == 2


@pytest.mark.parametrize(
    ("wanted", "is_shown"),
    [
        (Wanted(), True),
        (Wanted(kind="volunteer_network"), True),
        (Wanted(kind="housing"), False),
        (Wanted(region=Region.NORTH), False),
        (Wanted(children=2), True),
        (Wanted(children=3), False),
        (Wanted(age=12), True),
        (Wanted(age=13), False),
        (Wanted(accessible=True), False),
        (Wanted(language=Spoken.ARABIC), True),
        (Wanted(language=Spoken.THAI), False),
        (Wanted(room=Room.NOW), True),
        (Wanted(room=Room.SOON), False),
    ],
)
def test_the_board_shows_what_fits(session: Any, wanted: Wanted, is_shown: bool) -> None:
    offer = make_offer()
    facts = Facts(most_children=2, oldest_child=12, is_accessible=False, languages=(Spoken.ARABIC,))
    vacancies.tell_facts(offer, facts, actor=actor_of(make_member(Role.INTAKE, offer.organisation)), now=NOW)
    unsaid = make_offer()
    assert (room_of(offer.id, wanted=wanted) is not None) is is_shown
    if wanted.kind is None and wanted.region is None and wanted.room is None:
        assert room_of(unsaid.id, wanted=wanted) is not None
    assert queries.fits(offer.organisation_id, offer.id, wanted, now=NOW) is is_shown


def test_the_board_goes_on_after_the_last_row(session: Any) -> None:
    offers = {make_offer().id for _number in range(5)}
    seen: list[int | None] = []
    after = None
    for _page in range(20):
        rows, after = queries.list_places(Wanted(kind="volunteer_network"), now=NOW, after=after, limit=2)
        seen += [row.offer_id for row in rows]
        if after is None:
            break
    assert len(seen) == len(set(seen)) and offers <= set(seen)


def test_whoever_watches_is_told_once_for_each_opening(session: Any) -> None:
    offer = make_offer(capacity=3)
    intake = actor_of(make_member(Role.INTAKE, offer.organisation))
    programmes.set_accepting(offer, False, actor=intake, now=NOW)
    turn(NOW)
    watcher, other = make_member(now=NOW), make_member(now=NOW)
    vacancies.watch(Wanted(kind="volunteer_network", room=Room.NOW), actor=actor_of(watcher), now=NOW)
    vacancies.watch(Wanted(kind="volunteer_network"), actor=actor_of(watcher), now=NOW)
    vacancies.watch(Wanted(kind="housing"), actor=actor_of(other), now=NOW)
    later = NOW + timedelta(hours=1)
    programmes.set_accepting(offer, True, actor=intake, now=later)
    turn(later)
    turn(later)
    rows = session.execute(sa.select(Message.recipient_id, Message.case_id, Message.subject_public_id)).all()
    told = [row for row in rows if row.recipient_id in (watcher.user_id, other.user_id)]
    assert told == [(watcher.user_id, None, offer.programme.public_id)]
    mails = session.scalar(sa.select(sa.func.count()).where(OutgoingMail.recipient_id == watcher.user_id))
    assert mails == 1
    # It fills and opens again: that is a new opening.
    for hours, is_open in ((2, False), (3, True)):
        programmes.set_accepting(offer, is_open, actor=intake, now=NOW + timedelta(hours=hours))
        turn(NOW + timedelta(hours=hours))
    count = sa.select(sa.func.count()).where(
        Message.kind == MessageKind.PLACE_OPENED, Message.recipient_id == watcher.user_id
    )
    assert session.scalar(count) == 2


def test_a_watch_that_was_stopped_or_has_run_out_tells_nothing(session: Any) -> None:
    offer = make_offer()
    intake = actor_of(make_member(Role.INTAKE, offer.organisation))
    programmes.set_accepting(offer, False, actor=intake, now=NOW)
    turn(NOW)
    member = make_member(now=NOW)
    actor = actor_of(member)
    stopped = vacancies.watch(Wanted(), actor=actor, now=NOW)
    vacancies.watch(Wanted(), actor=actor, now=NOW, ends_on=TODAY)
    with pytest.raises(NotFound):
        vacancies.stop(stopped, actor=actor_of(make_member()), now=NOW)
    vacancies.stop(stopped, actor=actor, now=NOW)
    later = NOW + timedelta(days=2)
    programmes.set_accepting(offer, True, actor=intake, now=later)
    turn(later)
    assert session.scalar(sa.select(sa.func.count()).where(Message.recipient_id == member.user_id)) == 0
    assert queries.list_watches(actor, today=local_date(later)) == []


def test_twenty_watches_are_enough(session: Any) -> None:
    actor = actor_of(make_member(now=NOW))
    for _number in range(20):
        vacancies.watch(Wanted(), actor=actor, now=NOW)
    with pytest.raises(Invalid):
        vacancies.watch(Wanted(), actor=actor, now=NOW)


def test_one_waits_as_long_as_others_have_and_fewer_than_five_tell_nothing(session: Any) -> None:
    offer = make_offer()
    intake = make_member(Role.INTAKE, offer.organisation, now=NOW)
    for number in range(5):
        assert queries.wait_bands([offer.id]) == {}
        made = make_request(RequestState.ACCEPTED, offer=offer, intake=intake)
        made.request.waiting_since = made.request.offered_at - timedelta(weeks=2 + number)
        session.flush()
    band = queries.wait_bands([offer.id])[offer.id]
    assert (band.low, band.high) == (3, 5)
