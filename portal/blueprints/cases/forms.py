"""The forms of a case. Almost everything may be left empty: the safe minimum is nothing at all."""

from wtforms import BooleanField
from wtforms.validators import Length, StopValidation

from portal.core.i18n import _
from portal.core.kinds import ConsentForm, ConsentPurpose, MunicipalityReason
from portal.core.rights import Capacity, ConsentScope, RightsKind
from portal.core.safety import WatchedRelation
from portal.core.standing import StandingKind, StandingSource
from portal.domain.labels.safety import PROTECTION
from portal.web.fields import BirthYear, Day, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.texts import Line, MailAddress, Scan, Text
from portal.web.versions import VersionedForm

LEVELS = (
    ("0", PROTECTION[0]),
    ("1", PROTECTION[1]),
    ("2", _("Special protection: no address is kept here")),
)


class PersonForm(VersionedForm):
    """Who she is, as far as it is known."""

    sealed = frozenset({"cpr"})
    name = Line(_("Name"), [optional()])
    birth_year = BirthYear(_("Birth year"), [optional()], low=1900)
    cpr = Line(_("CPR number"), [optional()])
    phone = Line(_("Telephone"), [optional()])
    language = Line(_("Language she speaks best"), [optional()], scan=Scan.REFUSE)
    needs_interpreter = BooleanField(_("She needs an interpreter"))
    needs_accessible = BooleanField(_("She needs a place without stairs"))


def _named_or_not(form: "NewCaseForm", field: Line) -> None:
    """A name, or the word that there is none: an empty form sent by mistake opens nothing (R-572)."""
    if not field.data and not form.is_unnamed.data:
        raise StopValidation(_("Write her name, or tick that she does not give it."))
    if field.data and form.is_unnamed.data:
        raise StopValidation(_("You have written a name and ticked that she gives none. Change one of them."))


# The first that is known is written down by itself.
CHANGES = [reason for reason in MunicipalityReason if reason is not MunicipalityReason.FIRST]


class NewCaseForm(PersonForm):
    """The safe minimum: everything may be empty, and that she gives no name is said."""

    name = Line(_("Name"), [_named_or_not])
    is_unnamed = BooleanField(_("She does not give her name, or not yet"))
    # Asked only of those who open cases for others.
    taker = Pick(_("Who works on the case?"), [optional()])
    # Asked only where the house has a closed file of hers.
    returns = Radio(_("Is it she?"), [optional()], choices=[])
    contact = Radio(_("Who is to be her contact person?"), [optional()], choices=[])
    # Asked only where the house has an open case that may be hers.
    is_another = BooleanField(_("I have looked: open a new case all the same"))
    responsible = Pick(_("Municipality that must act"), [optional()])


class MunicipalityForm(VersionedForm):
    """Which municipality must act, and which one pays."""

    of_change = frozenset({"from_on", "reason"})
    responsible = Pick(_("Municipality that must act"), [optional()])
    paying = Pick(_("Municipality that pays"), [optional()])
    from_on = Day(_("From which day"), [optional()])
    reason = Pick(_("Why is it another one?"), [optional()], kind=CHANGES, empty=_("Choose"))


class PeriodForm(PortalForm):
    """One line of the history as it should have been."""

    municipality = Pick(_("Municipality"), [optional()], choices=list)
    from_on = Day(_("From which day"), [required()])


class MoveForm(VersionedForm):
    """The planned move."""

    planned_move_on = Day(_("Planned move to her own home"), [optional()])


class MovedForm(VersionedForm):
    """The move that has been."""

    moved_on = Day(_("Moved in"), [required()])


class AddressForm(VersionedForm):
    """Her address and its protection. The stored address is never shown here."""

    sealed = frozenset({"address"})
    protection_level = Radio(_("Protection"), [required()], choices=LEVELS)
    registered_on = Day(_("Registered on"), [optional()])
    lower_reason = Text(_("Why lower protection?"), [optional()], scan=Scan.REFUSE)
    address = Text(_("New address"), [optional()], scan=Scan.OFF)


class StandingForm(PortalForm):
    """She has died, or has moved abroad."""

    kind = Radio(_("What has happened?"), [required()], kind=StandingKind)
    since_on = Day(_("Which day"), [required()])
    source = Radio(_("Who told us"), [optional()], kind=StandingSource)
    note = Line(_("How we know"), [optional()])


class TakeBackForm(PortalForm):
    """It was a mistake."""

    reason = Text(_("Why is it taken back?"), [required()])


class ReasonForm(PortalForm):
    """Why something protected must be opened."""

    # The page asks for nothing else.
    reason = Text(_("Why do you need it?"), [required()], scan=Scan.REFUSE, render_kw={"autofocus": True})


class ConsentFormPage(PortalForm):
    """What she agrees to, and towards whom."""

    purpose = Radio(_("What for"), [required()], kind=ConsentPurpose)
    scope = Several(_("What may be shared"), kind=ConsentScope)
    recipient = Pick(_("To whom"), [optional()])
    form = Radio(_("How she said yes"), [required()], kind=ConsentForm)
    given_on = Day(_("Given"), [required()])
    months = Whole(_("Months"), [required()], low=1, high=12, default=6)


class RightsForm(PortalForm):
    """Somebody asks about her own or a child's data."""

    sealed = frozenset({"asked_by_note", "asked_for"})
    kind = Radio(_("What is asked for"), [required()], kind=RightsKind)
    capacity = Pick(_("Who asks"), [required()], kind=Capacity, empty=_("Choose"))
    child = Pick(_("Which child"), [optional()])
    received_on = Day(_("Received"), [required()])
    asked_by_note = Line(_("Name of who asks"), [optional()])
    asked_for = Text(_("What exactly, in the person's own words"), [optional()])


class ColleagueForm(PortalForm):
    """A colleague for the team."""

    user = Pick(_("Colleague"), [required()])


class SentForm(PortalForm):
    """The day a notice was sent."""

    sent_on = Day(_("Sent"), [required()])


class SentAnewForm(PortalForm):
    """The day a notice was sent, corrected."""

    sent_on = Day(_("Sent"), [required()])
    reason = Text(_("Why is it corrected?"), [required()], scan=Scan.REFUSE)


class CloseForm(PortalForm):
    """Closing needs nothing but the press."""


class ReopenForm(PortalForm):
    """Why a closed case is opened again."""

    # The page asks for nothing else.
    reason = Text(_("Why is it reopened?"), [required()], scan=Scan.REFUSE, render_kw={"autofocus": True})


class KeepOutForm(PortalForm):
    """An account by its address, or a whole organisation."""

    email = MailAddress(_("E-mail of the account"), [optional()])
    organisation = Pick(_("Or everybody at an organisation"), [optional()])
    ends_part = BooleanField(_("Also if it works with her now: nobody there sees the case or helps her any more"))
    reason = Text(_("Why?"), [optional()], scan=Scan.REFUSE)


class WatchForm(PortalForm):
    """What is known of somebody who must not find her. Never shown again."""

    relation = Radio(_("Who is he to her?"), [required()], kind=WatchedRelation)
    name = Line(_("Full name"), [optional(), Length(max=120)])
    email = MailAddress(_("E-mail"), [optional()])
    phone = Line(_("Telephone"), [optional(), Length(max=30)])
