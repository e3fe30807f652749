"""What is written about an application for a grant."""

from typing import Any

from portal.core.i18n import _
from portal.core.kinds import ConsentForm, DeclineReason, GrantCategory, PayeeKind
from portal.services.grants import MOST_LINES
from portal.services.grants import Line as TypedLine
from portal.web.fields import Day, Kroner, Pick, PortalForm, Radio, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

CLOSED = (DeclineReason.CRITERIA, DeclineReason.CAPACITY, DeclineReason.OTHER_HELP_FITS)


class NewForm(PortalForm):
    """Which fund."""

    fund = Radio(_("Which fund?"), [required()], choices=[])


class ApplicationForm(VersionedForm):
    """Purposes and amounts, who is paid, and her consent. The rows for amounts are the categories."""

    # The account is for the one who pays, and the consent is given anew.
    sealed = frozenset({"account", "consent"})
    other_support = Text(_("What other support has she applied for or been given?"), [required()], scan=Scan.REFUSE)
    payee_kind = Radio(_("Who receives the money?"), [required()], kind=PayeeKind)
    account = Line(_("Registration number and account"), [optional()])
    consent = Radio(_("How did she consent to the application?"), [required()], kind=ConsentForm)

    def typed_lines(self) -> list[TypedLine]:
        """The purposes for which an amount was written."""
        return [
            TypedLine(category, self[f"amount_{category.value}"].data, self[f"purpose_{category.value}"].data or None)
            for category in GrantCategory
            if self[f"amount_{category.value}"].data
        ][:MOST_LINES]


def _rows() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for category in GrantCategory:
        fields[f"amount_{category.value}"] = Kroner(_("Amount in kroner"), [optional()])
        fields[f"purpose_{category.value}"] = Line(_("For what?"), [optional()], scan=Scan.REFUSE)
    return fields


for _name, _field in _rows().items():
    setattr(ApplicationForm, _name, _field)


class InfoForm(PortalForm):
    """What is missing."""

    wanted = Text(_("What is missing?"), [required()], scan=Scan.REFUSE)


class RecommendForm(VersionedForm):
    """The recommendation; the amounts are fields of their own, one per line."""

    text = Text(_("Recommendation"), [required()], scan=Scan.REFUSE)


class DeclineForm(PortalForm):
    """A no, with what could be done instead."""

    reason = Pick(_("Reason"), [required()], kind=CLOSED, empty=_("Choose"))
    text = Text(_("What could she be offered instead?"), [required()], scan=Scan.REFUSE)


class PayForm(PortalForm):
    """That it has been paid."""

    paid_on = Day(_("Paid on"), [required()])
    reference = Line(_("The bank's reference, without a name"), [required()], scan=Scan.REFUSE)


class RevealForm(PortalForm):
    """Why the account is shown."""

    reason = Line(_("Why do you need to see the account?"), [required()], scan=Scan.REFUSE)
