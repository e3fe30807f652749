"""The forms of an incident."""

from datetime import datetime

from wtforms import BooleanField

from portal.core.clock import at_local
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.rights import IncidentKind, PeopleBand, TellingState
from portal.domain.disclosure import FieldGroup
from portal.services.incidents import Account
from portal.web.fields import Clock, Day, Pick, PortalForm, Radio, Several, optional, required
from portal.web.texts import Line, Text
from portal.web.versions import VersionedForm

# What an incident may have shown, in words; each stands for a field group.
GROUPS = (
    (FieldGroup.PERSON_NAME, _("Names")),
    (FieldGroup.PERSON_CPR, _("CPR numbers")),
    (FieldGroup.CONTACT_PHONE_EMAIL, _("Telephone and mail")),
    (FieldGroup.ADDR_EXACT, _("Exact addresses")),
    (FieldGroup.HOUSING_UNIT_IDENTITY, _("Which home is whose")),
    (FieldGroup.CHILD_IDENTITY, _("Children")),
    (FieldGroup.RISK_NARRATIVE_PERPETRATOR, _("What was written about violence")),
    (FieldGroup.NOTE_CASE, _("Journal")),
    (FieldGroup.REFERRAL_CONTENT, _("Referral forms")),
    (FieldGroup.GRANT_BANK_DETAILS, _("Bank accounts")),
    (FieldGroup.OUTCOME_SCORES, _("Answers and scores")),
    (FieldGroup.VOLUNTEER_PROFILE, _("Volunteers")),
    (FieldGroup.USER_MEMBERSHIP, _("People who work here")),
)


class AccountForm(VersionedForm):
    """What is known so far."""

    kind = Pick(_("What kind"), [required()], kind=IncidentKind, empty=_("Choose"))
    happened_on = Day(_("Day it happened"), [optional()])
    happened_at = Clock(_("Time it happened"), [optional()])
    people = Pick(_("How many people"), [required()], kind=PeopleBand, empty=_("Choose"))
    groups = Several(_("Which data"), choices=[(group.value, text) for group, text in GROUPS])
    is_location = BooleanField(_("Somebody may learn by it where a woman is"))
    what_happened = Text(_("What happened, and how did it come about?"), [optional()])
    consequences = Text(_("What may come of it for the people concerned?"), [optional()])
    measures = Text(_("What has been done, and what will be?"), [optional()])

    @property
    def account(self) -> Account:
        """What the form says."""
        return Account(
            kind=self.kind.data,
            people=self.people.data,
            groups=tuple(self.groups.data or ()),
            is_location=bool(self.is_location.data),
            happened_at=moment_of(self.happened_on, self.happened_at),
            what_happened=self.what_happened.data,
            consequences=self.consequences.data,
            measures=self.measures.data,
        )


class NewForm(AccountForm):
    """A new incident: the clock runs from when it was known."""

    known_on = Day(_("Day it was known"), [required()])
    known_at = Clock(_("Time it was known"), [required()])


class NotifiedForm(PortalForm):
    """When the authority was notified."""

    sealed = frozenset({"reason"})
    notified_on = Day(_("Day of the notice"), [required()])
    notified_at = Clock(_("Time of the notice"), [required()])
    reason = Text(_("Why late, if it is"), [optional()], id="notified-reason")


class NotRequiredForm(PortalForm):
    """Why the authority need not be notified."""

    sealed = frozenset({"reason"})
    reason = Text(_("Why not"), [required()], id="not-required-reason")


class TellingForm(VersionedForm):
    """How far telling the women has come."""

    telling = Radio(_("Do they know?"), [required()], kind=TellingState)
    telling_plan = Text(_("How are they told without danger?"), [optional()])
    plan_holder = Line(_("Who holds the safety plan, by role"), [optional()])


class PressForm(PortalForm):
    """Needs nothing but the press."""


def moment_of(day: Day, at: Clock) -> datetime | None:
    """The moment of a day and a time; None without a day. Raises Invalid for a day without a time."""
    if day.data is None:
        return None
    if at.data is None:
        raise Invalid(_("Write the time too."), field=at.short_name)
    return at_local(day.data, at.data)
