"""What the pages of referrals show, made before the templates."""

from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.blueprints.programmes.routes import room
from portal.core.clock import local_date, utc_now
from portal.core.kinds import ReferralSource
from portal.domain.declining import is_resting
from portal.domain.disclosure import Relation
from portal.domain.labels import label
from portal.domain.labels.referrals import STEPS
from portal.domain.programme_forms import is_answered, visible
from portal.domain.programmes import QuestionType, eligibility, read
from portal.domain.referral_sources import FROM, refusal
from portal.domain.referrals import is_safety_fresh
from portal.domain.risk import is_expired
from portal.queries import asked_offers
from portal.queries import known as known_queries
from portal.queries.programmes import list_offers
from portal.queries.referral_texts import answers_of, of_referral
from portal.web import safe_contact
from portal.web.access import current_actor
from portal.web.filters import clock, day, in_language, short_day


def language() -> str:
    """The language that the page is shown in."""
    return str(get_locale())


def frame(referral: Any, number: int) -> dict[str, Any]:
    """What stands around every step: the steps, what is known, the state of the draft."""
    known = known_queries.known(referral.case, local_date(utc_now()))
    steps = [
        {
            "label": text,
            "state": "current" if at == number else "done" if at < referral.step else "todo",
            "url": url_for("referrals.step", public_id=referral.public_id, number=at) if at <= referral.step else None,
        }
        for at, text in enumerate(STEPS, 1)
    ]
    return {
        "referral": referral,
        "texts": of_referral(referral, Relation.CT),
        "number": number,
        "steps_shown": steps,
        "known": known,
        "danger": danger(known),
        "facts_shown": side(known),
        "has_card": known.card is not None,
        "contact_shown": safe_contact.sentence(known.card)[0] if known.card else "",
        "is_stale": not is_safety_fresh(known.safety_assessed_on, local_date(utc_now())),
        "saved_at": clock(referral.edited_at),
        "this_url": url_for("referrals.step", public_id=referral.public_id, number=number),
        "keep_url": url_for("referrals.keep", public_id=referral.public_id, step=number),
    }


def side(known: known_queries.Known) -> list[tuple[str, Any]]:
    """What is known about her already, as terms and values."""
    return [
        (_("Case"), ", ".join((known.reference, _("named") if known.is_named else _("anonymous")))),
        (_("Children"), children(known.child_bands)),
        (_("Interpreter"), interpreter(known.needs_interpreter, known.language)),
        (_("Safety"), safety(known)),
        (_("Stays at a centre"), _("yes") if known.has_stay_now else _("no")),
        (_("Moves"), day(known.moved_on or known.planned_move_on) or _("not known")),
    ]


def asked_by(referral: Any) -> str:
    """Who asks for help; of her own wish or a relative's, also which house has written it down (R-853)."""
    house, source = referral.organisation, referral.source
    if source.value == house.kind.value:
        return str(house.name)
    if source in (ReferralSource.SELF, ReferralSource.RELATIVE):
        return _("%(who)s, written down by %(house)s", who=label(source), house=house.name)
    return _("%(house)s, for %(who)s", house=house.name, who=FROM[source])


def children(bands: tuple[str, ...]) -> str:
    """How many, and in which age bands."""
    if not bands:
        return _("none along")
    said = _(" and ").join(dict.fromkeys(bands))
    return _("%(count)d (%(bands)s years)", count=len(bands), bands=said)


def interpreter(needs: bool, spoken: str | None) -> str:
    """Whether an interpreter is needed, and for which language."""
    if not needs:
        return _("no")
    return _("yes, %(language)s", language=spoken) if spoken else _("yes")


def danger(known: known_queries.Known) -> str:
    """How dangerous it is, and whether that judgement has run out (R-630)."""
    level = label(known.safety_level)
    return (
        _("%(level)s (has run out)", level=level)
        if is_expired(known.safety_review_on, local_date(utc_now()))
        else level
    )


def safety(known: known_queries.Known) -> str:
    """When it was assessed and how."""
    if known.safety_assessed_on is None:
        return _("not assessed")
    return _("assessed %(day)s, %(level)s", day=short_day(known.safety_assessed_on), level=danger(known))


def offer_cards(referral: Any, chosen: list[str]) -> list[dict[str, Any]]:
    """The programmes as cards: room, and the reason why not."""
    known = known_queries.known(referral.case, local_date(utc_now()))
    facts = known.facts(referral.organisation.kind)
    asked, cards = asked_offers.asked(current_actor(), referral.case_id), []
    for row in list_offers(current_actor()):
        reasons = eligibility(read(row.rules), replace(facts, offer_municipality=row.municipality_code))
        not_taken = refusal(read(row.rules), referral.source)
        if not_taken is not None:
            reasons.append(not_taken)
        if not row.is_accepting:
            reasons.append(_("The programme is closed for referrals at present."))
        reasons = [*_asked_already(asked.get(row.id)), *reasons]
        text, colour = room(row)
        begins = " " + _("Begins %(day)s.", day=short_day(row.starts_on)) if row.starts_on else ""
        cards.append(
            {
                "id": row.public_id,
                "title": in_language(row, "name"),
                "organisation": row.organisation,
                "text": in_language(row, "summary") + begins,
                "chip": text,
                "colour": colour,
                "reason": str(reasons[0]) if reasons else None,
                "is_chosen": row.public_id in chosen,
            }
        )
    return sorted(cards, key=lambda card: card["reason"] is not None)


def _asked_already(known: asked_offers.Asked | None) -> list[str]:
    """Why an offer that knows her already cannot be chosen (R-851)."""
    if known is None:
        return []
    if known.is_running:
        return [_("The course is under way.")]
    if known.referred_at is not None:
        return [_("Already referred %(day)s.", day=day(local_date(known.referred_at)))]
    if is_resting(known.rests_until, local_date(utc_now())):
        until = day(known.rests_until)
        return [_("The programme has said no lately. It can be asked again after %(day)s.", day=until)]
    return []


def answers(track: Any) -> list[tuple[str, str]]:
    """The filled-in form of a request, question by question."""
    shown, given = [], answers_of(track)
    for question in visible(read(track.rules), given):
        value = given.get(question.key)
        if is_answered(value):
            shown.append((question.said(language()), _said(question, value)))
    return shown


def _said(question: Any, value: Any) -> str:
    if question.type is QuestionType.YES_NO:
        return _("Yes") if value == "yes" else _("No")
    if question.type in (QuestionType.CHOICE, QuestionType.SEVERAL):
        known: dict[str, str] = {choice.key: choice.said(language()) for choice in question.choices}
        return ", ".join(known.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value]))
    if question.type is QuestionType.DATE:
        return f"{value[8:10]}.{value[5:7]}.{value[:4]}"
    return str(value)


def proposed(offer: Any, text: str | None) -> str:
    """What a programme proposes: another one, words, or both."""
    parts = [in_language(offer.programme, "name")] if offer is not None else []
    return ". ".join([*parts, *([text] if text else [])])


def preview(track: Any) -> list[tuple[str, str]]:
    """What a receiver gets with a request."""
    return answers(track)


def position_words(position: int | None) -> str:
    """The place on the waiting list."""
    return "" if position is None else _("number %(num)d", num=position)


def weekdays(left: int | None) -> str:
    """How much of the clock is left."""
    return "" if left is None else ngettext("%(num)d weekday left", "%(num)d weekdays left", left)
