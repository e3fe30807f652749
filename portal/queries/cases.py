"""Cases as lists and as one thing to change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.clock import start_of_local_day
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.protection import IndexField
from portal.core.standing import StandingKind
from portal.core.states import CaseState, ClaimState, CounsellingState, DeadlineState, GrantState, RequestState
from portal.db import db
from portal.domain.cases import Lens, Unfinished, shown_name
from portal.domain.counselling import UNSETTLED
from portal.domain.deadlines import ClockKey, newest
from portal.domain.disclosure import FieldGroup
from portal.models.cases import Case
from portal.models.clients import Client, SafeContactCard
from portal.models.counselling import CoordinatingCounselling
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.grants import GrantApplication
from portal.models.programmes import Offer, Programme
from portal.models.referrals import TrackRequest
from portal.models.risk import SafetyAssessment
from portal.models.stays import StatutoryNotice, Stay
from portal.models.tasks import Claim, Task
from portal.queries import client_search
from portal.queries.case_lens import lens_columns, lens_from
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.standing import stands
from portal.queries.visibility import (
    LIVE,
    TEAM_ROLES,
    known_cases,
    readable_cases,
    told_cases,
    visible_cases,
    visible_enrolments,
)

STALE = timedelta(days=newest(ClockKey.SAFE_CONTACT_CHECK).amount)
MOST_FOUND = 20
# Indexes propose a few too many; so many are opened at most.
MOST_OPENED = 200


class Missing(StrEnum):
    """What a case can lack: one filter chip each."""

    CONTACT = "contact"
    SAFETY = "safety"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list of cases."""

    public_id: str
    reference: str
    name: str | None
    is_open: bool
    # Closed for so long that nothing is left but that there was a case (M6).
    is_over: bool
    planned_move_on: date | None
    moved_on: date | None
    courses: tuple[tuple[str, str], ...]
    next_due_on: date | None


def get(actor: Actor, public_id: str) -> Case:
    """The case with client and owner loaded. Raises NotFound also for one that the actor may not see."""
    return _one(visible_cases(actor), Case.public_id == public_id)


def get_told(actor: Actor, public_id: str) -> Case:
    """The same for what happens in the case, which a follow-up after the end does not open (M6). Raises NotFound."""
    return _one(visible_cases(actor), Case.public_id == public_id, told_cases(actor))


def find_reference(actor: Actor, public_id: str) -> str | None:
    """The number of a case whose page the actor may open; None for anything else."""
    return db.session.scalar(sa.select(Case.reference).where(Case.public_id == public_id, readable_cases(actor)))


def get_known(actor: Actor, public_id: str) -> Case:
    """A case that the actor may know of, also when it was closed long ago and says no more than that. Raises NotFound.

    For what her team may always do: open it again, and write down that she asks for her data (M6, R-616, R-617).
    """
    return _one(known_cases(actor), Case.public_id == public_id)


