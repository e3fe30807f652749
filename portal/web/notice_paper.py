"""What a statutory notice says: the same lines on the page, to be copied, and in the file, to be sent (R-683)."""

from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from portal import papers
from portal.core.enums import Language
from portal.queries.case_parts import NoticeText
from portal.web.filters import day


def heading(text: NoticeText) -> str:
    """The name of the notice."""
    return _("Notice of admission") if text.kind == "admission" else _("Notice of discharge")


def to_whom(text: NoticeText) -> str:
    """Whom it goes to."""
    known = text.municipality or _("the responsible municipality (not recorded yet)")
    return _("To %(municipality)s", municipality=known)


def lines(text: NoticeText, number: str | None = None) -> list[str]:
    """What has happened, and who she is where she has given her name. An anonymous notice takes no number at all."""
    told = {"centre": text.centre, "day": day(text.day)}
    if text.kind == "admission":
        first = _(
            "%(centre)s gives notice that a person has been admitted on %(day)s because of violence in a close"
            " relation.",
            **told,
        )
    elif text.is_ahead:
        first = _("%(centre)s gives notice that a person is planned to be discharged on %(day)s.", **told)
    else:
        first = _("%(centre)s gives notice that a person has been discharged on %(day)s.", **told)
    if text.is_anonymous:
        return [
            first,
            _("She is here anonymously: name and CPR number are left out, and the anonymity must be kept."),
        ]
    named = [first, _("Name: %(name)s", name=text.name or _("not known"))]
    return [*named, _("CPR number: %(number)s", number=number)] if number else named


def children(text: NoticeText) -> list[str]:
    """A line for each child along."""
    return [
        _("Child along: %(name)s, born %(year)s", name=name or _("name left out"), year=year)
        for name, year in text.children
    ]


def reference(text: NoticeText) -> str:
    """By what it is asked about."""
    return _("Our reference: %(reference)s", reference=text.reference)


def as_pdf(text: NoticeText, *, language: str, made_on: date, number: str | None = None) -> bytes:
    """The notice as a file in the receiver's language: Danish unless it is English that was asked for."""
    spoken = language if language in set(Language) else Language.DANISH.value
    with force_locale(spoken):
        return papers.make("notice", _content(text, number, made_on), language=spoken, made_on=made_on)


def _content(text: NoticeText, number: str | None, made_on: date) -> dict[str, Any]:
    return {
        "heading": heading(text),
        "to": to_whom(text),
        "on": day(made_on),
        "lines": lines(text, number),
        "children_heading": _("Children along"),
        "children": children(text),
        "reference": reference(text),
        "from": text.centre,
    }
