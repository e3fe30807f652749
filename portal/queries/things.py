"""Which case is behind a thing that has an address of its own. For the trail alone: whoever asked is told nothing."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from portal.db import Base, db
from portal.models.cases import Case
from portal.queries.barriers import blocked_cases

# Things that name no case themselves, each by the column that leads to what does, in one step or several.
THROUGH: Mapping[str, str] = {
    "audit_sample": "event_id",
    "child": "client_id",
    **dict.fromkeys(("child_consent", "child_period", "child_setting", "child_step", "former_child_place"), "child_id"),
    **dict.fromkeys(("goal_change", "goal_step"), "goal_id"),
    "claim": "task_id",
    "cti_course": "enrolment_id",
    "dossier_text": "request_id",
    "former_address": "client_id",
    "furnishing_item": "project_id",
    "furnishing_project": "enrolment_id",
    "grant_line": "application_id",
    "hour_entitlement": "enrolment_id",
    "hour_entry": "entitlement_id",
    "phase_plan": "course_id",
    "safe_contact_card": "client_id",
    "stay_plan_goal": "stay_plan_id",
    "subject_export": "request_id",
    "tenancy": "enrolment_id",
    "volunteer_match": "enrolment_id",
    "watch_hit": "watched_person_id",
}
PERSON = "client"


def find_behind(public_ids: Sequence[str], *, kept_out: int | None = None) -> int | None:
    """The case of the things with these public ids, as `find_case`. One statement, whether they are there or not."""
    return db.session.scalar(_behind(), {"asked": list(public_ids), "kept_out": kept_out})


@cache
def _behind() -> sa.Select[int]:
    """A case of the things that `asked` names. Built once to its end: it is long, and every refusal reads it.

    Every kind of thing is asked: an address does not say which it means.
    """
    # Each for itself, not as one array: of an array's length the database knows nothing, and would plan each time anew.
    asked: sa.BindParameter[str] = sa.bindparam("asked", expanding=True)
    found = (_to_case(table).where(table.c.public_id.in_(asked)) for table in of_cases())
    cases = sa.select(Case.id).where(Case.id.in_(sa.union_all(*found)))
    return _one_of(cases, sa.bindparam("kept_out", type_=sa.BigInteger))


def of_cases() -> list[sa.Table]:
    """Every table of things with an address that are about a case. A line of the trail has none: its id is no key."""
    leads = {Case.__tablename__, *THROUGH}
    with_address = (one for one in Base.metadata.sorted_tables if "public_id" in one.c and one.c.public_id.unique)
    return [table for table in with_address if table.name in leads or "case_id" in table.c]


def _to_case(table: sa.Table) -> sa.Select[Any]:
    """The key of the case for each row of a table, along the way that leads there."""
    joined: sa.FromClause = table
    while table.name in THROUGH:
        column = table.c[THROUGH[table.name]]
        parent = next(iter(column.foreign_keys)).column.table
        joined, table = joined.join(parent, parent.c.id == column), parent
    if table.name == PERSON:
        case = Case.__table__
        return sa.select(case.c.id).select_from(joined.join(case, case.c.client_id == table.c.id))
    return sa.select(table.c.id if table.name == Case.__tablename__ else table.c.case_id).select_from(joined)


def find_case(which: sa.Select[int], *, kept_out: int | None) -> int | None:
    """One of these cases: the one that this person is kept out of, where there is one among them."""
    return db.session.scalar(_one_of(which, kept_out))


def _one_of(which: sa.Select[int], kept_out: Any) -> sa.Select[int]:
    return which.order_by(Case.id.in_(blocked_cases(kept_out)).desc(), Case.id).limit(1)
