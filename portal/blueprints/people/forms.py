"""Forms about people: handing over, confirming."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import Field

from portal.core.i18n import _
from portal.domain.hand_overs import NOBODY, Row, Successor
from portal.domain.labels import label
from portal.web.fields import Day, Pick, PortalForm, Several, required

ROW = "to_"


class HandOverForm(PortalForm):
    """Whom everything goes to: one choice for all, or one per row."""

    everyone = Pick(_("Give everything to"), choices=list)
    row_keys: ClassVar[Sequence[str]] = ()

    @property
    def rows(self) -> list[Field]:
        """The choices of the rows, in the order of the page."""
        return [self[ROW + key] for key in self.row_keys]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, by the key of the row."""
        return {key: self[ROW + key].data or "" for key in self.row_keys}


def hand_over_form(
    rows: Sequence[Row], successors: Sequence[Successor], proposed: dict[str, int | None], **kwargs: Any
) -> HandOverForm:
    """A form with one choice per row, on which the proposal is chosen already."""
    people = [(one.public_id, one.name) for one in successors]
    names = {one.user_id: one.public_id for one in successors}
    fields: dict[str, Any] = {"row_keys": [row.key for row in rows]}
    for row in rows:
        fields[ROW + row.key] = Pick(
            f"{label(row.kind)} {row.reference}".strip(),
            choices=[*people, (NOBODY, str(_("Nobody yet: the leads are told")))],
            default=names.get(proposed[row.key] or 0, NOBODY),
        )
    form: HandOverForm = type("RowsForm", (HandOverForm,), fields)(**kwargs)
    form.everyone.choices = [("", str(_("As it stands below"))), *people]
    return form


class AbsenceForm(PortalForm):
    """Who stands in, and on which days."""

    deputy = Pick(_("Deputy"), [required(_("Choose somebody."))], choices=list)
    from_on = Day(_("First day away"), [required()])
    to_on = Day(_("Last day away"), [required()])


class ConfirmForm(PortalForm):
    """Who still works here."""

    members = Several(_("They still work here in this role"), choices=list)
