"""What is written of a child."""

from wtforms import BooleanField

from portal.core.children import (
    ConsentGiver,
    ConsentQuestion,
    ContactArrangement,
    Custody,
    PlanStep,
    SentHow,
    Whereabouts,
)
from portal.core.i18n import _
from portal.web.fields import BirthYear, Day, Pick, PortalForm, Radio, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class ChildForm(VersionedForm):
    """A child of hers."""

    name = Line(_("Name"), [optional()])
    birth_date = Day(_("Birth date"), [optional()])
    birth_year = BirthYear(_("Birth year"), [optional()], low=1980)
    is_along = BooleanField(_("The child is with her"))
    custody = Pick(_("Who has custody?"), [optional()], kind=Custody, empty=_("Not known"))
    contact = Pick(_("Contact with the other parent"), [optional()], kind=ContactArrangement, empty=_("Not known"))
    contact_text = Text(_("More about the contact"), [optional()])
    needs = Text(_("What colleagues must know about the child"), [optional()])
    language = Line(_("The child's language, if it is another than hers"), [optional()], scan=Scan.REFUSE)
    needs_interpreter = BooleanField(_("The child needs an interpreter"))


class NewChildForm(ChildForm):
    """A child more than there usually are is asked about."""

    is_sure = BooleanField(_("It is right that she has more than fifteen children"))


class WhereForm(PortalForm):
    """With whom the child is, from a day."""

    kind = Radio(_("With whom?"), [required()], kind=Whereabouts)
    from_on = Day(_("From"), [required()])
    until_on = Day(_("Until and with"), [optional()])


class StepForm(PortalForm):
    """Something of the plan that has been done."""

    step = Pick(_("What has been done?"), [required()], kind=PlanStep, empty=_("Choose"))
    done_on = Day(_("On which day?"), [required()])


class ConsentForm(PortalForm):
    """An answer on the child's behalf."""

    question = Pick(_("What was asked?"), [required()], kind=ConsentQuestion, empty=_("Choose"))
    answer = Radio(_("The answer"), [required()], choices=YES_NO)
    given_by = Pick(_("Who answered?"), [required()], kind=ConsentGiver, empty=_("Choose"))
    given_on = Day(_("Answered on"), [required()])


class SettingForm(VersionedForm):
    """School, daycare or handover. The stored place is never shown here."""

    sealed = frozenset({"place"})
    place = Line(_("Name and address"), [optional()], scan=Scan.OFF)
    forgets_place = BooleanField(_("Forget the place that is kept"))
    may_collect = Text(_("Who may collect the child, and who may not?"), [optional()])
    may_say = Text(_("What may be said to whom?"), [optional()])
    told_on = Day(_("Told about the protection on"), [optional()])
    assessed_on = Day(_("Safety assessed on"), [optional()])
    assessment = Text(_("How safe is the child there, and what is agreed?"), [optional()])


class ConcernForm(VersionedForm):
    """A notice of concern."""

    text = Text(_("What have you seen or heard, when, and what are you worried about?"), [required()])
    violence_suspected = BooleanField(_("Violence or abuse by a parent is suspected"))
    may_know = BooleanField(_("The parents may know of the notice before it is sent"))


class ConcernSentForm(VersionedForm):
    """That it was sent."""

    municipality = Pick(_("To which municipality?"), [required()])
    how = Pick(_("How was it sent?"), [required()], kind=SentHow, empty=_("Choose"))
    sent_on = Day(_("Sent"), [required()])


class ReceiptForm(PortalForm):
    """That the municipality has acknowledged it."""

    receipted_on = Day(_("The receipt came on"), [required()])
