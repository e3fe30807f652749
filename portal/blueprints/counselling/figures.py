"""How many were offered the counselling and what became of it: the house's own figures, on a page, paper and file."""

from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from portal.blueprints.counselling import bp
from portal.core.clock import add_months, local_date, utc_now
from portal.core.dates import parse_date
from portal.core.enums import Permission, Role
from portal.core.errors import NotFound
from portal.core.pages import Page
from portal.domain import counselling_figures as rules
from portal.domain.labels.counselling import FIGURES, PARTS
from portal.queries import counselling_figures as queries
from portal.web.access import access, current_actor, log_list
from portal.web.counselling_file import FILE_NAME, FILE_TYPE, workbook
from portal.web.paging import read_page

Period = tuple[date, date]


@bp.get("/figures")
@access(Permission.COUNSELLING_FIGURES)
def figures() -> ResponseReturnValue:
    """The figures of a period."""
    actor, today = current_actor(), local_date(utc_now())
    period, is_wrong = _period(today)
    report = rules.report(queries.list_moves(actor, *period), today=today)
    return render_template(
        "counselling/figures.html",
        report=report,
        parts=_parts(report, period),
        total_url=_list_url("moved_out", period),
        period=period,
        typed=(request.args.get("from", ""), request.args.get("to", "")) if is_wrong else _typed(period),
        is_wrong=is_wrong,
        file_url=url_for(".figures_file", **_asked(period)),
        is_adviser=actor.role is Role.MUNICIPAL_ADVISER,
    ), 422 if is_wrong else 200


def _period(today: date) -> tuple[Period, bool]:
    """The two days that were asked for, else the last twelve months; and whether they could not be read."""
    usual = (add_months(today, -12), today)
    sent = [request.args.get(name, "").strip() for name in ("from", "to")]
    try:
        read = [parse_date(text) if text else None for text in sent]
    except ValueError:
        return usual, True
    period = (read[0] or usual[0], read[1] or usual[1])
    return (period, False) if period[0] <= period[1] else (usual, True)


def _typed(period: Period) -> tuple[str, str]:
    return period[0].strftime("%d.%m.%Y"), period[1].strftime("%d.%m.%Y")


def _asked(period: Period) -> dict[str, Any]:
    return {"from": _typed(period)[0], "to": _typed(period)[1]}


def _list_url(figure: str, period: Period, **more: Any) -> str:
    return url_for(".behind", figure=figure, **_asked(period), **more)


def _parts(report: rules.Report, period: Period) -> list[dict[str, Any]]:
    """Every part with its rows: words, number, and the list behind it."""
    return [
        {
            "heading": str(PARTS[part.key]),
            "of": report.counts[part.of],
            "of_words": str(FIGURES[part.of]),
            "rows": [(str(FIGURES[key]), report.counts[key], _list_url(key, period)) for key in part.rows],
            "median": _median(part.key, report),
        }
        for part in rules.PARTS
    ]


def _median(key: str, report: rules.Report) -> str | None:
    """The middle one of a part in words; a beginning counts from the day on which she left."""
    days = {"start": report.median_start, "length": report.median_length}.get(key)
    if days is None:
        return None
    number = format_decimal(abs(days))
    if key == "length":
        return _("The middle one: %(num)s days", num=number)
    if days < 0:
        return _("The middle one began %(num)s days before she left.", num=number)
    return _("The middle one began %(num)s days after she left.", num=number)


@bp.get("/figures/list")
@access(Permission.COUNSELLING_FIGURES)
def behind() -> ResponseReturnValue:
    """Those behind a figure whom the reader may see, and how many more there are."""
    actor, today, after = current_actor(), local_date(utc_now()), request.args.get("after")
    (period, is_wrong), figure = _period(today), request.args.get("figure", "moved_out")
    if is_wrong:
        abort(400)
    if figure not in rules.FIGURES:
        raise NotFound
    keys = rules.keys_of(queries.list_moves(actor, *period), figure, today=today)
    rows, seen, following = read_page(lambda: queries.list_behind(actor, keys, after=after))
    log_list(Page.COUNSELLING_FIGURE, len(rows))
    return render_template(
        "counselling/figure_list.html",
        rows=rows,
        heading=str(FIGURES[figure]),
        total=len(keys),
        hidden=len(keys) - seen,
        # By which number the hidden ones are asked about, as far as a notice has told of them.
        leads_on=figure == "not_offered" and actor.role is Role.MUNICIPAL_ADVISER,
        period=period,
        back=url_for(".figures", **_asked(period)),
        next_url=_list_url(figure, period, after=following) if following else None,
        first_url=_list_url(figure, period) if after else None,
    )


@bp.get("/figures/file")
@access(Permission.COUNSELLING_FIGURES)
def figures_file() -> ResponseReturnValue:
    """The same figures as a spreadsheet: numbers and words, nobody's name or reference. Its name says nothing."""
    actor, today = current_actor(), local_date(utc_now())
    period, is_wrong = _period(today)
    if is_wrong:
        abort(400)
    report = rules.report(queries.list_moves(actor, *period), today=today)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(workbook(report, period, actor.organisation_name), mimetype=FILE_TYPE, headers=headers)
