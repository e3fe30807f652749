"""Values as people say them. Nothing here asks the database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import format_date, format_timedelta, get_locale, ngettext
from flask_babel import gettext as _

from portal.core.activities import Guests
from portal.core.audit_tags import Audit
from portal.core.clock import COPENHAGEN, local_date, utc_now
from portal.core.contacts import ContactTheme
from portal.core.courses import CounsellingEnd
from portal.core.enquiries import ChildBand, Conclusion, RejectReason
from portal.core.imports import ImportField
from portal.core.kinds import NeedArea, SubjectType
from portal.core.measures import CtiArea, FollowUpPoint, ViolenceForm
from portal.core.messages import MessageKind
from portal.core.money import format_kroner
from portal.core.stays import AdmissionReason
from portal.core.volunteers import Skill
from portal.domain.groups import next_presence
from portal.domain.labels import field_label, label
from portal.domain.labels.messages import ATTENTION
from portal.domain.labels.safety import PROTECTION

DIGITS = 8


def telephone(number: str) -> str:
    """A telephone number in pairs, as Danes read it aloud; a short one as it is."""
    return " ".join(re.findall("..", number)) if len(number) == DIGITS else number


def day(value: date | None) -> str:
    """Day, month, year: 02.05.2026."""
    return "" if value is None else value.strftime("%d.%m.%Y")


def short_day(value: date | None) -> str:
    """Day and month: 02.05."""
    return "" if value is None else value.strftime("%d.%m")


def long_day(value: date) -> str:
    """A day with its month in words: 3. november 2026."""
    return format_date(value, "long")


def weekday(value: date) -> str:
    """Short weekday with the date, such as "fre 29.08"."""
    name = format_date(value, "EEE").rstrip(".")
    return f"{name} {value:%d.%m}" if value.year == local_date(utc_now()).year else f"{name} {value:%d.%m.%Y}"


def clock(value: datetime | time | None) -> str:
    """The time of day in Denmark: 14.00."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(COPENHAGEN).time()
    return value.strftime("%H.%M")


def happened(at: datetime, is_day_only: bool) -> str:
    """When something happened: its day, and its hour where one was said."""
    return day(local_date(at)) if is_day_only else f"{day(local_date(at))} {clock(at)}"


def moment(value: datetime | None) -> str:
    """Day and time as said: "today 14.00", "Fri 29.08 14.00"."""
    if value is None:
        return ""
    return f"{said_day(local_date(value))} {clock(value)}"


def said_day(value: date) -> str:
    """Today, tomorrow, yesterday, or weekday and date."""
    words = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    return words.get((value - local_date(utc_now())).days) or weekday(value)


def due(value: date) -> str:
    """A due day seen from today: "2 days over", "today", "tomorrow", "Fri 29.08"."""
    days = (local_date(utc_now()) - value).days
    return ngettext("%(num)d day over", "%(num)d days over", days) if days > 0 else said_day(value)


def is_over(value: date | None) -> bool:
    """Whether the day has passed in Denmark."""
    return value is not None and value < local_date(utc_now())


def age_in_days(value: datetime | date) -> str:
    """How long since: "8 days"."""
    start = local_date(value) if isinstance(value, datetime) else value
    days = (local_date(utc_now()) - start).days
    return ngettext("%(num)d day", "%(num)d days", days)


def days_ago(days: int) -> str:
    """How long since, as it is said: "today", "yesterday", "8 days ago"."""
    words = {0: _("today"), 1: _("yesterday")}
    return words.get(days) or ngettext("%(num)d day ago", "%(num)d days ago", days)


def ago(value: datetime | None) -> str:
    """How long since, in the largest unit: "5 minutes ago"."""
    return "" if value is None else format_timedelta(value - utc_now(), add_direction=True)


def hours(minutes: int | None) -> str:
    """Minutes as hours with a decimal comma or point: 1,5."""
    if minutes is None:
        return ""
    text = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if str(get_locale()) == "da" else text


def iso_day(text: str) -> str:
    """A day that is kept as text, as people write it."""
    return day(date.fromisoformat(text))


