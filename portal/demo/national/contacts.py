"""The contact log: with her, and with others about her; notes beside it; and the meetings that lie ahead."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from portal.core.clock import COPENHAGEN
from portal.core.contacts import ContactDirection, ContactTheme, Party, PartyChannel, ShareBasis
from portal.core.kinds import ContactMode, ContactResult, MeetingKind, PlaceKind
from portal.core.states import MeetingState
from portal.demo.national import names
from portal.demo.national.lots import parts
from portal.demo.national.staff import Term
from portal.demo.national.world import World, WrittenCase
from portal.demo.national.writer import Writer
from portal.models.cases import Note
from portal.models.contacts import OutsideContact
from portal.models.meetings import Meeting

# Of a hundred contacts, those with another party; and notes beside so many contacts.
OUTSIDE, NOTES = 30, 8
MODES = (ContactMode.PHONE, ContactMode.MESSAGE, ContactMode.VISIT_OTHER, ContactMode.VISIT_HOME, ContactMode.CHAT)
RESULTS = (*(ContactResult.REACHED,) * 8, ContactResult.NOT_REACHED, ContactResult.MESSAGE_LEFT)
PARTIES = (
    *(Party.OWN_MUNICIPALITY, Party.OWN_MUNICIPALITY, Party.FAMILY_LAW_AGENCY, Party.LAWYER, Party.SCHOOL_DAYCARE),
    *(Party.HOUSING_ASSOCIATION, Party.HEALTH, Party.BANK, Party.POLICE),
)
CHANNELS = (PartyChannel.PHONE, PartyChannel.PHONE, PartyChannel.DIGITAL_POST, PartyChannel.MAIL, PartyChannel.MEETING)
THEMES = (ContactTheme.HOUSING, ContactTheme.BUDGET, ContactTheme.CUSTODY, ContactTheme.SCHOOL, ContactTheme.SAFETY)
BASES = (ShareBasis.NOTHING_TOLD, ShareBasis.CONSENT, ShareBasis.CONSENT)
NEEDS = ("housing", "finances", "work", "school", "health", "network", "safety", "practical")
WITH_HER = (
    "Opdigtet: Talt om, hvordan ugen er gået. Hun sover bedre og har fået skrevet sig op til en bolig.",
    "Opdigtet: Ringede som aftalt. Hun vil gerne have hjælp til brevet fra kommunen på fredag.",
    "Opdigtet: Kort besked om tiden på torsdag. Hun svarede, at det passer fint.",
    "Opdigtet: Besøg. Vi gik papirerne igennem og lavede en liste over det, der mangler til indflytningen.",
    "Opdigtet: Hun er bekymret for den yngste. Aftalt, at vi tager det op på næste møde.",
    "Opdigtet: Gennemgik sikkerheden. Intet nyt siden sidst.",
)
WITH_OTHERS = (
    "Opdigtet: Spurgte til sagens gang. Der kommer svar inden for en uge.",
    "Opdigtet: Aftalt et møde om det videre forløb.",
    "Opdigtet: Sendte det materiale, der manglede.",
)
BESIDE = (
    "Opdigtet: Drøftet på personalemøde. Vi fortsætter som aftalt.",
    "Opdigtet: Planen er opdateret efter samtalen i går.",
)
MEETINGS_AHEAD, SOON = 0.8, 30


def write(world: World, contacts: int) -> tuple[int, int]:
    """So many contacts in all, and notes beside them. Returns how many contacts were with her, and with others."""
    notes, outside, turn = Writer(Note), Writer(OutsideContact), 0
    for case, count in zip(world.cases, parts(contacts, _weights(world)), strict=True):
        for day in _days(world, case, count):
            turn += 1
            worker = _who(world, case, day)
            if turn * 37 % 100 < OUTSIDE:
                _outside(world, outside, case, day, worker)
            else:
                _with_her(world, notes, case, day, worker)
            if turn % NOTES == 0:
                _note(world, notes, case, day, worker)
    notes.flush()
    outside.flush()
    _write_meetings(world)
    return contacts - outside.count, outside.count


def _weights(world: World) -> list[float]:
    """More days, more contacts; some women have many."""
    found = []
    for case in world.cases:
        days = (min(case.episode.closed, world.today) - case.episode.opened).days + 3
        found.append(0.0 if case.is_bare else days**0.8 * world.random.lognormvariate(0, 0.5))
    return found


def _days(world: World, case: WrittenCase, count: int) -> list[date]:
    opened = case.episode.opened
    length = (min(case.episode.closed, world.today) - opened).days
    return sorted(opened + timedelta(days=int(length * world.random.random())) for _ in range(count))


def _who(world: World, case: WrittenCase, day: date) -> Term:
    """The adviser has half of what is done after she has left."""
    if case.adviser is not None and day > case.episode.left and world.random.random() < 0.5:
        return case.adviser.on(day)
    return case.worker(day)


def _at(world: World, day: date) -> tuple[datetime, datetime]:
    happened = world.moment(day)
    return happened, happened + timedelta(minutes=3)


def _with_her(world: World, writer: Writer, case: WrittenCase, day: date, worker: Term) -> None:
    random = world.random
    happened, written = _at(world, day)
    writer.add(
        {
            "case_id": case.id,
            "author_id": worker.user_id,
            "organisation_id": worker.organisation_id,
            "happened_at": happened,
            "written_at": written,
            "mode": random.choice(MODES),
            "result": random.choice(RESULTS),
            "minutes": random.choice((5, 10, 15, 30, 45, 60)),
            "themes": [random.choice(NEEDS)],
            "text": random.choice(WITH_HER),
        },
        case.keys,
    )


def _note(world: World, writer: Writer, case: WrittenCase, day: date, worker: Term) -> None:
    happened, written = _at(world, day)
    writer.add(
        {
            "case_id": case.id,
            "author_id": worker.user_id,
            "organisation_id": worker.organisation_id,
            "happened_at": happened,
            "written_at": written,
            "text": world.random.choice(BESIDE),
        },
        case.keys,
    )


def _outside(world: World, writer: Writer, case: WrittenCase, day: date, worker: Term) -> None:
    random = world.random
    happened, written = _at(world, day)
    writer.add(
        {
            "case_id": case.id,
            "author_id": worker.user_id,
            "organisation_id": worker.organisation_id,
            "happened_at": happened,
            "written_at": written,
            "direction": random.choice((ContactDirection.OUT, ContactDirection.OUT, ContactDirection.IN)),
            "channel": random.choice(CHANNELS),
            "party": random.choice(PARTIES),
            "party_name": names.person(random) if random.random() < 0.2 else None,
            "themes": [random.choice(THEMES).value],
            "codes_version": 1,
            "basis": random.choice(BASES),
            "minutes": random.choice((5, 10, 15, 20)),
            "text": random.choice(WITH_OTHERS),
        },
        case.keys,
    )


def _write_meetings(world: World) -> None:
    """A talk now and then with those whose cases are open: in the last days, and ahead."""
    writer = Writer(Meeting)
    for case, starts in _talks(world):
        worker = case.worker(world.today)
        writer.add(
            {
                "organisation_id": worker.organisation_id,
                "responsible_id": worker.user_id,
                "case_id": case.id,
                "kind": MeetingKind.TALK,
                "state": MeetingState.PLANNED,
                "starts_at": starts,
                "ends_at": starts + timedelta(hours=1),
                "place_kind": PlaceKind.OUR_ROOMS,
                "has_interpreter": case.client.woman.needs_interpreter,
            }
        )
    writer.flush()


def _talks(world: World) -> Iterator[tuple[WrittenCase, datetime]]:
    for case in world.cases:
        if not case.is_closed and world.random.random() < MEETINGS_AHEAD:
            day = world.today + timedelta(days=world.random.randint(1, SOON))
            yield case, datetime.combine(day, time(world.random.randrange(9, 15)), COPENHAGEN)
