"""What somebody is to one case at this moment, read anew: by this gates decide, and a reveal behind its lock (R-600).

Lists and pages see by clauses and lenses (`visibility`, `case_lens`); the table behind them is the same one.
"""

from dataclasses import replace

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.db import db
from portal.domain.cases import narrowed
from portal.domain.decisions import NOWHERE, Sight
from portal.domain.disclosure import Relation
from portal.domain.modifiers import Circumstances
from portal.domain.relations import relation
from portal.models.cases import Case
from portal.models.clients import Client
from portal.queries.barriers import consented, has_follow_up
from portal.queries.case_lens import days_closed, of_the_track
from portal.queries.clock import NOW
from portal.queries.ties import ties_of

# Whoever sees a thing of the house that no case stands behind leads it: an empty home, a group's meeting.
ABOUT_NOBODY = Sight(Relation.TT, Circumstances(has_consent=True, needs_address=True, is_own_track=True))


def of_case(actor: Actor, case_id: int) -> Sight:
    """What the actor is to a case, and the case. One that she may not know of is the same as none."""
    row = db.session.execute(
        sa.select(
            Case.owner_organisation_id,
            Case.erased_at,
            Case.closed_at,
            Client.protection_level,
            consented(Case.id, actor.organisation_id).label("has_consent"),
            has_follow_up().label("has_follow_up"),
            NOW.label("now"),
        )
        .join(Client, Client.id == Case.client_id)
        .where(Case.id == case_id)
    ).one_or_none()
    if row is None:
        return NOWHERE
    case = replace(
        of_the_track(actor),
        is_erased=row.erased_at is not None,
        protection_level=row.protection_level,
        days_closed=days_closed(row.closed_at, row.now),
        has_consent=row.has_consent,
        has_follow_up=row.has_follow_up,
        narrowed=narrowed(actor.role, is_owner=row.owner_organisation_id == actor.organisation_id),
    )
    return Sight(relation(actor.role, ties_of(actor, case_id)), case)
