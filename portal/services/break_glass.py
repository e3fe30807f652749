"""Emergency access: opened with a reason, told at once, looked at within two days (security rule 2.8)."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, NotFound, NotNow
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import BreakGlassReason, Verdict
from portal.db import db
from portal.domain.break_glass import LASTS, QUOTA_DAYS, REVIEW_WITHIN, SHORTEST_REASON, refusal
from portal.domain.disclosure import Relation
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.models.access import BreakGlass
from portal.models.cases import Case
from portal.queries import emergencies as queries
from portal.queries.clock import database_now
from portal.services import audit, case_marks, deadlines, safety_desk
from portal.wall import as_system


def open_case(reference: str, *, category: BreakGlassReason, reason: str, actor: Actor, now: datetime) -> BreakGlass:
    """Open one case of the own organisation for sixty minutes (R-376). A second time while it lasts is the same one.

    A case that is not there, another house's and one that she is kept out of are the same: NotFound. Raises Invalid
    beside the reason, Forbidden when her quota is used or an earlier one waits to be looked at: that is asked before
    any case is looked for, so that the refusal says nothing of one.
    """
    require(actor, Permission.CASE_EMERGENCY)
    text, wanted, at = check_reason(reason, shortest=SHORTEST_REASON), reference.strip(), database_now()
    # Two windows of one person, opened at once, count one after the other.
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(queries.EMERGENCY_LOCK, actor.user_id)))
    running = queries.find_running(actor, wanted)
    if running is not None:
        return running
    _check_right(actor, at)
    case = queries.find_for_emergency(actor, wanted)
    if case is None:
        raise NotFound
    opened = _begin(case, category, text, actor=actor, at=at)
    audit.record(
        Audit.BREAK_GLASS_OPENED,
        SubjectType.BREAK_GLASS,
        opened.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        fields=[category.value],
        reason=text,
        relation=Relation.BG,
    )
    _tell(case, opened, actor=actor, now=now)
    db.session.flush()
    return opened


def page_of(opened: BreakGlass) -> str:
    """The public id of the case that was opened."""
    return db.session.get_one(Case, opened.case_id).public_id


@as_system()
def _begin(case: Case, category: BreakGlassReason, text: str, *, actor: Actor, at: datetime) -> BreakGlass:
    opened = BreakGlass(
        public_id=new_public_id(),
        case_id=case.id,
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        organisation_id=actor.organisation_id,
        category=category,
        reason=text,
        started_at=at,
        ends_at=at + LASTS,
    )
    db.session.add(opened)
    db.session.flush()
    return opened


def _check_right(actor: Actor, at: datetime) -> None:
    used, oldest = queries.count_emergencies(actor, days=QUOTA_DAYS)
    refused = refusal(used=used, oldest_unreviewed=oldest, now=at)
    if refused is not None:
        raise Forbidden(refused)


def _tell(case: Case, opened: BreakGlass, *, actor: Actor, now: datetime) -> None:
    primary = case_marks.primary_of(case)
    receivers = {*safety_desk.officers(case.owner_organisation_id), *([primary] if primary else [])}
    for receiver in sorted(receivers):
        safety_desk.tell(
            MessageKind.BREAK_GLASS_USED,
            receiver,
            SubjectType.BREAK_GLASS,
            opened.public_id,
            case_id=case.id,
            actor=actor,
            now=now,
        )
    deadlines.put_up(
        DeadlineKind.BREAK_GLASS_REVIEW,
        SubjectType.BREAK_GLASS,
        opened.public_id,
        due_on=local_date(now + REVIEW_WITHIN),
        organisation_id=case.owner_organisation_id,
        queue_role=Role.SAFETY_OFFICER,
        now=now,
    )


def end(case_public_id: str, *, actor: Actor, now: datetime) -> None:
    """End one's own emergency access to a case before the hour is over. Raises NotFound when there is none."""
    opened = queries.get_running(actor, case_public_id)
    opened.ended_at = database_now()
    audit.record(
        Audit.BREAK_GLASS_ENDED,
        SubjectType.BREAK_GLASS,
        opened.public_id,
        actor=actor,
        now=now,
        case_id=opened.case_id,
    )
    db.session.flush()


def review(public_id: str, *, verdict: Verdict, remark: str | None, actor: Actor, now: datetime) -> None:
    """The safety officer finds that it was needed, or was not (R-378). Raises NotFound, NotNow the second time.

    Nobody looks at her own: Forbidden.
    """
    require(actor, Permission.SAFETY_VIEW)
    opened = queries.get_emergency(actor, public_id)
    if opened.user_id == actor.user_id:
        raise Forbidden
    if opened.reviewed_at is not None:
        raise NotNow
    _settle(opened, verdict, remark, actor=actor, now=now)
    audit.record(
        Audit.BREAK_GLASS_REVIEWED,
        SubjectType.BREAK_GLASS,
        opened.public_id,
        actor=actor,
        now=now,
        case_id=opened.case_id,
        fields=[verdict.value],
    )
    deadlines.finish(DeadlineKind.BREAK_GLASS_REVIEW, opened.public_id, actor=actor, now=now)
    db.session.flush()


@as_system()
def _settle(opened: BreakGlass, verdict: Verdict, remark: str | None, *, actor: Actor, now: datetime) -> None:
    """Write the verdict, also where the case is erased: a remark has no key then and is not kept."""
    opened.reviewed_at, opened.reviewed_by_id, opened.verdict = now, actor.user_id, verdict
    is_erased = db.session.get_one(Case, opened.case_id).erased_at is not None
    opened.remark = None if is_erased else remark or None


def tell_of_unreviewed(*, now: datetime) -> int:
    """Tell the data-protection officers of what nobody has looked at for 48 hours, once each (R-378)."""
    waiting = queries.list_unreviewed_too_long(REVIEW_WITHIN)
    for opened in waiting:
        for receiver in safety_desk.people(opened.organisation_id, Role.DATA_PROTECTION_OFFICER):
            safety_desk.tell(
                MessageKind.BREAK_GLASS_USED,
                receiver,
                SubjectType.BREAK_GLASS,
                opened.public_id,
                case_id=opened.case_id,
                actor=SYSTEM,
                now=now,
            )
    return len(waiting)
