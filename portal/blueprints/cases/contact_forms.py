"""The card of safe contact as a form: the ways that are ticked fold out, each with its own questions (R-800)."""

from collections.abc import Callable, Iterator
from typing import Any

from wtforms import BooleanField
from wtforms.validators import StopValidation

from portal.core.i18n import _
from portal.core.kinds import ContactChannel, MayAnswer
from portal.domain.labels import label
from portal.domain.safe_contact import ANY_DAY, NO_DAYS, WEEKDAYS, Way
from portal.queries.person_facts import CardFacts
from portal.web.fields import Radio, Several, Whole, optional
from portal.web.texts import Line, Text
from portal.web.versions import VersionedForm

DAYS = ((ANY_DAY, _("Every day")), (WEEKDAYS, _("Weekdays only")))
TIMES, SAYS = ("days", "from_hour", "to_hour"), "may_say_who_calls"
# What is asked of each way; of one that goes through her contact person, nothing.
ASKED: dict[ContactChannel, tuple[str, ...]] = {
    ContactChannel.SMS: (*TIMES, SAYS),
    ContactChannel.PHONE: (*TIMES, "may_answer", "may_leave_voicemail", SAYS),
    ContactChannel.EMAIL: (*TIMES, SAYS),
    ContactChannel.LETTER: (SAYS,),
}
WRITTEN = _("We may write who we are")


def _choices() -> list[tuple[str, str]]:
    return [*((one.value, label(one)) for one in ContactChannel), (NO_DAYS, str(_("Not at all for now")))]


def _some_way(form: Any, field: Several) -> None:
    if not field.data:
        raise StopValidation(_("Choose at least one: also that she is not to be reached for now."))
    if NO_DAYS in field.data and len(field.data) > 1:
        raise StopValidation(_("You have chosen a way and that she is not to be reached. Change one of them."))


def _where_chosen(channel: ContactChannel) -> Callable[[Any, Any], None]:
    """Must be answered where the way is ticked."""

    def check(form: "ContactCardForm", field: Radio) -> None:
        if field.data is None and channel.value in (form.ways.data or ()):
            raise StopValidation(_("Choose one of these."))

    return check


def _days(channel: ContactChannel) -> Radio:
    return Radio(_("When"), [_where_chosen(channel)], choices=DAYS)


def _from() -> Whole:
    return Whole(_("From"), [optional()], low=0, high=23)


def _to() -> Whole:
    return Whole(_("To"), [optional()], low=1, high=24)


class ContactCardForm(VersionedForm):
    """How she may be reached without danger, asked of her today."""

    ways = Several(_("How may she be reached?"), [_some_way], choices=_choices)
    sms_days, sms_from_hour, sms_to_hour = _days(ContactChannel.SMS), _from(), _to()
    sms_may_say_who_calls = BooleanField(WRITTEN)
    phone_days, phone_from_hour, phone_to_hour = _days(ContactChannel.PHONE), _from(), _to()
    phone_may_answer = Radio(_("Who may answer"), [_where_chosen(ContactChannel.PHONE)], kind=MayAnswer)
    phone_may_leave_voicemail = BooleanField(_("A voicemail may be left"))
    phone_may_say_who_calls = BooleanField(_("We may say who we are when somebody else answers"))
    email_days, email_from_hour, email_to_hour = _days(ContactChannel.EMAIL), _from(), _to()
    email_may_say_who_calls = BooleanField(WRITTEN)
    letter_may_say_who_calls = BooleanField(_("Who sends it may stand on the envelope"))
    is_device_shared = BooleanField(_("Somebody else can read her telephone, mail box or e-ID"))
    code_word = Line(_("Code word"), [optional()])
    note = Text(_("Anything else about safe contact"), [optional()])

    def asked_of(self, value: str) -> dict[str, Any]:
        """The questions about this way, by what each is called on a card."""
        asked = next((names for channel, names in ASKED.items() if channel.value == value), ())
        return {name: self[f"{value}_{name}"] for name in asked}

    def chosen(self) -> Iterator[Way]:
        """The ways that are ticked, each as it is answered."""
        for value in self.ways.data or ():
            if value != NO_DAYS:
                answers = {name: field.data for name, field in self.asked_of(value).items()}
                yield Way(ContactChannel(value), **answers)


def known_card(card: CardFacts | None, version: int) -> ContactCardForm:
    """The form as the newest card fills it."""
    values: dict[str, Any] = {}
    if card is not None:
        values = {"is_device_shared": card.is_device_shared, "code_word": card.code_word, "note": card.note}
        values["ways"] = [way.channel.value for way in card.ways] or [NO_DAYS]
        for way in card.ways:
            values |= {f"{way.channel.value}_{name}": getattr(way, name) for name in ASKED.get(way.channel, ())}
    return ContactCardForm(formdata=None, data=values, version=version)