def get_readable(actor: Actor, public_id: str) -> tuple[Case, Lens]:
    """A case whose page the actor may open, also in an emergency, and the lens. Raises NotFound."""
    row = db.session.execute(
        sa.select(Case, Client, *lens_columns(actor))
        .join(Client, Client.id == Case.client_id)
        .where(Case.public_id == public_id, readable_cases(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.Case, lens_from(actor, row)


def _one(*conditions: sa.ColumnElement[bool]) -> Case:
    case = db.session.scalars(
        sa.select(Case)
        .where(*conditions)
        .options(joinedload(Case.client, innerjoin=True), joinedload(Case.owner, innerjoin=True))
    ).one_or_none()
    if case is None:
        raise NotFound
    return case


def _courses(actor: Actor) -> sa.ScalarSelect[list[list[str]]]:
    """The names of the live courses that the actor sees, as a JSON list of pairs, Danish and English."""
    pair = sa.func.jsonb_build_array(Programme.name_da, Programme.name_en)
    return (
        sa.select(sa.func.jsonb_agg(pair))
        .select_from(Enrolment)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(Enrolment.case_id == Case.id, Enrolment.state.in_(LIVE), visible_enrolments(actor))
        .correlate(Case)
        .scalar_subquery()
    )


def _rows(actor: Actor, which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    next_due = (
        sa.select(sa.func.min(Deadline.due_on))
        .where(Deadline.case_id == Case.id, Deadline.state == DeadlineState.OPEN, Deadline.owner_id == actor.user_id)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        sa.select(Case, Client, _courses(actor), next_due, *lens_columns(actor))
        .join(Client, Client.id == Case.client_id)
        .where(which)
    )


def _read(actor: Actor, statement: sa.Select[*tuple[Any, ...]]) -> list[tuple[int, CaseRow]]:
    rows = []
    for row in db.session.execute(statement):
        case, seen = row.Case, lens_from(actor, row)
        is_told = seen.shows(FieldGroup.ENROL_TRACK_STATE)
        rows.append(
            (
                case.id,
                CaseRow(
                    public_id=case.public_id,
                    reference=case.reference,
                    name=shown_name(row.Client.name, seen),
                    is_open=case.state is CaseState.OPEN,
                    is_over=not is_told and case.state is CaseState.CLOSED,
                    planned_move_on=case.planned_move_on if is_told else None,
                    moved_on=case.moved_on if is_told else None,
                    courses=tuple((da, en) for da, en in row[2] or ()),
                    next_due_on=row[3],
                ),
            )
        )
    return rows


def list_mine(
    actor: Actor,
    *,
    today: date,
    state: CaseState = CaseState.OPEN,
    missing: Missing | None = None,
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> tuple[list[CaseRow], str | None]:
    """The cases that the actor sees, newest first, and the cursor of the next page. ValueError for a bad cursor."""
    statement = _rows(actor, visible_cases(actor)).where(Case.state == state)
    if missing is not None:
        statement = statement.where(_lacks(missing, today))
    if after:
        (last_id,) = decode(after, int)
        statement = statement.where(Case.id < last_id)
    rows = _read(actor, statement.order_by(Case.id.desc()).limit(limit + 1))
    following = encode(rows[limit - 1][0]) if len(rows) > limit else None
    return [row for _id, row in rows[:limit]], following


def _lacks(missing: Missing, today: date) -> sa.ColumnElement[bool]:
    if missing is Missing.MOVE:
        return sa.and_(Case.planned_move_on.is_(None), Case.moved_on.is_(None))
    if missing is Missing.SAFETY:
        assessed = sa.select(SafetyAssessment.case_id).where(SafetyAssessment.review_on >= today)
        return Case.id.not_in(assessed)
    fresh_since: datetime = start_of_local_day(today - STALE)
    fresh = sa.select(SafeContactCard.client_id).where(SafeContactCard.verified_at >= fresh_since)
    return Case.client_id.not_in(fresh)


def search(actor: Actor, text: str) -> list[CaseRow]:
    """Cases that the actor knows of, by exact reference, exact name, telephone or CPR number (R-114).

    A name may be followed by the birth year. Numbers are for the case's own team only. Of a case that was closed long
    ago her team finds that there was one, to open it again when she comes back (R-616).
    """
    statement = _rows(actor, known_cases(actor)).order_by(Case.id.desc())
    if client_search.search_kind(text) == "reference":
        return _found(actor, statement.where(Case.reference == text.strip()).limit(MOST_FOUND))
    she = client_search.wanted(text)
    if she is None or not _may_search(actor, she):
        return []
    people = sa.select(Client).join(Case, Case.client_id == Client.id).where(known_cases(actor))
    opened = db.session.scalars(people.where(client_search.proposed(actor, she)).distinct().limit(MOST_OPENED))
    ids = [client.id for client in opened if she.is_her(client)]
    return _found(actor, statement.where(Client.id.in_(ids)).limit(MOST_FOUND)) if ids else []


def _may_search(actor: Actor, she: client_search.Wanted) -> bool:
    if she.field is not IndexField.NAME_YEAR:
        return actor.role in TEAM_ROLES
    # Somebody who sees only the first name must not learn a surname by guessing.
    return actor.role is not Role.GROUP_LEADER


def _found(actor: Actor, statement: sa.Select[Case, str | None, list[list[str]], date]) -> list[CaseRow]:
    return [row for _id, row in _read(actor, statement)]


CLOSED_REQUESTS = (
    RequestState.ACCEPTED,
    RequestState.DECLINED,
    RequestState.WITHDRAWN,
    RequestState.LAPSED,
    RequestState.REDIRECTED,
)
CLOSED_GRANTS = (GrantState.DECLINED, GrantState.PAID, GrantState.RECEIPTED, GrantState.WITHDRAWN)


def count_unfinished(case_id: int) -> Unfinished:
    """What is still open in a case, in one statement. Assumes that the caller may see the case."""
    count = sa.select(sa.func.count())
    started = CoordinatingCounselling.state == CounsellingState.STARTED
    promised = sa.and_(
        CoordinatingCounselling.is_current,
        CoordinatingCounselling.left_on.is_not(None),
        CoordinatingCounselling.state.in_(UNSETTLED),
        ~stands(CoordinatingCounselling.case_id, *StandingKind),
    )
    of_case: dict[str, tuple[Any, sa.ColumnElement[bool]]] = {
        "stays": (Stay, Stay.discharged_on.is_(None)),
        "enrolments": (Enrolment, Enrolment.state.in_(LIVE)),
        "requests": (TrackRequest, TrackRequest.state.not_in(CLOSED_REQUESTS)),
        "grants": (GrantApplication, GrantApplication.state.not_in(CLOSED_GRANTS)),
        "notices": (StatutoryNotice, StatutoryNotice.sent_on.is_(None)),
        "counselling": (CoordinatingCounselling, started),
        "promise": (CoordinatingCounselling, promised),
    }
    numbers = {
        name: count.select_from(table).where(table.case_id == case_id, is_open)
        for name, (table, is_open) in of_case.items()
    }
    taken = Claim.state.in_((ClaimState.PENDING, ClaimState.CONFIRMED))
    numbers["claims"] = (
        count.select_from(Claim).join(Task, Task.id == Claim.task_id).where(Task.case_id == case_id, taken)
    )
    row = db.session.execute(
        sa.select(*(number.scalar_subquery().label(name) for name, number in numbers.items()))
    ).one()
    return Unfinished(**row._mapping)
