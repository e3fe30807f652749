"""The gate on what goes to her: ten thousand cards, and nothing that leaves against one of them."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core.errors import Invalid
from portal.core.kinds import ContactChannel, MayAnswer, PlaceKind
from portal.core.safe_contact import Barred, Means
from portal.domain.safe_contact import CALLS, LETS, Card, Leaving, Unsafe, Way, barred, check_ways

HERE = ZoneInfo("Europe/Copenhagen")
CARDS, MESSAGES = 10_000, 6
# Danish days on which nobody works, written by hand: Easter, Ascension, Whit, Christmas and New Year.
HOLIDAYS = {
    *(date(2026, 4, day) for day in (2, 3, 5, 6)),
    *(date(2026, 5, day) for day in (14, 24, 25)),
    *(date(2026, 12, day) for day in (25, 26)),
    *(date(year, 1, 1) for year in (2026, 2027)),
}
CALLED = {Means.CALL, Means.VIDEO}
READ_ON_HER_DEVICE = {Means.SMS, Means.EMAIL, Means.CALENDAR}
SAID = {
    ContactChannel.PHONE: {Means.CALL, Means.VIDEO},
    ContactChannel.SMS: {Means.SMS},
    ContactChannel.EMAIL: {Means.EMAIL, Means.CALENDAR, Means.VIDEO},
    ContactChannel.LETTER: {Means.LETTER},
    ContactChannel.ONLY_CONTACT_PERSON: set(),
}
DIRECT = [channel for channel in ContactChannel if channel is not ContactChannel.ONLY_CONTACT_PERSON]


def some_moment(chance: random.Random) -> datetime:
    """Any minute of 2026, both nights of the clocks among them."""
    nights = (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC))
    if chance.random() < 0.05:
        return chance.choice(nights) + timedelta(minutes=chance.randrange(600))
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(365 * 24 * 60))


def some_way(chance: random.Random, channel: ContactChannel) -> Way:
    """A way as she could have allowed it: any answer to each question."""
    first = chance.randrange(23)
    span = (None, None) if chance.random() < 0.3 else (first, chance.randint(first + 1, 24))
    return Way(
        channel=channel,
        days=chance.choice(("weekdays", "any", "any")),
        from_hour=span[0],
        to_hour=span[1],
        may_answer=chance.choice(list(MayAnswer)),
        may_leave_voicemail=chance.random() < 0.5,
        may_say_who_calls=chance.random() < 0.5,
    )


def some_card(chance: random.Random, now: datetime) -> Card | None:
    """A card as she could have given it: several ways, one, only through somebody or none; or no card at all."""
    if chance.random() < 0.03:
        return None
    channels = chance.sample(DIRECT, chance.choice((0, 1, 1, 1, 1, 2, 2, 3, 4)))
    if chance.random() < 0.1:
        channels = [ContactChannel.ONLY_CONTACT_PERSON]
    return Card(
        ways=tuple(some_way(chance, channel) for channel in channels),
        is_device_shared=chance.random() < 0.5,
        verified_at=now - timedelta(days=chance.randrange(45), minutes=chance.randrange(1440)),
    )


def some_message(chance: random.Random, now: datetime) -> Leaving:
    """Something that somebody wants to send: by any means, at any time, giving away more or less."""
    starts = now + timedelta(minutes=chance.randrange(14 * 1440))
    means = chance.choice(list(Means))
    return Leaving(
        means=means,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=chance.choice((0, 15, 30, 60, 90))) if means in CALLED else None,
        leaves_voicemail=means is Means.CALL and chance.random() < 0.3,
        says_who=chance.random() < 0.3,
        has_content=chance.random() < 0.6,
    )


def against(card: Card | None, leaving: Leaving, now: datetime) -> set[Barred]:
    """Everything about this that she has not agreed to: worked out anew, answer by answer, without the gate."""
    if card is None:
        return {Barred.NO_CARD}
    broken = set()
    if not card.ways:
        broken.add(Barred.NONE_FOR_NOW)
    if [way.channel for way in card.ways] == [ContactChannel.ONLY_CONTACT_PERSON]:
        broken.add(Barred.ONLY_THROUGH)
    if (now.astimezone(HERE).date() - card.verified_at.astimezone(HERE).date()).days >= 30:
        broken.add(Barred.OUT_OF_DATE)
    # By each way that this could go; where it can go by one of them, nothing of the others is in its way.
    by_way = [against_way(card, way, leaving) for way in card.ways if leaving.means in SAID[way.channel]]
    if not by_way:
        return broken | {Barred.MEANS}
    return broken if any(not one for one in by_way) else broken.union(*by_way)


def against_way(card: Card, way: Way, leaving: Leaving) -> set[Barred]:
    """What of this is against the answers to one way."""
    broken = set()
    starts, ends = (at.astimezone(HERE) for at in (leaving.starts_at, leaving.ends_at or leaving.starts_at))
    if leaving.means is not Means.LETTER:
        days = {starts.date(), ends.date()}
        if way.days == "weekdays" and any(day.weekday() > 4 or day in HOLIDAYS for day in days):
            broken.add(Barred.DAY)
        if way.from_hour is not None and way.to_hour is not None:
            opens = starts.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
            first, last = opens + timedelta(hours=way.from_hour), opens + timedelta(hours=way.to_hour)
            if not (first <= starts.replace(tzinfo=None) < last and ends.replace(tzinfo=None) <= last):
                broken.add(Barred.HOUR)
    if leaving.leaves_voicemail and not way.may_leave_voicemail:
        broken.add(Barred.VOICEMAIL)
    if leaving.says_who and not way.may_say_who_calls:
        broken.add(Barred.SAYS_WHO)
    if leaving.has_content and card.is_device_shared and leaving.means in READ_ON_HER_DEVICE:
        broken.add(Barred.READ_ALONG)
    return broken


def test_of_ten_thousand_cards_no_message_leaves_against_one() -> None:
    chance = random.Random(2026)
    told: Counter[Barred | None] = Counter()
    for _number in range(CARDS):
        now = some_moment(chance)
        card = some_card(chance, now)
        for leaving in (some_message(chance, now) for _again in range(MESSAGES)):
            why, broken = barred(card, leaving, now=now), against(card, leaving, now)
            assert (why is None) is (not broken), (card, leaving, now, why, broken)
            assert why is None or why in broken, f"the reason given is not why: {(card, leaving, now, why, broken)}"
            told[why] += 1
    assert told[None] > 1000, "a gate that lets nothing through proves nothing"
    assert set(told) == {None, *Barred}, "every reason is met with"


def test_what_a_card_lets_through_is_said_for_every_channel() -> None:
    assert set(LETS) == set(ContactChannel)
    assert {means for lets in LETS.values() for means in lets} == set(Means)


def test_a_meeting_that_is_a_call_goes_through_the_gate_and_one_at_a_place_does_not() -> None:
    assert {kind: CALLS.get(kind) for kind in PlaceKind} == {
        PlaceKind.OUR_ROOMS: None,
        PlaceKind.HER_HOME: None,
        PlaceKind.AGREED_PLACE: None,
        PlaceKind.PHONE: Means.CALL,
        PlaceKind.VIDEO: Means.VIDEO,
    }


def at(text: str) -> datetime:
    """A moment as a Danish clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:30", None),
        ("2026-11-23 09:59", "2026-11-23 10:30", Barred.HOUR),
        ("2026-11-23 14:30", "2026-11-23 15:00", None),
        ("2026-11-23 14:30", "2026-11-23 15:01", Barred.HOUR),
        ("2026-11-23 15:00", "2026-11-23 15:10", Barred.HOUR),
        ("2026-11-28 10:00", "2026-11-28 10:30", Barred.DAY),
        ("2026-12-25 10:00", "2026-12-25 10:30", Barred.DAY),
        ("2026-11-23 14:00", "2026-11-24 10:30", Barred.HOUR),
    ],
)
def test_a_call_keeps_to_her_hours_from_its_first_minute_to_its_last(
    starts: str, ends: str, why: Barred | None
) -> None:
    card = Card((Way(ContactChannel.PHONE, "weekdays", 10, 15, may_say_who_calls=True),), False, at("2026-11-20 12:00"))
    assert barred(card, Leaving(Means.CALL, at(starts), at(ends)), now=at("2026-11-22 12:00")) is why


