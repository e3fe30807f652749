"""Compares accounts with the watch list (security rule 2.7): by name and by address.

There is nothing else to compare: an account has neither a telephone nor a birth year nor a CPR number. Names and
addresses of accounts are never changed; a new one is a new account.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.ids import new_public_id
from portal.core.protection import IndexField
from portal.core.safety import HitState, WatchMatch
from portal.core.text import normalise_name
from portal.db import db
from portal.models.access import CaseBlock, WatchedPerson, WatchHit
from portal.models.cases import TeamMember
from portal.models.indexes import cross_index
from portal.models.users import User
from portal.queries import watch as queries
from portal.wall import as_system


def name_index(name: str) -> bytes:
    """The keyed index of a name, across all organisations."""
    return cross_index(normalise_name(name), field=IndexField.NAME)


def email_index(email: str) -> bytes:
    """The keyed index of an address, across all organisations."""
    return cross_index(email.strip().casefold(), field=IndexField.EMAIL)


def phone_index(phone: str) -> bytes:
    """The keyed index of a telephone number in its stored form, across all organisations."""
    return cross_index(phone, field=IndexField.PHONE)


@as_system()
def look_at(user_id: int, *, now: datetime) -> None:
    """Compare one account with the whole list: when it gets a role, takes a task, joins a team (R-381)."""
    user = db.session.get_one(User, user_id)
    _compare(user.id, user.name, user.email, now=now)


@as_system()
def look_through(*, now: datetime, only: int | None = None) -> int:
    """Compare all accounts with the watch list, or with one person on it. Returns how many matches are new."""
    return sum(
        _compare(user_id, name, email, now=now, only=only)
        for portion in queries.each_account()
        for user_id, name, email in portion
    )


def _compare(user_id: int, name: str, email: str, *, now: datetime, only: int | None = None) -> int:
    by_name, by_email = name_index(name), email_index(email)
    # Only what is compared: to open who is on the list would take its time where there is a match.
    statement = sa.select(
        WatchedPerson.id,
        WatchedPerson.case_id,
        WatchedPerson.created_by_id,
        WatchedPerson.name_index == by_name,
        WatchedPerson.email_index == by_email,
    ).where(
        WatchedPerson.ended_at.is_(None),
        sa.or_(WatchedPerson.name_index == by_name, WatchedPerson.email_index == by_email),
    )
    if only is not None:
        statement = statement.where(WatchedPerson.id == only)
    found = 0
    for person_id, case_id, set_by, is_name, is_email in db.session.execute(statement).all():
        matched = [match for match, is_met in ((WatchMatch.EMAIL, is_email), (WatchMatch.NAME, is_name)) if is_met]
        if _is_new(person_id, user_id, matched, now=now):
            found += 1
            if is_email or not _works_on(case_id, user_id, now):
                close_to(case_id, user_id, set_by, now=now)
    return found


def _is_new(person_id: int, user_id: int, matched: list[WatchMatch], *, now: datetime) -> bool:
    """Write a match down. False when it has been written before."""
    hit = insert(WatchHit).values(
        public_id=new_public_id(),
        watched_person_id=person_id,
        user_id=user_id,
        matched_by=[match.value for match in matched],
        found_at=now,
        state=HitState.OPEN,
    )
    return db.session.scalar(hit.on_conflict_do_nothing().returning(WatchHit.id)) is not None


def _works_on(case_id: int, user_id: int, now: datetime) -> bool:
    """Whether the account works on the case already: a namesake on the team is told of, not locked out.

    Whoever joins at this very moment does not yet.
    """
    member = sa.select(TeamMember.id).where(
        TeamMember.case_id == case_id,
        TeamMember.user_id == user_id,
        TeamMember.joined_at < now,
        TeamMember.ended_at.is_(None),
    )
    return db.session.scalar(member.limit(1)) is not None


def close_to(case_id: int, user_id: int, set_by: int, *, now: datetime) -> None:
    """Keep an account out of a case, unseen by its team; nothing happens where it is kept out already."""
    db.session.execute(
        insert(CaseBlock)
        .values(public_id=new_public_id(), case_id=case_id, user_id=user_id, created_at=now, created_by_id=set_by)
        .on_conflict_do_nothing()
    )
