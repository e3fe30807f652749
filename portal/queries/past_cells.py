"""The columns of what has been in a case: every part of the union has the same, of the same types."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from portal.models.contacts import OutsideContact
from portal.models.meetings import Meeting
from portal.models.users import User
from portal.vault import opened, opened_nothing

# What every part of the union says, and of which type it is.
TYPES: dict[str, Any] = {
    "public_id": sa.Text,
    "what": sa.Text,
    "outcome": sa.Text,
    "minutes": sa.Integer,
    "number": sa.Integer,
    "themes": ARRAY(sa.Text),
    "text": sa.LargeBinary,
    "said": sa.LargeBinary,
    "told": sa.LargeBinary,
    "who": sa.LargeBinary,
    "name_da": sa.Text,
    "name_en": sa.Text,
    "corrects": sa.Boolean,
    "corrects_id": sa.Text,
    "corrects_at": sa.TIMESTAMP(timezone=True),
    "corrects_day": sa.Boolean,
    "corrects_who": sa.LargeBinary,
    "corrected_by": sa.Text,
    "of_meeting": sa.Boolean,
    "day_only": sa.Boolean,
    "slip": sa.Text,
    "children": ARRAY(sa.Text),
    "written": sa.TIMESTAMP(timezone=True),
    "talk": sa.Text,
    "took_part": ARRAY(sa.Text),
    "readers": sa.Text,
    "pinned": sa.Boolean,
    "moved": sa.Boolean,
    "aside": sa.Text,
    "because": sa.Text,
    "asked_by": sa.LargeBinary,
    "decided_by": sa.LargeBinary,
    "decided": sa.TIMESTAMP(timezone=True),
    # Who was given the case, joined or left, and of which organisation.
    "whom": sa.LargeBinary,
    "house": sa.Text,
}
SEALED = ("text", "said", "told", "who", "whom", "corrects_who", "asked_by", "decided_by")
# Texts of other tables than the first part's: each is read as what it is.
ELSEWHERE: dict[str, Any] = {"said": OutsideContact.text, "told": Meeting.note, "whom": User.name}
# Whose past it is: every part is asked of one case, and where it is about a child, of that one.
OF_CASE: sa.BindParameter[int] = sa.bindparam("case_id", type_=sa.BigInteger)
OF_CHILD: sa.BindParameter[int] = sa.bindparam("child_id", type_=sa.BigInteger)


def cells(source: str, at: Any, key: Any, **given: Any) -> list[Any]:
    """One row of the union: every part has the same columns, of the same types."""
    sealed = set(SEALED) & given.keys()
    cells = {
        name: opened(given[name]) if name in sealed else sa.cast(given.get(name, sa.null()), kind)
        for name, kind in TYPES.items()
    }
    # The first part of the union says as what a column is read: a sealed one has its own place.
    cells |= {name: opened_nothing(column) for name, column in ELSEWHERE.items() if name not in given}
    return [
        sa.literal(source, sa.Text).label("source"),
        at.label("at"),
        key.label("id"),
        *(cell.label(name) for name, cell in cells.items()),
    ]
