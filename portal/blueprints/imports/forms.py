"""The forms of an import."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField

from portal.core.i18n import _
from portal.core.imports import ImportField
from portal.web.fields import Pick, PortalForm, optional
from portal.web.uploads import SheetUpload
from portal.web.versions import VersionedForm


class FileForm(PortalForm):
    """A table from the own computer."""

    file = SheetUpload(_("The file"))

    @property
    def status(self) -> int:
        """415 for a kind that cannot be read, 413 for too much, 422 for all else."""
        return int(self.file.status) if self.file.errors else 422


class ColumnsForm(VersionedForm):
    """What each column is; one field for each is added by `columns_form`."""

    def chosen(self, count: int) -> list[ImportField | None]:
        """What was chosen, in the order of the file."""
        return [self[f"column_{number}"].data for number in range(count)]


class StartForm(VersionedForm):
    """The press that opens the cases."""

    with_alike = BooleanField(_("Also open the rows that look like a case that you have"))


class DropForm(PortalForm):
    """Dropping a file needs nothing but the press."""


def columns_form(headings: Sequence[str], known: dict[str, Any] | None, *, holds_cpr: bool) -> ColumnsForm:
    """A form with a choice for each column; `known` fills it in, without it what was sent counts."""
    fields = [field for field in ImportField if holds_cpr or field is not ImportField.CPR]
    columns = {
        f"column_{number}": Pick(
            heading or _("Column %(num)d", num=number + 1), [optional()], kind=fields, empty=_("Not read")
        )
        for number, heading in enumerate(headings)
    }
    made = type("ColumnsFormOf", (ColumnsForm,), columns)
    form: ColumnsForm = made(**({"formdata": None, "data": known} if known else {}))
    return form
