"""The watch list: people without an account who must never get one that leads to her (security rule 2.7).

A match is told to the safety officers of the case's organisation and to nobody else. Whoever applies sees what
everybody sees, at the same pace: the only thing that happens at once is that the case is closed to that account. The
officers are told within a minute, outside the request, so that nobody can read a match off the time that it takes.
"""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.identity import IdentityProblem, check_phone
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import HitState, WatchedRelation
from portal.db import db
from portal.domain.permissions import require
from portal.models.access import CaseBlock, WatchedPerson, WatchHit
from portal.models.cases import Case
from portal.queries import watch as queries
from portal.services import audit, comparing, safety_desk, teamless
from portal.services.cutting_off import cut_off
from portal.services.watch_matches import close_to, email_index, look_through, name_index, phone_index


def add(
    case: Case,
    *,
    relation: WatchedRelation,
    name: str | None,
    email: str | None,
    phone: str | None,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> WatchedPerson:
    """Put somebody on the watch list of a case and look through the accounts that are there (R-381).

    Who stands there already is not put there twice. Nothing tells the writer whether there was a match. Raises Invalid
    when nothing is known of him by which an account could be met, or when she has named very many today (R-610).
    """
    require(actor, Permission.CASE_KEEP_OUT)
    if not (name or email):
        raise Invalid(_("Write a name or an e-mail: by a telephone number alone nobody is met."), field="name")
    number = _phone(phone)
    comparing.check_pace(actor=actor, now=now, field="name" if name else "email")
    if there := queries.find_watched(case.id, relation, indexes := _indexes(name, email, number)):
        return there
    person = WatchedPerson(
        public_id=new_public_id(),
        case_id=case.id,
        relation=relation,
        name=name or None,
        email=email or None,
        phone=number,
        reason=reason or None,
        created_at=now,
        created_by_id=actor.user_id,
        **indexes,
    )
    db.session.add(person)
    db.session.flush()
    audit.record(Audit.WATCH_ADDED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    look_through(now=now, only=person.id)
    return person


def _indexes(name: str | None, email: str | None, phone: str | None) -> dict[str, bytes | None]:
    return {
        "name_index": name_index(name) if name else None,
        "email_index": email_index(email) if email else None,
        "phone_index": phone_index(phone) if phone else None,
    }


def _phone(text: str | None) -> str | None:
    try:
        return check_phone(text) if text else None
    except IdentityProblem as problem:
        raise Invalid(problem.text, field="phone") from problem


def tell_new(now: datetime) -> int:
    """Tell the officers of the matches that they have not been told of (R-381). Returns how many matches."""
    rows = db.session.execute(
        sa.select(WatchHit, Case)
        .join(WatchedPerson, WatchedPerson.id == WatchHit.watched_person_id)
        .join(Case, Case.id == WatchedPerson.case_id)
        .where(WatchHit.told_at.is_(None))
        .order_by(WatchHit.id)
        .with_for_update(of=WatchHit, skip_locked=True)
    ).all()
    for hit, case in rows:
        _tell(hit, case, now)
    return len(rows)


def _tell(hit: WatchHit, case: Case, now: datetime) -> None:
    audit.record(Audit.WATCH_HIT, SubjectType.WATCH_HIT, hit.public_id, actor=SYSTEM, now=now, case_id=case.id)
    for officer in safety_desk.officers(case.owner_organisation_id):
        if officer != hit.user_id:
            safety_desk.tell(
                MessageKind.SAFETY_ALERT,
                officer,
                SubjectType.WATCH_HIT,
                hit.public_id,
                case_id=case.id,
                actor=SYSTEM,
                now=now,
            )
    hit.told_at = now


def _keep_out(person: WatchedPerson, hit: WatchHit, *, now: datetime) -> None:
    """Now that it is certain, also somebody who works on the case is cut off. The trail names nobody for it."""
    case = db.session.get_one(Case, person.case_id)
    close_to(case.id, hit.user_id, person.created_by_id, now=hit.found_at)
    cut_off(case, [hit.user_id], actor=SYSTEM, now=now)
    teamless.alarm([case.id], actor=SYSTEM, now=now)


def _is_still_suspected(person: WatchedPerson, hit: WatchHit) -> bool:
    """Whether the account is, or may be, somebody else on the list of the same case."""
    other = (
        sa.select(WatchHit.id)
        .join(WatchedPerson, WatchedPerson.id == WatchHit.watched_person_id)
        .where(
            WatchedPerson.case_id == person.case_id,
            WatchHit.user_id == hit.user_id,
            WatchHit.id != hit.id,
            WatchHit.state != HitState.ANOTHER_PERSON,
        )
    )
    return db.session.scalar(sa.select(other.exists())) or False


def _let_in_again(person: WatchedPerson, hit: WatchHit, *, actor: Actor, now: datetime) -> None:
    """Lift what the list closed. A block that somebody set by hand has no match of its moment, and stays."""
    moments = (
        sa.select(WatchHit.found_at)
        .join(WatchedPerson, WatchedPerson.id == WatchHit.watched_person_id)
        .where(WatchedPerson.case_id == person.case_id, WatchHit.user_id == hit.user_id)
    )
    db.session.execute(
        sa.update(CaseBlock)
        .where(
            CaseBlock.case_id == person.case_id,
            CaseBlock.user_id == hit.user_id,
            CaseBlock.created_at.in_(moments),
            CaseBlock.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by_id=actor.user_id)
    )


def answer(hit: WatchHit, state: HitState, *, actor: Actor, now: datetime) -> None:
    """The officer says whether it is the same person (R-382): he is cut off for good, or the case is open to her again.

    Raises NotNow the second time.
    """
    require(actor, Permission.SAFETY_VIEW)
    if hit.state is not HitState.OPEN:
        raise NotNow
    hit.state, hit.answered_at, hit.answered_by_id = state, now, actor.user_id
    person = db.session.get_one(WatchedPerson, hit.watched_person_id)
    if state is HitState.SAME_PERSON:
        _keep_out(person, hit, now=now)
    elif not _is_still_suspected(person, hit):
        _let_in_again(person, hit, actor=actor, now=now)
    audit.record(
        Audit.WATCH_ANSWERED,
        SubjectType.WATCH_HIT,
        hit.public_id,
        actor=actor,
        now=now,
        case_id=person.case_id,
        fields=[state.value],
    )
    db.session.flush()