@pytest.mark.parametrize(("now", "why"), [("2026-12-19 23:59", None), ("2026-12-20 00:00", Barred.OUT_OF_DATE)])
def test_thirty_days_after_she_was_asked_the_card_lets_nothing_through(now: str, why: Barred | None) -> None:
    card = Card((Way(ContactChannel.PHONE, "any", None, None, may_say_who_calls=True),), False, at("2026-11-20 12:00"))
    assert barred(card, Leaving(Means.CALL, at(now) + timedelta(hours=1)), now=at(now)) is why


def test_a_refusal_stands_beside_the_field_that_is_to_be_changed() -> None:
    assert [Unsafe(why, case_id=1).field for why in (Barred.DAY, Barred.HOUR, Barred.MEANS)] == [
        "day",
        "starts",
        "place_kind",
    ]


@pytest.mark.parametrize(
    ("means", "starts", "why"),
    [
        (Means.SMS, "2026-11-23 10:00", None),
        (Means.SMS, "2026-11-28 10:00", None),
        (Means.SMS, "2026-11-23 18:00", Barred.HOUR),
        (Means.CALL, "2026-11-23 18:00", None),
        (Means.CALL, "2026-11-23 10:00", Barred.HOUR),
        (Means.CALL, "2026-11-28 18:00", Barred.DAY),
        (Means.EMAIL, "2026-11-23 10:00", Barred.MEANS),
    ],
)
def test_each_way_has_its_own_days_and_hours(means: Means, starts: str, why: Barred | None) -> None:
    ways = (Way(ContactChannel.SMS, "any", 9, 14), Way(ContactChannel.PHONE, "weekdays", 17, 20))
    card = Card(ways, False, at("2026-11-20 12:00"))
    assert barred(card, Leaving(means, at(starts)), now=at("2026-11-22 12:00")) is why


def test_a_video_talk_goes_by_the_way_that_lets_it_through() -> None:
    ways = (Way(ContactChannel.PHONE, "any", 17, 20), Way(ContactChannel.EMAIL, "any", 9, 14))
    card = Card(ways, False, at("2026-11-20 12:00"))
    whys = [
        barred(card, Leaving(Means.VIDEO, at(f"2026-11-23 {hour}:00")), now=at("2026-11-22 12:00"))
        for hour in (10, 15, 18)
    ]
    assert whys == [None, Barred.HOUR, None]


@pytest.mark.parametrize(
    ("ways", "field"),
    [
        ([Way(ContactChannel.SMS), Way(ContactChannel.ONLY_CONTACT_PERSON)], "ways"),
        ([Way(ContactChannel.SMS), Way(ContactChannel.SMS)], "ways"),
        ([Way(ContactChannel.SMS), Way(ContactChannel.PHONE, "any", 14, 9)], "phone_to_hour"),
        ([Way(ContactChannel.EMAIL, "any", 9, None)], "email_to_hour"),
    ],
)
def test_ways_that_do_not_go_together_are_refused(ways: list[Way], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_ways(ways)
    assert refused.value.field == field
    check_ways([])
    check_ways([Way(ContactChannel.SMS, "any", 9, 14), Way(ContactChannel.PHONE)])
