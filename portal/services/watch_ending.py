"""Taking somebody off the watch list: proposed by the safety officer, agreed to by the team, as with a block (2.7)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.access import WatchedPerson
from portal.models.cases import Case
from portal.queries import watch as queries
from portal.services import audit, lifting


def ask_to_take_off(person: WatchedPerson, *, actor: Actor, now: datetime) -> None:
    """The safety officer proposes to take somebody off the list; the case's team must agree (R-387).

    Raises NotNow the second time, and while an account that was met has not been looked at; Forbidden.
    """
    if queries.has_open_hit(person):
        raise NotNow(_("Say first whether the account that was met is the same person."))
    lifting.propose(person, actor=actor, now=now)


def agree_to_take_off(person: WatchedPerson, *, actor: Actor, now: datetime) -> None:
    """Somebody of the case's team agrees, and nobody is met by this line any more (R-387).

    What was closed to an account that is the person stays closed. Raises NotNow where nobody has proposed it,
    Forbidden for the one who did.
    """
    lifting.agree(person, actor=actor, now=now)
    case = db.session.get_one(Case, person.case_id)
    audit.record(Audit.WATCH_ENDED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
