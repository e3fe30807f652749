"""Keeping apart, by the team of a case: said, looked at again, taken away, and what the team is asked.

No reason is asked for, and nothing is kept of whoever is dangerous: there is no register of perpetrators (R-750).
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import ApartAnswer, ApartKind, ApartState, PlacementPath
from portal.db import db
from portal.domain.apart import (
    MOST_ASKED,
    MOST_KEPT,
    SUBJECTS,
    Placement,
    read_areas,
    review_day,
    write_areas,
)
from portal.domain.permissions import require
from portal.models.apart import ApartQuestion, KeepApart
from portal.models.cases import Case
from portal.models.users import User
from portal.queries import apart as queries
from portal.services import accounts, case_marks, comparing, deadlines, messages, placements
from portal.services.case_marks import must_be_open
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class Kept:
    """What may be written beside: a note for the own team, and when it is to be looked at again."""

    note: str | None = None
    review_on: date | None = None


def from_case(case: Case, reference: str, kept: Kept, *, actor: Actor, now: datetime) -> KeepApart:
    """Keep a case apart from another one, by its number (R-750).

    One that the actor may see is in force at once. For every other number the answer is the same: if there is such a
    case, its team is asked (R-755). Raises Invalid (`reference`, `review_on`), NotNow.
    """
    _check(case, actor)
    number = "".join(reference.split()).upper()
    other = queries.find_own(actor, number)
    if other is not None and other.id == case.id:
        raise Invalid(_("That is this case itself."), field="reference")
    if other is None:
        _check_asked(case)
    state = ApartState.IN_FORCE if other else ApartState.ASKED
    return _save(case, ApartKind.CASE, state, kept, named=number, other=other, actor=actor, now=now)


def from_person(case: Case, email: str, kept: Kept, *, actor: Actor, now: datetime) -> KeepApart:
    """Keep a case apart from whoever signs in with this address; the same whether or not anybody does (R-750).

    Raises Invalid (`email`, `review_on`), NotNow.
    """
    _check(case, actor)
    if "@" not in email:
        raise Invalid(_("That is no e-mail address."), field="email")
    comparing.check_pace(actor=actor, now=now, field="email")
    user_id = db.session.scalar(sa.select(User.id).where(User.email_index == accounts.email_index(email)))
    if user_id is not None and user_id == actor.user_id:
        raise Invalid(_("That is your own address. Let a colleague do it, or leave the team."), field="email")
    return _save(
        case, ApartKind.PERSON, ApartState.IN_FORCE, kept, named=email.strip(), user_id=user_id, actor=actor, now=now
    )


def from_areas(case: Case, areas: str | None, kept: Kept, *, actor: Actor, now: datetime) -> KeepApart:
    """Let her be given no home in these postal areas before somebody has asked (R-752). Raises Invalid, NotNow."""
    _check(case, actor)
    text = write_areas(read_areas(areas))
    return _save(case, ApartKind.AREA, ApartState.IN_FORCE, kept, areas=text, actor=actor, now=now)


def _check(case: Case, actor: Actor) -> None:
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    live = sa.select(sa.func.count()).where(KeepApart.case_id == case.id, KeepApart.state != ApartState.ENDED)
    if (db.session.scalar(live) or 0) >= MOST_KEPT:
        raise Invalid(_("There are very many already. Take away what is no longer needed first."))


def _check_asked(case: Case) -> None:
    asked = sa.select(sa.func.count()).where(KeepApart.case_id == case.id, KeepApart.state == ApartState.ASKED)
    if (db.session.scalar(asked) or 0) >= MOST_ASKED:
        raise Invalid(_("So many numbers wait for an answer already. Take one away first."), field="reference")


def _save(
    case: Case,
    kind: ApartKind,
    state: ApartState,
    kept: Kept,
    *,
    actor: Actor,
    now: datetime,
    named: str | None = None,
    areas: str | None = None,
    other: Case | None = None,
    user_id: int | None = None,
) -> KeepApart:
    flag = KeepApart(
        case_id=case.id,
        kind=kind,
        state=state,
        other_case_id=other.id if other else None,
        user_id=user_id,
        named=named,
        areas=areas,
        note=kept.note or None,
        review_on=review_day(kept.review_on, local_date(now)),
        set_at=now,
        set_by_id=actor.user_id,
    )
    db.session.add(flag)
    db.session.flush()
    # By an address it is one of those comparisons that are counted.
    counted = ["email"] if kind is ApartKind.PERSON else []
    case_marks.record(Audit.KEEP_APART_SET, case, actor=actor, now=now, fields=counted)
    _put_up_review(flag, case, actor=actor, now=now)
    return flag


def _put_up_review(flag: KeepApart, case: Case, *, actor: Actor, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.APART_REVIEW,
        SubjectType.CASE,
        case.public_id,
        suffix=flag.public_id,
        due_on=flag.review_on,
        organisation_id=case.owner_organisation_id,
        owner_id=case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
    )


def renew(flag: KeepApart, case: Case, *, actor: Actor, now: datetime) -> None:
    """It is still needed: to be looked at again in half a year (R-757)."""
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    flag.review_on = review_day(None, local_date(now))
    db.session.flush()
    case_marks.record(Audit.KEEP_APART_RENEWED, case, actor=actor, now=now)
    _put_up_review(flag, case, actor=actor, now=now)


def end(flag: KeepApart, case: Case, *, actor: Actor, now: datetime) -> None:
    """It is no longer needed: nothing is asked before a placement any more (R-757). The note goes with it."""
    require(actor, Permission.CASE_EDIT)
    _end(flag, actor=actor, now=now)
    case_marks.record(Audit.KEEP_APART_ENDED, case, actor=actor, now=now)
    deadlines.finish(DeadlineKind.APART_REVIEW, case.public_id, suffix=flag.public_id, actor=actor, now=now)


@as_system()
def _end(flag: KeepApart, *, actor: Actor, now: datetime) -> None:
    flag.state, flag.ended_at, flag.ended_by_id, flag.note = ApartState.ENDED, now, actor.user_id, None
    # Who waits for an answer may place now; whoever is asked still, here or elsewhere, is not asked any more.
    open_ones = sa.select(ApartQuestion, Case).join(Case, Case.id == ApartQuestion.case_id)
    for question, case in db.session.execute(
        open_ones.where(ApartQuestion.flag_id == flag.id, ApartQuestion.answer.is_(None))
    ).all():
        _close(question, case, ApartAnswer.GO_AHEAD, actor=actor, now=now)


def answer(question: ApartQuestion, case: Case, said: ApartAnswer, *, actor: Actor, now: datetime) -> None:
    """Say go ahead, once and for this placement, or no (R-756); to another team, whether the two are kept apart.

    What has been agreed with another team can be taken back. Raises NotNow for what has been answered.
    """
    require(actor, Permission.CASE_EDIT)
    is_taken_back = (
        question.path is PlacementPath.PAIR and question.answer is ApartAnswer.GO_AHEAD and said is ApartAnswer.NO
    )
    if question.answer is not None and not is_taken_back:
        raise NotNow(_("That has been answered already."))
    _close(question, case, said, actor=actor, now=now)
    if question.path is PlacementPath.PAIR:
        _agree(question, said)
    case_marks.record(Audit.APART_ANSWERED, case, actor=actor, now=now)
    db.session.flush()


def _close(question: ApartQuestion, case: Case, said: ApartAnswer, *, actor: Actor, now: datetime) -> None:
    question.answer, question.answered_at, question.answered_by_id = said, now, actor.user_id
    db.session.flush()
    deadlines.finish(DeadlineKind.APART_QUESTION, case.public_id, suffix=question.public_id, actor=actor, now=now)
    if question.path is PlacementPath.PAIR:
        return
    kind = MessageKind.PLACEMENT_GO_AHEAD if said is ApartAnswer.GO_AHEAD else MessageKind.PLACEMENT_NO
    subject = SUBJECTS.get(question.path, SubjectType.SYSTEM)
    about = question.place_key if question.path in SUBJECTS else None
    key = f"{kind.value}:{question.public_id}"
    messages.notify(kind, question.asked_by_id, subject, about, dedupe_key=key, actor=actor, now=now)


@as_system()
def _agree(question: ApartQuestion, said: ApartAnswer) -> None:
    """In force by the other team's yes alone; by its no it only waits, so that nothing is told of it (R-755)."""
    flag = db.session.get(KeepApart, question.flag_id)
    if flag is None or flag.state is ApartState.ENDED:
        return
    is_yes = said is ApartAnswer.GO_AHEAD
    flag.state = ApartState.IN_FORCE if is_yes else ApartState.ASKED
    flag.other_case_id = question.case_id if is_yes else None


def look_for(*, now: datetime) -> int:
    """Ask the teams of cases that somebody has named by a number she does not see (R-755). Returns how many.

    Done apart from the wish, so that its answer takes as long for a case that is there as for one that is not.
    """
    asked = 0
    for flag in queries.list_to_look_for():
        flag.looked_at = now
        other = db.session.scalar(sa.select(Case).where(Case.reference == flag.named, Case.closed_at.is_(None)))
        if other is not None and other.id != flag.case_id:
            pair = Placement(PlacementPath.PAIR, "", "")
            placements.put_question(other, flag.id, pair, asked_by_id=flag.set_by_id, now=now)
            case_marks.record(Audit.APART_ASKED, other, actor=SYSTEM, now=now)
            asked += 1
    db.session.flush()
    return asked
