"""All tables. Importing this package lets the migrations see every one of them."""

from typing import Any, Literal

import sqlalchemy as sa

from portal.models import (
    access,
    alerts,
    audit,
    cases,
    clients,
    counselling,
    cti,
    deadlines,
    enrolments,
    followups,
    furnishing,
    grants,
    groups,
    hand_overs,
    housing,
    identity,
    incidents,
    kept,
    keys,
    leaving,
    meetings,
    messages,
    organisations,
    outbox,
    plans,
    programmes,
    referrals,
    retention,
    rights,
    sealing,
    sign_in,
    stays,
    tasks,
    users,
    volunteers,
)

__all__ = [
    "access",
    "alerts",
    "audit",
    "cases",
    "clients",
    "counselling",
    "cti",
    "deadlines",
    "enrolments",
    "followups",
    "furnishing",
    "grants",
    "groups",
    "hand_overs",
    "housing",
    "identity",
    "incidents",
    "kept",
    "keys",
    "leaving",
    "meetings",
    "messages",
    "organisations",
    "outbox",
    "plans",
    "programmes",
    "referrals",
    "retention",
    "rights",
    "sealing",
    "sign_in",
    "stays",
    "tasks",
    "users",
    "volunteers",
]


def render_item(kind: str, item: object, context: Any) -> str | Literal[False]:
    """Write our column types into a migration as the plain types under them: migrations import nothing of ours."""
    if kind == "type" and isinstance(item, sa.TypeDecorator) and type(item).__module__.startswith("portal"):
        return f"sa.{item.impl!r}"
    return False
