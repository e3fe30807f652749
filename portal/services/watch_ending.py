"""Taking somebody off the watch list: proposed by the safety officer, agreed to by the team, as with a block (2.7)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Forbidden, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.permissions import require
from portal.models.access import WatchedPerson
from portal.models.cases import Case
from portal.queries import watch as queries
from portal.services import audit, case_marks, messages


def ask_to_take_off(person: WatchedPerson, *, actor: Actor, now: datetime) -> None:
    """The safety officer proposes to take somebody off the list; the case's team must agree (R-387).

    Raises NotNow the second time, and while an account that was met has not been looked at.
    """
    require(actor, Permission.SAFETY_VIEW)
    if queries.has_open_hit(person):
        raise NotNow(_("Say first whether the account that was met is the same person."))
    if person.lift_asked_at is not None or person.ended_at is not None:
        raise NotNow
    person.lift_asked_at, person.lift_asked_by_id = now, actor.user_id
    case = db.session.get_one(Case, person.case_id)
    primary = case_marks.primary_of(case)
    if primary is not None:
        messages.notify(
            MessageKind.SECOND_PERSON_NEEDED,
            primary,
            SubjectType.CASE,
            case.public_id,
            actor=actor,
            now=now,
            case_id=case.id,
            dedupe_key=f"watch:{person.public_id}:{primary}",
        )
    db.session.flush()


def agree_to_take_off(person: WatchedPerson, *, actor: Actor, now: datetime) -> None:
    """Somebody of the case's team agrees, and nobody is met by this line any more (R-387).

    What was closed to an account that is the person stays closed. Raises NotNow where nobody has proposed it,
    Forbidden for the one who did.
    """
    require(actor, Permission.CASE_EDIT)
    if person.lift_asked_at is None or person.ended_at is not None:
        raise NotNow
    if person.lift_asked_by_id == actor.user_id:
        raise Forbidden
    person.ended_at, person.ended_by_id = now, actor.user_id
    case = db.session.get_one(Case, person.case_id)
    audit.record(Audit.WATCH_ENDED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
