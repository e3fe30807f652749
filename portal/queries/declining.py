"""How a house uses the reasons for a no: the usual way, and what it has changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from portal.core.kinds import DeclineReason
from portal.db import db
from portal.domain.declining import Use, usual
from portal.models.waiting import DeclineRule


def list_uses(organisation_id: int | None) -> list[Use]:
    """Every reason as this house uses it, in the order of the vocabulary."""
    return read_uses(db.session.scalar(sa.select(changed_uses(organisation_id))))


def changed_uses(organisation_id: Any) -> Any:
    """What a house has changed, as a column of another statement: rows of reason, days and whether it is used."""
    row = sa.func.json_build_array(DeclineRule.reason, DeclineRule.cool_down_days, DeclineRule.is_active)
    return sa.select(sa.func.json_agg(row)).where(DeclineRule.organisation_id == organisation_id).scalar_subquery()


def read_uses(changed: Sequence[Sequence[Any]] | None) -> list[Use]:
    """Every reason as the house uses it, from that column."""
    known = {reason: (days, is_active) for reason, days, is_active in changed or ()}
    return [
        replace(usual(reason), cool_down_days=known[reason][0], is_active=known[reason][1])
        if reason in known
        else usual(reason)
        for reason in DeclineReason
    ]


def find_use(organisation_id: int, reason: DeclineReason) -> Use:
    """One reason as this house uses it."""
    return next(use for use in list_uses(organisation_id) if use.reason is reason)
