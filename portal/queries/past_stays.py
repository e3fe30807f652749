"""When she came to a centre and left it, for what has been in a case: by those days, not by when they were written."""

from typing import Any

import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.models.audit import AuditEntry
from portal.models.stays import StatutoryNotice, Stay
from portal.models.users import User
from portal.queries.past_cells import OF_CASE, cells
from portal.queries.past_parts import at_day

HERE, ELSEWHERE = "here", "elsewhere"


def stays() -> list[sa.Select[Any]]:
    """The day she came and the day she left, each with who wrote it down and when (R-768).

    `outcome` says whether it was the centre of this case: its stays alone have a notice of admission.
    """
    is_here = sa.exists().where(StatutoryNotice.stay_id == Stay.id, StatutoryNotice.kind == "admission")
    of_case, has_left = Stay.case_id == OF_CASE, Stay.discharged_on.is_not(None)
    recorded, ended = _written(Audit.STAY_RECORDED), _written(Audit.STAY_ENDED)

    def part(source: str, day: Any, written: Any, among: Any, condition: Any) -> sa.Select[Any]:
        outcome = sa.case((is_here, sa.literal(HERE)), else_=sa.literal(ELSEWHERE))
        numbered = _numbered(sa.select(Stay.id.label("of")).where(of_case, among), Stay.id)
        return (
            sa.select(*cells(source, at_day(day), Stay.id, outcome=outcome, who=User.name, written=written.c.at))
            .join(numbered, numbered.c.of == Stay.id)
            .outerjoin(written, written.c.number == numbered.c.number)
            .outerjoin(User, User.id == written.c.actor_id)
            .where(condition)
        )

    left_here = sa.and_(has_left, is_here)
    return [
        part("came", Stay.admitted_on, recorded, sa.true(), sa.true()),
        part("left_centre", Stay.discharged_on, ended, left_here, sa.true()),
        # A stay elsewhere is written down when it is over, both its days at once.
        part("left_centre", Stay.discharged_on, recorded, sa.true(), sa.and_(has_left, ~is_here)),
    ]


def _written(action: Audit) -> sa.Subquery:
    """When something was written into the trail of a case. The trail names the case and not the stay: the newest
    line is about the newest stay, and so on back."""
    said = sa.select(AuditEntry.at, AuditEntry.actor_id)
    return _numbered(said.where(AuditEntry.case_id == OF_CASE, AuditEntry.action == action), AuditEntry.id)


def _numbered(statement: sa.Select[*tuple[Any, ...]], key: Any) -> sa.Subquery:
    return statement.add_columns(sa.func.row_number().over(order_by=key.desc()).label("number")).subquery()
