"""Her children, how she may be reached, and how dangerous it is for her."""

from datetime import datetime, timedelta

from portal.core.deadlines import DeadlineKind
from portal.core.ids import new_public_id
from portal.core.kinds import ContactChannel, MayAnswer, SafetyLevel
from portal.core.protection import KeyKind
from portal.demo.national import names
from portal.demo.national.days import Days
from portal.demo.national.world import World, WrittenCase
from portal.demo.national.writer import Writer
from portal.domain.deadlines import ClockKey, due_on
from portal.models.children import Child
from portal.models.clients import SafeContactCard, SafeContactWay
from portal.models.risk import SafetyAssessment

# How often they are asked again, in days; one in twenty is forgotten lately.
CARD_DAYS, SAFETY_DAYS = 60, 80
LATE = 0.05
CHANNELS = (ContactChannel.SMS, ContactChannel.SMS, ContactChannel.PHONE, ContactChannel.ONLY_CONTACT_PERSON)
LEVELS = ((SafetyLevel.ORDINARY, 70), (SafetyLevel.RAISED, 24), (SafetyLevel.HIGH, 6))
Said = tuple[ContactChannel, datetime]
REASON = "Opdigtet: hun er blevet kontaktet flere gange af sin tidligere partner."


def write(world: World, days: Days) -> None:
    """Children by woman and house; cards and assessments by case."""
    _write_children(world)
    cards, levels = Writer(SafeContactCard, wants_ids=True), Writer(SafetyAssessment)
    said: list[Said] = []
    for case in world.cases:
        if not case.is_bare:
            said += _write_cards(world, case, cards, days)
            _write_levels(world, case, levels, days)
    cards.flush()
    _write_ways(cards.ids, said)
    levels.flush()


def _write_ways(card_ids: list[int], said: list[Said]) -> None:
    """One way for each card: weekdays from nine to two."""
    writer = Writer(SafeContactWay)
    for card_id, (channel, verified_at) in zip(card_ids, said, strict=True):
        row = {
            "card_id": card_id,
            "channel": channel,
            "days": "weekdays",
            "from_hour": 9,
            "to_hour": 14,
            "may_answer": MayAnswer.HERSELF,
            "may_leave_voicemail": False,
            "may_say_who_calls": False,
            "verified_at": verified_at,
        }
        writer.add(row)
    writer.flush()


def _write_children(world: World) -> None:
    writer = Writer(Child)
    for client in world.clients:
        for birth_year, is_along in client.woman.children:
            public_id = new_public_id()
            key = world.makes.make(KeyKind.SUBJECT, public_id, client.organisation_id)
            row = {
                "public_id": public_id,
                "client_id": client.id,
                "name": names.person(world.random),
                "birth_year": birth_year,
                "is_along": is_along,
            }
            writer.add(row, {KeyKind.SUBJECT: key})
    writer.flush()


def _moments(world: World, case: WrittenCase, step: int) -> list[int]:
    """Days after the opening on which something is asked again, up to the end or a few days ago."""
    last = (min(case.episode.closed, world.today) - case.episode.opened).days
    if not case.is_closed and last > step:
        last -= world.random.randrange(0, 26) if world.random.random() > LATE else step // 2
    return [0, *sorted(range(last, 19, -step))]


def _write_cards(world: World, case: WrittenCase, writer: Writer, days: Days) -> list[Said]:
    """The same answer each time she is asked; by what and when, for each card."""
    random, opened = world.random, case.episode.opened
    channel, on = random.choice(CHANNELS), opened
    said: list[Said] = []
    for after in _moments(world, case, CARD_DAYS):
        on = opened + timedelta(days=after)
        row = {
            "client_id": case.client.id,
            "is_device_shared": random.random() < 0.2,
            "code_word": "Prøveord" if random.random() < 0.3 else None,
            "verified_at": (moment := world.moment(on)),
            "verified_by_id": case.worker(on).user_id,
        }
        writer.add(row, case.keys)
        said.append((channel, moment))
    days.of_case(DeadlineKind.SAFE_CONTACT_CHECK, case, since=on, due=due_on(ClockKey.SAFE_CONTACT_CHECK, on))
    return said


def _write_levels(world: World, case: WrittenCase, writer: Writer, days: Days) -> None:
    opened = case.episode.opened
    on = opened
    for after in _moments(world, case, SAFETY_DAYS):
        on = opened + timedelta(days=after)
        level = world.random.choices([one for one, _ in LEVELS], [percent for _, percent in LEVELS])[0]
        row = {
            "case_id": case.id,
            "level": level,
            "assessed_on": on,
            "review_on": due_on(ClockKey.RISK_REVIEW, on),
            "reason": None if level is SafetyLevel.ORDINARY else REASON,
            "assessed_by_id": case.worker(on).user_id,
            "created_at": world.moment(on),
        }
        writer.add(row, case.keys)
    days.of_case(DeadlineKind.RISK_REVIEW, case, since=on, due=due_on(ClockKey.RISK_REVIEW, on))
