"""A volunteer who says that she knows the woman: the task goes to somebody else, and so do all of hers (2.7)."""

from datetime import datetime

from portal.core.actor import SYSTEM, Actor
from portal.db import db
from portal.models.cases import Case
from portal.models.tasks import Claim
from portal.services import claims, teamless
from portal.services.cutting_off import cut_off
from portal.services.watch_matches import close_to
from portal.wall import as_system


def say_she_knows_her(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """End the claim and close the case to this account for good, by its own word (R-611).

    The coordinators see why the place is free; the safety officers see the block; the case's team sees neither. Raises
    NotNow for a claim that is not confirmed.
    """
    case_id = claim.task.case_id
    claims.give_up_known(claim, actor=actor, now=now)
    if case_id is not None:
        _close(case_id, claim.volunteer.user_id, now=now)


@as_system()
def _close(case_id: int, user_id: int, *, now: datetime) -> None:
    # Set by herself: nobody can keep herself out by hand, so that is how such a block is known.
    close_to(case_id, user_id, user_id, now=now)
    cut_off(db.session.get_one(Case, case_id), [user_id], actor=SYSTEM, now=now)
    teamless.alarm([case_id], actor=SYSTEM, now=now)
