"""The jobs that are measured, with whoever does them, what the floor is asked instead, and how much each may take."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from bench import data
from portal.core.clock import utc_now
from portal.db import db
from portal.models.clients import Client
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, encode
from portal.services import accounts
from portal.wall import as_system

DEEP = 200
# An ordinary caseload, as the loader has it.
MOST_CASES = 40
READER = """
SELECT m.id FROM membership m JOIN deadline d ON d.owner_id = m.user_id WHERE d.source_key = 'bench:1'
UNION ALL (SELECT m.id FROM membership m
    JOIN team_member t ON t.membership_id = m.id AND t.ended_at IS NULL
    JOIN client_case c ON c.id = t.case_id AND c.state = 'open'
    WHERE m.role = 'contact_person' AND m.ended_at IS NULL
    GROUP BY m.id HAVING count(*) <= :most ORDER BY count(*) DESC, m.id LIMIT 1)
LIMIT 1
"""
# The fullest of her open cases.
CASE = """
SELECT c.public_id, c.reference, c.client_id FROM client_case c JOIN team_member t ON t.case_id = c.id
JOIN client k ON k.id = c.client_id JOIN note n ON n.case_id = c.id
WHERE t.user_id = :reader AND t.ended_at IS NULL AND c.state = 'open' AND k.birth_year IS NOT NULL
AND k.name_index IS NOT NULL GROUP BY c.id ORDER BY count(*) DESC, c.id LIMIT 1
"""
# Whoever leads the house with most courses, and somebody who opens cases and is not the reader.
LEAD = """
SELECT m.id FROM membership m JOIN enrolment e ON e.organisation_id = m.organisation_id
AND e.state IN ('proposed', 'active', 'paused')
WHERE m.role = 'programme_lead' AND m.ended_at IS NULL GROUP BY m.id ORDER BY count(*) DESC, m.id LIMIT 1
"""
OPENER = """
SELECT id FROM membership WHERE role = 'contact_person' AND ended_at IS NULL AND id <> :reader ORDER BY id DESC LIMIT 1
"""
DEEP_ROW = """
SELECT due_on, id FROM deadline WHERE owner_id = :reader AND state = 'open' ORDER BY due_on, id OFFSET :skip LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One job: what is sent, by whom, what the floor is asked, and the bounds: ms, times the floor, statements."""

    key: str
    name: str
    path: str
    token: str
    floor: dict[str, Any]
    bounds: tuple[float, float, int]
    form: dict[str, str] = field(default_factory=dict)

    @property
    def floor_path(self) -> str:
        """Where the floor answers the same."""
        return f"/floor/{self.key}?{urlencode(self.floor)}"


def prepare() -> list[Job]:
    """The jobs on the data of the application that runs."""
    with as_system():
        reader = _member(READER, most=MOST_CASES)
        data.lengthen(reader.user_id)
        lead, opener = _member(LEAD), _member(OPENER, reader=reader.id)
        case = db.session.execute(sa.text(CASE), {"reader": reader.user_id}).one()
        her = db.session.get_one(Client, case.client_id)
        last = db.session.execute(sa.text(DEEP_ROW), {"reader": reader.user_id, "skip": DEEP * PAGE_SIZE - 1}).one()
        found = _jobs({"reader": reader, "lead": lead, "opener": opener, "case": case, "her": her, "last": last})
        db.session.commit()
    return found


def _jobs(on: dict[str, Any]) -> list[Job]:
    case, her, last = on["case"], on["her"], on["last"]
    token, boss = _token(on["reader"]), _token(on["lead"])
    mine, due = {"reader": on["reader"].user_id}, last.due_on
    assert isinstance(due, date)
    after = urlencode({"span": "all", "after": encode(due, last.id)})
    opener = on["opener"]
    opens = {"reader": opener.user_id, "membership": opener.id, "house": opener.organisation_id}
    named = {"index": her.name_index.hex(), "house": her.index_organisation_id}
    nameless = {"is_unnamed": "y", "language": "da"}
    search = "/search"
    return [
        Job("J1", "work list", "/day?span=all", token, mine, (4, 7, 5)),
        Job("J2", f"work list, page {DEEP}", f"/day?{after}", token, mine | {"due": due, "id": last.id}, (4, 7, 5)),
        Job("J3", "page of a case", f"/cases/{case.public_id}", token, {"case": case.public_id}, (5, 7, 8)),
        Job("J4", "open a case", "/cases/new", _token(opener), opens, (6, 8, 8), nameless),
        Job("J6", "figures of a house", "/reports/", boss, {"house": on["lead"].organisation_id}, (5, 2.5, 5)),
        Job("J8", "search by name", search, token, named, (4, 2.5, 5), {"sought": f"{her.name} {her.birth_year}"}),
        Job("J8n", "search by number", search, token, {"reference": case.reference}, (2.5, 7, 4), _sought(case)),
        Job("J9", "month of meetings", "/meetings/month", token, mine, (4, 4, 5)),
    ]


def _sought(case: Any) -> dict[str, str]:
    return {"sought": case.reference}


def _member(statement: str, **values: Any) -> Membership:
    return db.session.get_one(Membership, db.session.execute(sa.text(statement), values).scalar_one())


def _token(member: Membership) -> str:
    return accounts.open_session(db.session.get_one(User, member.user_id), member, now=utc_now())
