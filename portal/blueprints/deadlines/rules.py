"""The rule book of days, in words: where each length comes from, on the day of reading."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.blueprints.deadlines import bp
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.clocks import TODAYS, Clock, ClockKey, ClockKind, clock_on
from portal.domain.labels import label
from portal.domain.law import cited
from portal.web.access import access
from portal.web.clock_words import length


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
    return render_template("deadlines/rules.html", groups=groups)


def _row(key: ClockKey, clock: Clock, today: Any) -> dict[str, Any]:
    language = str(get_locale())
    return {
        "key": key.value,
        "name": label(key),
        "length": length(clock.amount, clock.unit, clock.at_most),
        "starts": clock.starts.said(language),
        "ends": clock.ends.said(language),
        "source": clock.source.said(language),
        "law": cited(clock.law, today) if clock.law else None,
        "acts": ", ".join(label(role) for role in clock.acts),
        "warns": clock.warns,
        "reminds": clock.reminds,
        "longer": _longer(clock),
    }


def _longer(clock: Clock) -> str:
    if clock.extension is None:
        return ""
    amount = length(clock.extension.at_most, clock.extension.unit, None)
    return _("by %(length)s at most, with a reason; %(who)s", length=amount, who=label(clock.extension.approver))
