"""She comes back: her old file is opened again, with the person whom she knows first. No second one is made (R-657)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.states import CaseState
from portal.db import db
from portal.domain.permissions import can, require
from portal.models.cases import Case
from portal.queries import returning as queries
from portal.queries.apart import pairs_apart
from portal.services import case_marks, closing
from portal.services.team import join_team
from portal.wall import as_system

WHY = "She has come back, and her old file goes on."


def open_old(
    public_id: str, given: queries.Given, *, with_former: bool, actor: Actor, now: datetime
) -> tuple[str, str]:
    """Open her old file again; the person whom she knows is the one to ask, if she still works here (R-657).

    Whoever asks says of her again what finds the file: nobody opens one by its address alone. She joins the team, and
    the former worker is told once. Returns the public id and the reference. Raises Invalid, NotNow.
    """
    require(actor, Permission.CASE_OPEN)
    found = next((one for one in queries.list_closed(actor, given) if one.public_id == public_id), None)
    if found is None:
        raise Invalid(_("This file is not there any more. Look at the choice again."), field="returns")
    # A closed file has a team that the actor may not be on; what she says of the woman has shown it to her.
    with as_system():
        case = db.session.scalars(
            sa.select(Case).where(Case.public_id == public_id).options(joinedload(Case.client, innerjoin=True))
        ).one()
        closing.lock(case)
        if case.state is not CaseState.CLOSED:
            raise NotNow(_("Somebody has opened her file already."))
        former = found.worker_id if with_former else None
        # Whom she must not meet does not take her back: it is then as if nobody were known.
        if former is not None and pairs_apart([case.id], [former]):
            former = None
        _take_on(case, former, actor=actor, now=now)
        closing.take_up_again(case, WHY, actor=actor, now=now)
        case_marks.record(Audit.CASE_RETURNED, case, actor=actor, now=now)
        db.session.flush()
        return case.public_id, case.reference


def _take_on(case: Case, former: int | None, *, actor: Actor, now: datetime) -> None:
    """The team: who opens it, and the one whom she knows. Intake opens it for others and does not join."""
    if former is not None:
        join_team(case.id, former, actor=actor, now=now, is_primary=True)
    if can(actor, Permission.CASE_VIEW) and former != actor.user_id:
        join_team(case.id, actor.user_id or 0, actor=actor, now=now, is_primary=former is None)
