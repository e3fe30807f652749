"""Choosing who takes a case: the same small form beside every row of a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.i18n import _
from portal.web.fields import Pick, PortalForm, required

Takers = Sequence[tuple[str, str]]


class TakerForm(PortalForm):
    """Who takes a case."""

    user = Pick(_("Who takes it"), [required(_("Choose somebody."))], choices=list)


def taker_forms(
    rows: Sequence[Any], takers: Mapping[str, Takers], *, sent: TakerForm | None = None, at: str = ""
) -> list[tuple[Any, TakerForm]]:
    """Every row with its form, on which those stand who may take it (by the row's public id).

    What was sent and refused stands beside the row that it was sent from.
    """
    forms = [(row, sent if sent is not None and row.public_id == at else TakerForm(formdata=None)) for row in rows]
    for row, form in forms:
        form.user.id = f"user-{row.public_id}"
        form.user.choices = [("", _("Choose")), *takers[row.public_id]]
    return forms
