"""What a case says under each section of a handover, in words, and the file that is made of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from portal import papers
from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language
from portal.core.kinds import NeedArea
from portal.core.papers import PassingBasis, PassingSection
from portal.domain.cases import Lens
from portal.domain.labels import label
from portal.domain.labels.safety import PROTECTION
from portal.domain.passing_on import Passage
from portal.domain.vacancies import CALLED
from portal.queries import case_parts, children, person_facts, risk
from portal.queries import passing_on as queries
from portal.web import safe_contact
from portal.web.filters import day, of_both

Text = tuple[PassingSection, str, str]
Lines = Iterator[tuple[str, str]]


def texts(case: Any, seen: Lens, actor: Actor, done: str | None) -> Callable[[Sequence[PassingSection]], list[Text]]:
    """What the case tells under each of some sections: heads and texts, none of them empty. `done`: typed by hand."""
    made: dict[PassingSection, Callable[[], Lines]] = {
        PassingSection.WHO: lambda: _who(case, actor),
        PassingSection.CHILDREN: lambda: _children(case, seen),
        PassingSection.DONE: lambda: _done(case, done),
        PassingSection.PLAN: lambda: _plan(case),
        PassingSection.SAFETY: lambda: _safety(case, seen),
        PassingSection.CONTACT: lambda: _contact(case, actor),
        PassingSection.OFFERS: lambda: _offers(case, actor),
        PassingSection.WISHES: lambda: _wishes(case),
    }

    def told(sections: Sequence[PassingSection]) -> list[Text]:
        return [(one, head, text) for one in sections for head, text in made[one]() if text.strip()]

    return told


def _pair(word: str, value: object) -> str:
    return f"{word}: {value}" if value not in (None, "") else ""


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def in_own_words(spoken: str | None) -> str:
    """A language by its name in the language of the document; as it was written where that names none (R-854)."""
    wanted, written = get_locale(), (spoken or "").strip().casefold()
    if wanted is None or written in {name.casefold() for name in wanted.languages.values()}:
        return spoken or ""
    names = (pair for one in Language for pair in Locale.parse(one.value).languages.items())
    codes = {name.casefold(): code for code, name in names} | {word: one.value for word, one in CALLED.items()}
    return str(wanted.languages.get(codes.get(written, ""), spoken or ""))


def _who(case: Any, actor: Actor) -> Lines:
    facts = person_facts.person_facts(actor, case)
    yield (
        "",
        _joined(
            _pair(_("Name"), facts.name or _("she gives no name")),
            _pair(_("Birth year"), facts.birth_year),
            _pair(_("Language she speaks best"), in_own_words(facts.language)),
            _("She needs an interpreter") if facts.needs_interpreter else "",
            _("She needs a place without stairs") if facts.needs_accessible else "",
            _pair(_("Municipality that must act"), case_parts.municipality_name(case.responsible_municipality_code)),
        ),
    )


def _children(case: Any, seen: Lens) -> Lines:
    for facts in children.glance(case.id, seen, today=local_date(utc_now())):
        where = _("is with her") if facts.is_along else _("is not with her")
        # A text and no head, so that the name is looked through too.
        born = _("born %(year)s", year=facts.birth_year)
        who = f"{facts.name}, {born}" if facts.name else _("Child born %(year)s", year=facts.birth_year)
        yield "", _joined(f"{who}, {where}", facts.needs or "")


def _done(case: Any, done: str | None) -> Lines:
    work = queries.work_done(case)
    if done:
        yield "", done
    talks = ""
    if work.reached and work.first_at and work.last_at:
        talks = _(
            "%(num)d talks from %(first)s to %(last)s.",
            num=work.reached,
            first=day(local_date(work.first_at)),
            last=day(local_date(work.last_at)),
        )
    yield (
        "",
        _joined(
            talks,
            _pair(_("Coordinating counselling"), label(work.counselling) if work.counselling else ""),
            _pair(_("Begun"), day(work.counselling_from)),
        ),
    )


def _plan(case: Any) -> Lines:
    areas = ", ".join(label(NeedArea(one)) for one in queries.work_done(case).counselling_areas)
    yield (
        "",
        _joined(
            _pair(_("Planned move to her own home"), day(case.planned_move_on)),
            _pair(_("Moved into her own home"), day(case.moved_on)),
            _pair(_("Areas of the counselling"), areas),
        ),
    )
    for phase, plan in queries.list_plans(case):
        yield label(phase), plan or ""


def _safety(case: Any, seen: Lens) -> Lines:
    yield "", _pair(_("Address protection"), PROTECTION[case.client.protection_level])
    for one in risk.list_assessments(case, seen)[:1]:
        yield (
            "",
            _joined(
                f"{label(one.level)}, {day(one.assessed_on)}",
                _pair(_("To be looked at again"), day(one.review_on)),
                one.reason or "",
            ),
        )


def _contact(case: Any, actor: Actor) -> Lines:
    card = person_facts.find_card(actor, case)
    if card is None:
        return
    for way in card.ways:
        yield "", ", ".join([safe_contact.when(way, within=False), *safe_contact.conditions(way)]) + "."
    yield (
        "",
        _joined(
            "" if card.ways else _("No contact for now."),
            _("Somebody else can read her telephone, mail box or e-ID") if card.is_device_shared else "",
            _pair(_("Code word"), card.code_word),
            card.note or "",
        ),
    )


def _offers(case: Any, actor: Actor) -> Lines:
    for course in queries.list_courses(case, actor):
        days = " - ".join(one for one in (day(course.started_on), day(course.ended_on)) if one)
        yield (
            "",
            ", ".join(
                one for one in (of_both(course.programme), course.organisation, label(course.state), days) if one
            ),
        )


def _wishes(case: Any) -> Lines:
    yield "", queries.own_words(case) or ""


def as_pdf(
    passages: Sequence[Passage], *, basis: PassingBasis, receiver: str, sender: str, language: str, made_on: date
) -> bytes:
    """The file. `passages` are as they leave the house: what was struck is not in them."""
    with force_locale(language):
        content = {
            "heading": _("Handover"),
            "lead": [
                [_("To"), receiver],
                [_("From"), sender],
                [_("Date"), day(made_on)],
                [_("On the ground of"), label(basis)],
            ],
            "sections": _sections(passages),
            "foot": _("A black bar stands for something that was left out on purpose. Do not pass the document on."),
        }
        return papers.make("sections", content, language=language, made_on=made_on)


def _sections(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    found: dict[PassingSection, dict[str, Any]] = {}
    for one in passages:
        section = found.setdefault(one.section, {"heading": label(one.section), "lines": [], "rows": []})
        if one.head:
            section["rows"].append({"head": one.head, "text": one.text})
        else:
            section["lines"].append(one.text)
    return list(found.values())
