"""The rule book of days, in words: where each length comes from, on the day of reading."""

from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.blueprints.deadlines import bp
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.clocks import TODAYS, Clock, ClockKey, ClockKind, clock_on, past
from portal.domain.labels import label
from portal.domain.law import EVER, FURTHER_NOTICE, cited
from portal.web.access import access
from portal.web.clock_words import length
from portal.web.filters import day


@bp.get("/rules")
@access(Permission.DAY_VIEW)
def rule_book() -> ResponseReturnValue:
    """Every clock with its length, its source and who acts, grouped by how binding it is."""
    today = local_date(utc_now())
    clocks = [(key, clock_on(key, today, profile=TODAYS)) for key in ClockKey]
    groups = [
        (kind, [_row(key, clock, today) for key, clock in clocks if clock.kind is kind])
        for kind in ClockKind
        if any(clock.kind is kind for _key, clock in clocks)
    ]
    gone = [_row(key, clock, today) for key, clock in past(today)]
    return render_template("deadlines/rules.html", groups=groups, gone=gone)


def _row(key: ClockKey, clock: Clock, today: date) -> dict[str, Any]:
    language = str(get_locale())
    return {
        "key": key.value,
        "name": label(key),
        "length": length(clock.amount, clock.unit, clock.at_most),
        "starts": clock.starts.said(language),
        "ends": clock.ends.said(language),
        "source": clock.source.said(language),
        "law": cited(clock.law, min(today, clock.until)) if clock.law else None,
        "holds": _holds(clock, today),
        "acts": ", ".join(label(role) for role in clock.acts),
        "warns": clock.warns,
        "reminds": clock.reminds,
        "longer": _longer(clock),
    }


def _holds(clock: Clock, today: date) -> str:
    """From when to when it holds, as far as that is known (R-849)."""
    since = "" if clock.since == EVER else day(clock.since)
    until = "" if clock.until == FURTHER_NOTICE else day(clock.until)
    is_over = clock.until < today
    if since and until and is_over:
        return _("held from %(since)s to %(until)s", since=since, until=until)
    if since and until:
        return _("holds from %(since)s to %(until)s", since=since, until=until)
    if until:
        return _("held until %(day)s", day=until) if is_over else _("holds until %(day)s", day=until)
    return _("holds from %(day)s", day=since) if since else ""


def _longer(clock: Clock) -> str:
    if clock.extension is None:
        return ""
    amount = length(clock.extension.at_most, clock.extension.unit, None)
    return _("by %(length)s at most, with a reason; %(who)s", length=amount, who=label(clock.extension.approver))