def of_both(names: tuple[str, str] | None) -> str:
    """Of a Danish and an English name the one that the reader reads; empty where there is none."""
    return "" if names is None else names[str(get_locale()) != "da"]


def in_language(row: object, stem: str) -> str:
    """A field of reference data that exists in both languages: `programme|in_language("name")`."""
    return of_both((getattr(row, f"{stem}_da"), getattr(row, f"{stem}_en")))


def asked_when(row: Any) -> str:
    """When somebody is asked: the word of the point, or how long after the start or the end."""
    return said_point(row.point, row.span)


def said_point(point: FollowUpPoint, span: str) -> str:
    """A point in time of a programme's plan in words."""
    if not span:
        return label(point)
    num, is_weeks = int(span[:-1]), span.endswith("w")
    if point is FollowUpPoint.BETWEEN:
        if is_weeks:
            return ngettext("%(num)d week after the start", "%(num)d weeks after the start", num)
        return ngettext("%(num)d month after the start", "%(num)d months after the start", num)
    if is_weeks:
        return ngettext("%(num)d week after the end", "%(num)d weeks after the end", num)
    return ngettext("%(num)d month after the end", "%(num)d months after the end", num)


def month_name(value: date) -> str:
    """Month and year in words: "november 2026"."""
    return format_date(value, "MMMM yyyy")


def area_word(code: str) -> str:
    """The word for an area of CTI that is stored by its code."""
    return label(CtiArea(code))


def skill_word(code: str) -> str:
    """The word for a skill that is stored by its code."""
    return label(Skill(code))


def protection_word(level: int) -> str:
    """The word for a level of address protection."""
    return str(PROTECTION[level])


def field_words(names: Sequence[str], action: Audit) -> str:
    """What a line of the audit trail names beside its action, in words."""
    return ", ".join(field_label(action, name) for name in names)


# Which vocabulary a list of stored codes is of, by the name of its class.
VOCABULARIES: Mapping[str, type[StrEnum]] = {
    kind.__name__: kind
    for kind in (
        *(AdmissionReason, ChildBand, Conclusion, ContactTheme, CounsellingEnd, Guests, ImportField, NeedArea),
        *(RejectReason, ViolenceForm),
    )
}


def code_words(codes: Iterable[str], vocabulary: str) -> str:
    """The words of stored codes, in the reader's language."""
    return ", ".join(label(VOCABULARIES[vocabulary](code)) for code in codes)


def message_title(kind: MessageKind, about: SubjectType) -> str:
    """What a message is about, in the inbox: what calls for attention says which of the things it is."""
    named = ATTENTION.get(about) if kind is MessageKind.SAFETY_ALERT else None
    return str(named or label(kind))


def arranged(answers: Iterable[str]) -> str:
    """How the answers of a question stand: a few short ones in a row, many in columns, others below each other."""
    said = [str(answer) for answer in answers]
    if len(said) <= 5 and len("".join(said)) <= 60:
        return "in-a-row"
    if len(said) < 7:
        return ""
    is_short = max(map(len, said)) <= 24 and max(map(len, " ".join(said).split())) <= 14
    return "in-columns short" if is_short else "in-columns"


def init_app(app: Flask) -> None:
    """Hand the filters to the templates."""
    app.jinja_env.filters.update(
        day=day,
        iso_day=iso_day,
        short_day=short_day,
        long_day=long_day,
        weekday=weekday,
        clock=clock,
        moment=moment,
        happened=happened,
        said_day=said_day,
        due=due,
        age_in_days=age_in_days,
        arranged=arranged,
        ago=ago,
        days_ago=days_ago,
        asked_when=asked_when,
        hours=hours,
        kroner=format_kroner,
        label=label,
        in_language=in_language,
        of_both=of_both,
        month_name=month_name,
        skill_word=skill_word,
        area_word=area_word,
        protection_word=protection_word,
        message_title=message_title,
        field_words=field_words,
        next_presence=next_presence,
        code_words=code_words,
    )
    app.jinja_env.tests["over"] = is_over
