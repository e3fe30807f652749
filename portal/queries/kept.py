"""Forms that could not be sent: one's own, in the role in which they were written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.db import db
from portal.domain.kept import KEPT_FOR, MOST, Fields
from portal.models.kept import KeptForm


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was when the session ended."""

    public_id: str
    action: str
    page: str
    fields: Fields
    is_incomplete: bool
    kept_at: datetime

    @property
    def texts(self) -> list[str]:
        """What was written in more than one word: to be copied where nothing puts it back into its field."""
        return [value for _name, value in self.fields if " " in value.strip()]


def list_kept(actor: Actor, *, now: datetime) -> list[Kept]:
    """What this person typed and could not send, the latest first (R-556)."""
    rows = db.session.scalars(
        sa.select(KeptForm)
        .where(
            KeptForm.membership_id == actor.membership_id,
            KeptForm.user_id == actor.user_id,
            KeptForm.kept_at > now - KEPT_FOR,
        )
        .order_by(KeptForm.kept_at.desc(), KeptForm.id.desc())
        .limit(MOST)
    )
    return [_kept(row) for row in rows]


def _kept(row: KeptForm) -> Kept:
    content: dict[str, Any] = row.content
    fields = [(str(name), str(value)) for name, value in content["fields"]]
    return Kept(row.public_id, row.action, content["page"], fields, bool(content["is_incomplete"]), row.kept_at)
