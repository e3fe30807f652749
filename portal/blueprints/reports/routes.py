"""The overview and the pseudonymous list."""

from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.blueprints.reports import bp, waits
from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.measures import Phase
from portal.core.pages import Page
from portal.domain import reports as rules
from portal.domain.cti import HARD_CASELOAD, SOFT_CASELOAD, caseload_level
from portal.domain.labels import label
from portal.queries import absences, lead_cases, reports, silence
from portal.queries.absences import Away
from portal.web.access import access, current_actor, log_list
from portal.web.filters import age_in_days, of_both

QUARTERS = 4
PHASES = (Phase.PRE, Phase.P1, Phase.P2, Phase.P3)


@bp.get("/")
@access(Permission.REPORT_VIEW)
def overview() -> ResponseReturnValue:
    """The organisation's figures on one page."""
    actor, today = current_actor(), local_date(utc_now())
    starts_on, ends_on = _quarter(request.args.get("quarter", ""), today)
    offers = reports.offers_of(actor)
    scope = reports.Scope(starts_on, ends_on, _offer(offers, request.args.get("offer", "")))
    found = reports.figures(actor, scope, today=today)
    loads = reports.caseloads(actor, scope, today=today)
    shares = rules.exposure_shares(reports.exposure(actor, scope))
    return render_template(
        "reports/overview.html",
        tiles=_tiles(found),
        waits=waits.tiles(actor, today=today),
        loads=_loads(actor, loads, today),
        fullest=max((load.total for load in loads), default=1),
        soft=int(SOFT_CASELOAD),
        hard=int(HARD_CASELOAD),
        phases=[label(phase) for phase in PHASES] + [_("Without phases")],
        waited=rules.waiting_bands(reports.waited_days(actor, scope)),
        shares=[_share(row) for row in shares],
        asked=sum(row.n for row in shares),
        has_few=any(row.n > 0 and row.is_few for row in shares),
        mail_waiting=found.mail_waiting,
        mail_needs_human=found.mail_needs_human,
        quarters=_quarters(today, starts_on),
        offers=_choices(offers, scope.offer_id),
    )


def _quarter(text: str, today: date) -> tuple[date, date]:
    """The quarter that was asked for, such as 2026-3; else the one that runs."""
    year, _dash, number = text.partition("-")
    if year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4") and 2000 <= int(year) <= 2100:
        return rules.quarter_of(date(int(year), 3 * int(number), 1))
    return rules.quarter_of(today)


def _quarters(today: date, chosen: date) -> list[dict[str, Any]]:
    """The last quarters, the newest first, to choose among."""
    rows, start = [], rules.quarter_of(today)[0]
    for _step in range(QUARTERS):
        number = (start.month + 2) // 3
        rows.append(
            {
                "value": f"{start.year}-{number}",
                "is_chosen": start == chosen,
                "text": _("%(num)d. quarter %(year)d", num=number, year=start.year),
            }
        )
        start = rules.quarter_of(start - timedelta(days=1))[0]
    return rows


def _offer(offers: list[tuple[int, str, str, str]], public_id: str) -> int | None:
    if not public_id:
        return None
    for key, known, *_names in offers:
        if known == public_id:
            return key
    raise NotFound


def _choices(offers: list[tuple[int, str, str, str]], chosen: int | None) -> list[dict[str, Any]]:
    return [
        {"value": public_id, "text": of_both((danish, english)), "is_chosen": key == chosen}
        for key, public_id, danish, english in offers
    ]


def _said(value: int | None) -> str:
    return "–" if value is None else f"{value} %"


def _tiles(found: reports.Figures) -> list[tuple[str, str, str]]:
    waiting = _("referrals wait")
    if found.oldest_sent_at is not None:
        waiting = _("referrals wait, the oldest %(age)s", age=age_in_days(found.oldest_sent_at))
    ahead = _("deadlines in the next 14 days")
    if found.passed:
        ahead = _("deadlines in the next 14 days · %(num)d over", num=found.passed)
    return [
        (str(found.active), _("active courses"), ""),
        (str(found.waiting), waiting, ""),
        (str(found.ahead), ahead, "warm" if found.passed else ""),
        (_said(rules.percent(found.occupied, found.units)), _("homes occupied"), ""),
        (_said(rules.percent(found.on_time, found.asked)), _("follow-ups answered on time"), ""),
    ]


def _loads(actor: Actor, loads: list[reports.Caseload], today: date) -> list[dict[str, Any]]:
    away = absences.list_away(actor.organisation_id, today=today)
    quiet = silence.count_by_worker(actor, today=today)
    return [_load(load, quiet.get(load.worker_id, 0), away.get(load.worker_id)) for load in loads]


def _load(load: reports.Caseload, silent: int, away: Away | None) -> dict[str, Any]:
    counts = (*load.phases, load.other)
    names = [label(phase) for phase in PHASES] + [_("Without phases")]
    return {
        "name": load.name,
        "parts": list(zip(names, counts, strict=True)),
        "total": load.total,
        "weighted": f"{load.weighted:.1f}".replace(".", "," if str(get_locale()) == "da" else "."),
        "level": caseload_level(load.weighted),
        "overdue": load.overdue,
        "silent": silent,
        "away": away,
    }


def _share(row: rules.Share) -> dict[str, Any]:
    names = {"before": _("Before the stay"), "start": _("Phase 1"), "p2": _("Phase 2"), "p3": _("Phase 3")}
    few = " (" + _("few") + ")" if row.n > 0 and row.is_few else ""
    return {
        "label": names[row.key] + few,
        "share": row.share,
        "low": row.low,
        "high": row.high,
        "published": row.published,
        "n": row.n,
    }


@bp.get("/cases")
@access(Permission.CASE_LEAD_LIST)
def cases() -> ResponseReturnValue:
    """Live courses without names."""
    try:
        rows, following = lead_cases.list_live(
            current_actor(), today=local_date(utc_now()), after=request.args.get("after")
        )
    except ValueError:
        abort(400)
    log_list(Page.LEAD_LIST, len(rows))
    next_url = url_for(".cases", after=following) if following else None
    return render_template("reports/cases.html", rows=rows, next_url=next_url)
