"""How she may be reached without danger, in words."""

from flask import g
from flask_babel import gettext as _

from portal import db as database
from portal.core.clock import local_date, utc_now
from portal.core.kinds import ContactChannel, MayAnswer
from portal.domain import safe_contact as rule
from portal.domain.labels import label
from portal.domain.safe_contact import WEEKDAYS, Unsafe, Way
from portal.queries.case_page import ContactCard
from portal.queries.person_facts import CardFacts
from portal.services import safe_contact as service
from portal.web.filters import age_in_days


def sentence(card: ContactCard | CardFacts | None) -> tuple[str, str]:
    """How she may be reached, in one sentence, and the colour of the strip."""
    if card is None:
        return _("Unknown. Contact only through the contact person."), "red"
    if not card.ways:
        return _("No contact for now."), "red"
    first, *others = [", ".join([when(way), *conditions(way)]) for way in card.ways]
    parts = [first if is_through(card.ways[0]) else _("Only %(ways)s", ways="; ".join([first, *others]))]
    if card.is_device_shared:
        parts.append(_("somebody else can read along"))
    if card.has_code_word:
        parts.append(_("use the code word"))
    return ", ".join(parts) + ".", "warm" if is_stale(card) or card.is_device_shared else ""


def is_through(way: Way) -> bool:
    """Whether it says that she is reached through her contact person alone."""
    return way.channel is ContactChannel.ONLY_CONTACT_PERSON


def when(way: Way, *, within: bool = True) -> str:
    """A way with its days and hours, such as "SMS weekdays 9–14"; `within` a sentence, or at its beginning."""
    word = label(way.channel)
    if is_through(way) or way.channel is ContactChannel.LETTER:
        return word if is_through(way) or not within else _in_sentence(word)
    days = _("weekdays") if way.days == WEEKDAYS else _("every day")
    span = f" {way.from_hour}–{way.to_hour}" if way.from_hour is not None else ""
    return f"{_in_sentence(word) if within else word} {days}{span}"


def conditions(way: Way) -> list[str]:
    """What is to be minded when she is reached in this way."""
    said = []
    if way.channel is ContactChannel.PHONE:
        if way.may_answer is MayAnswer.HERSELF:
            said.append(_("ring off when somebody else answers"))
        elif way.may_answer is MayAnswer.NAMED:
            said.append(_("only those she has named may answer"))
        said.append(_("a voicemail may be left") if way.may_leave_voicemail else _("leave no voicemail"))
    if not way.may_say_who_calls and not is_through(way):
        is_call = way.channel is ContactChannel.PHONE
        said.append(_("do not say who you are") if is_call else _("do not write who you are"))
    return said


def _in_sentence(word: str) -> str:
    return word if word[:2].isupper() else word[:1].lower() + word[1:]


def age(card: ContactCard | CardFacts | None) -> str:
    """How long ago she was asked."""
    if card is None:
        return ""
    days = (local_date(utc_now()) - local_date(card.verified_at)).days
    if days < 2:
        return _("Asked yesterday.") if days == 1 else _("Asked today.")
    return _("Asked %(age)s ago.", age=age_in_days(card.verified_at))


def is_stale(card: ContactCard | CardFacts) -> bool:
    """Whether the card must be confirmed with her again."""
    return rule.is_stale(card.verified_at, now=utc_now())


def to_confirm(card: CardFacts | None) -> dict[str, str]:
    """What whoever speaks with her asks her about in the same step: a card that is too old (R-801); else nothing."""
    if card is None or not is_stale(card):
        return {}
    return {"says": sentence(card)[0], "age": age(card)}


def short(card: ContactCard | None) -> str:
    """The card in the list of facts."""
    if card is None:
        return ""
    return "; ".join(when(way, within=False) for way in card.ways) or _("not for now")


def stop(refusal: Unsafe) -> None:
    """What did not go to her stands on the list of whoever wanted it. The form that was sent is still to be used."""
    with database.transaction():
        service.stop(refusal, actor=g.actor, now=utc_now())
