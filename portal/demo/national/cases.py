"""Cases, the women behind them and who works with them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.dialects.postgresql import insert

from portal.core.ids import ALPHABET, REFERENCE_LENGTH, new_public_id
from portal.core.kinds import MunicipalityDuty, MunicipalityReason, TeamScope
from portal.core.protection import KeyKind
from portal.core.states import CaseState
from portal.db import db
from portal.demo.national.episodes import Episode
from portal.demo.national.sizes import FAULTS_FROM
from portal.demo.national.staff import Desk
from portal.demo.national.world import Client, World, WrittenCase
from portal.demo.national.writer import Row, Writer
from portal.models import clients as client_models
from portal.models.cases import Case, ReferenceCounter, TeamMember
from portal.models.municipalities import MunicipalityPeriod
from portal.services.client_indexes import write_indexes

PHONES = "phone_index", "phone_cross_index", "cpr_index", "cpr_cross_index", "name_index", "index_organisation_id"


def write(world: World, episodes: Sequence[Episode]) -> None:
    """Write clients and cases, in the order in which they were opened, and who is on their teams."""
    numbers, short = Counter[int](), ShortReferences(world)
    last_centre = len(world.country.centres) - 1
    for episode in episodes:
        house = world.country.centres[episode.centre]
        numbers[episode.opened.year] += 1
        client = _client(world, episode, house.id)
        public_id = new_public_id()
        case = WrittenCase(
            episode=episode,
            client=client,
            house=house,
            desk=world.random.choice(house.workers),
            public_id=public_id,
            keys={KeyKind.CASE: world.makes.make(KeyKind.CASE, public_id, house.id), **client.keys},
            reference=f"{episode.opened.year}-{numbers[episode.opened.year]:04d}",
            is_closed=episode.closed <= world.today,
            is_bare=episode.centre == last_centre >= FAULTS_FROM,
        )
        if episode.is_accepted and episode.left <= world.today:
            case.adviser = world.random.choice(world.country.municipalities[episode.municipality].workers)
        episode.written = case
        world.cases.append(case)
    _write_clients(world)
    _write_cases(world, short)
    db.session.execute(insert(ReferenceCounter).values([{"year": y, "last": n} for y, n in numbers.items()]))
    _write_teams(world)
    _write_municipalities(world)


class ShortReferences:
    """Six letters and digits, drawn and never twice."""

    def __init__(self, world: World) -> None:
        self._random, self._taken = world.random, set[str]()

    def next(self) -> str:
        """One that nobody has."""
        while True:
            found = "".join(self._random.choices(ALPHABET, k=REFERENCE_LENGTH))
            if found not in self._taken:
                self._taken.add(found)
                return found


def _client(world: World, episode: Episode, organisation_id: int) -> Client:
    """Known to the same centre already, or new to this one."""
    before = episode.before
    while before is not None:
        assert before.written is not None
        if before.written.client.organisation_id == organisation_id:
            return before.written.client
        before = before.before
    public_id = new_public_id()
    key = world.makes.make(KeyKind.SUBJECT, public_id, organisation_id)
    client = Client(episode.woman, public_id, {KeyKind.SUBJECT: key}, organisation_id)
    world.clients.append(client)
    return client


def _write_clients(world: World) -> None:
    writer = Writer(client_models.Client, wants_ids=True)
    may_hold = {house.id for house in world.country.centres if house.organisation.may_hold_cpr}
    for client in world.clients:
        writer.add(_client_row(world, client, has_cpr=client.organisation_id in may_hold), client.keys)
    writer.flush()
    for client, client_id in zip(world.clients, writer.ids, strict=True):
        client.id = client_id


def _client_row(world: World, client: Client, *, has_cpr: bool) -> Row:
    woman = client.woman
    # The indexes are made by the portal's own hand, on an object that is never saved.
    object_ = client_models.Client(
        name=woman.name,
        birth_year=woman.birth_year,
        phone=woman.phone,
        cpr_number=woman.cpr if has_cpr and not woman.is_anonymous else None,
    )
    write_indexes(object_, client.organisation_id)
    return {
        "public_id": client.public_id,
        "name": woman.name,
        "birth_year": woman.birth_year,
        "phone": woman.phone,
        "cpr_number": object_.cpr_number,
        "language": woman.language,
        "needs_interpreter": woman.needs_interpreter,
        "protection_level": woman.protection,
        "protection_until": world.today + timedelta(days=200) if woman.protection == 1 else None,
        **{name: getattr(object_, name) for name in PHONES},
    }


def _write_cases(world: World, short: ShortReferences) -> None:
    writer = Writer(Case, wants_ids=True)
    for case in world.cases:
        episode = case.episode
        code = world.country.municipalities[episode.municipality].code
        writer.add(
            {
                "public_id": case.public_id,
                "client_id": case.client.id,
                "reference": case.reference,
                "lead_reference": short.next(),
                "owner_organisation_id": case.house.id,
                "state": CaseState.CLOSED if case.is_closed else CaseState.OPEN,
                "opened_at": world.moment(episode.opened),
                "opened_by_id": case.worker(episode.opened).user_id,
                "closed_at": world.moment(episode.closed) if case.is_closed else None,
                "responsible_municipality_code": code,
                "planned_move_on": episode.left if episode.moved else None,
                "moved_on": episode.moved if episode.moved and episode.moved <= world.today else None,
            }
        )
    writer.flush()
    for case, case_id in zip(world.cases, writer.ids, strict=True):
        case.id = case_id


def _write_teams(world: World) -> None:
    writer = Writer(TeamMember)
    for case in world.cases:
        until = min(case.episode.closed, world.today)
        _on_the_team(world, writer, case, case.desk, case.episode.opened, until, TeamScope.FULL)
        if case.adviser is not None:
            _on_the_team(world, writer, case, case.adviser, case.episode.left, until, TeamScope.MUNICIPAL)
    writer.flush()


def _on_the_team(
    world: World, writer: Writer, case: WrittenCase, desk: Desk, first: date, last: date, scope: TeamScope
) -> None:
    """Whoever leaves hands over what is open; what was closed stays known to those who worked with it while here."""
    for term in desk.between(first, last):
        writer.add(
            {
                "case_id": case.id,
                "user_id": term.user_id,
                "membership_id": term.membership_id,
                "organisation_id": term.organisation_id,
                "is_primary": scope is TeamScope.FULL and term.until is None,
                "scope": scope,
                "joined_at": world.moment(max(first, term.since)),
                "ended_at": None if term.until is None else world.moment(term.until, 8),
            }
        )


def _write_municipalities(world: World) -> None:
    writer = Writer(MunicipalityPeriod)
    for case in world.cases:
        opened = case.episode.opened
        writer.add(
            {
                "case_id": case.id,
                "duty": MunicipalityDuty.RESPONSIBLE,
                "municipality_code": world.country.municipalities[case.episode.municipality].code,
                "from_on": opened,
                "reason": MunicipalityReason.FIRST,
                "recorded_by_id": case.worker(opened).user_id,
                "recorded_at": world.moment(opened),
            }
        )
    writer.flush()
