"""Filters for pages about rights: what was received, how long, what is left of a clock."""

from datetime import datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import local_date
from portal.domain.incidents import Clock, ClockState
from portal.domain.own_words import own_label
from portal.domain.retention import Length
from portal.queries.past_recipients import Received
from portal.web.filters import clock as time_of_day
from portal.web.filters import day, of_both


def stamp(value: datetime | None) -> str:
    """A day with its year and the time, for what is kept: 02.05.2026 14.00."""
    return "" if value is None else f"{day(local_date(value))} {time_of_day(value)}"


def received_words(row: Received) -> str:
    """What an organisation received."""
    programme = of_both(row.programme)
    if row.what == "request":
        return _("a referral to %(programme)s", programme=programme)
    if row.what == "course":
        return _("a course in %(programme)s", programme=programme)
    if row.what == "handover":
        return _("a handover document, made to be sent")
    if row.what == "export":
        return _("all of her own data, handed over")
    if row.ended_at:
        return _("was on the team until %(day)s", day=day(local_date(row.ended_at)))
    return _("is on the team")


def length_words(length: Length) -> str:
    """How long, in words."""
    if length.months:
        return ngettext("%(num)d month", "%(num)d months", length.months)
    return ngettext("%(num)d day", "%(num)d days", length.days)


def clock_words(shown: Clock) -> str:
    """How the clock of an incident stands, in words that need no colour."""
    if shown.state is ClockState.STOPPED:
        return _("Stopped in time")
    if shown.state is ClockState.STOPPED_LATE:
        return _("Stopped %(hours)d h %(minutes)d min too late", hours=shown.hours, minutes=shown.minutes)
    if shown.state is ClockState.LATE:
        return _("%(hours)d h %(minutes)d min too late: notify now", hours=shown.hours, minutes=shown.minutes)
    if shown.state is ClockState.SOON:
        return _("Hurry: %(hours)d h %(minutes)d min left", hours=shown.hours, minutes=shown.minutes)
    return _("%(hours)d h %(minutes)d min left", hours=shown.hours, minutes=shown.minutes)


def clock_colour(shown: Clock) -> str:
    """A colour that helps; the words say all."""
    return {
        ClockState.RUNS: "neutral",
        ClockState.SOON: "warm",
        ClockState.LATE: "red",
        ClockState.STOPPED: "green",
        ClockState.STOPPED_LATE: "warm",
    }[shown.state]


def init_app(app: Flask) -> None:
    """Hand the filters to the templates."""
    app.jinja_env.filters.update(
        stamp=stamp,
        received_words=received_words,
        own_label=own_label,
        length_words=length_words,
        clock_words=clock_words,
        clock_colour=clock_colour,
    )
