"""How she may be reached without danger, in words."""

from flask import g
from flask_babel import gettext as _

from portal import db as database
from portal.core.clock import local_date, utc_now
from portal.core.kinds import ContactChannel
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.labels import label
from portal.domain.safe_contact import Unsafe
from portal.queries.case_page import ContactCard
from portal.services import safe_contact as service
from portal.web.filters import age_in_days


def sentence(card: ContactCard | None) -> tuple[str, str]:
    """How she may be reached, in one sentence, and the colour of the strip."""
    if card is None:
        return _("Unknown. Contact only through the contact person."), "red"
    if card.days == "none":
        return _("No contact for now."), "red"
    days = _("weekdays") if card.days == "weekdays" else _("every day")
    parts = [label(card.channel)]
    if card.channel is not ContactChannel.ONLY_CONTACT_PERSON:
        span = f" {card.from_hour}–{card.to_hour}" if card.from_hour is not None else ""
        parts = [_("Only %(how)s %(days)s", how=_in_sentence(label(card.channel)), days=days) + span]
    if card.channel is ContactChannel.PHONE:
        parts.append(_("a voicemail may be left") if card.may_leave_voicemail else _("leave no voicemail"))
    if not card.may_say_who_calls:
        parts.append(_("do not say who you are"))
    if card.is_device_shared:
        parts.append(_("somebody else can read along"))
    if card.has_code_word:
        parts.append(_("use the code word"))
    return ", ".join(parts) + ".", "warm" if is_stale(card) or card.is_device_shared else ""


def _in_sentence(word: str) -> str:
    return word if word[:2].isupper() else word[:1].lower() + word[1:]


def age(card: ContactCard | None) -> str:
    """How long ago she was asked."""
    if card is None:
        return ""
    if local_date(card.verified_at) >= local_date(utc_now()):
        return _("Asked today.")
    return _("Asked %(age)s ago.", age=age_in_days(card.verified_at))


def is_stale(card: ContactCard) -> bool:
    """Whether the card must be confirmed with her again."""
    return local_date(utc_now()) >= due_on(ClockKey.SAFE_CONTACT_CHECK, local_date(card.verified_at))


def short(card: ContactCard | None) -> str:
    """The card in the list of facts."""
    if card is None:
        return ""
    span = f" {card.from_hour}–{card.to_hour}" if card.from_hour is not None else ""
    days = {"weekdays": _("weekdays"), "any": _("every day"), "none": _("not for now")}[card.days]
    return f"{label(card.channel)} {days}{span}"


def stop(refusal: Unsafe) -> None:
    """What did not go to her stands on the list of whoever wanted it. The form that was sent is still to be used."""
    with database.transaction():
        service.stop(refusal, actor=g.actor, now=utc_now())
