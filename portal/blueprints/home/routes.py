"""Where a day begins."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.home import bp
from portal.blueprints.home.forms import PutOffForm
from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid
from portal.core.pages import Page
from portal.domain.cases import DONE_BY_PRESS, MAY_BE_DROPPED, MAY_BE_PUT_OFF
from portal.domain.labels import label
from portal.domain.labels.cases import BUTTONS, OPEN
from portal.domain.permissions import can
from portal.queries import day as day_queries
from portal.queries import day_news as news_queries
from portal.queries import deadlines as deadline_queries
from portal.queries import health as health_queries
from portal.queries.deadlines import DeadlineRow, Span
from portal.services import worklist
from portal.web.access import access, current_actor, log_list, public
from portal.web.case_pages import log_url
from portal.web.children import unspoken
from portal.web.filters import clock, due, of_both
from portal.web.htmx import after_change
from portal.web.links import page_of_row
from portal.web.submissions import transaction

# Lines of what others did since the last time.
NEWS = 5
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
# Everybody begins with what waits; these two have a page that says more about it.
START = {
    Role.VOLUNTEER: "tasks.board",
    Role.PROGRAMME_LEAD: "reports.overview",
}
ICONS = {
    DeadlineKind.FOLLOW_UP: "◔",
    DeadlineKind.MEETING_OUTCOME: "◷",
    DeadlineKind.GROUP_ATTENDANCE: "◷",
    DeadlineKind.RISK_REVIEW: "△",
    DeadlineKind.SAFETY_REVIEW: "△",
    DeadlineKind.SAFETY_PLAN: "△",
    DeadlineKind.SAFE_CONTACT_CHECK: "✆",
    DeadlineKind.FIRST_CONTACT: "✆",
    DeadlineKind.WELFARE_CHECK: "✆",
    DeadlineKind.ADMISSION_NOTICE: "§",
    DeadlineKind.DISCHARGE_NOTICE: "§",
    DeadlineKind.COUNSELLING_OFFER: "§",
    DeadlineKind.COUNSELLING_END: "§",
    DeadlineKind.PSYCHOLOGIST_START: "§",
    DeadlineKind.SHELTER_STATISTICS: "§",
    DeadlineKind.FIRST_MUNICIPAL_MEETING: "◷",
}


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of Min dag."""

    public_id: str
    icon: str
    title: str
    when: str
    exact: date
    is_late: bool
    reference: str | None
    case_url: str | None
    log_url: str | None
    course: str
    referral: str | None
    url: str
    button: str
    can_finish: bool
    can_put_off: bool
    # There is a page on which it is given to a colleague, or said not to matter.
    more_url: str | None = None
    more: str = ""
    given: str = ""
    # For leads, who know a case by a reference of their own and do not come into it.
    lead_reference: str | None = None


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """To the page on which this role's day begins."""
    actor = g.get("actor")
    if actor is None:
        return redirect(url_for("auth.sign_in"), 303)
    return redirect(url_for(START.get(actor.role, "home.day")), 303)


@bp.get("/day")
@access(Permission.DAY_VIEW)
def day() -> ResponseReturnValue:
    """What to do: meetings of today, what is late, what is due today, and the next seven days."""
    actor, today, after = current_actor(), local_date(utc_now()), request.args.get("after")
    span = Span.ALL if request.args.get("span") == Span.ALL.value else Span.NEAR
    try:
        rows, following = deadline_queries.list_mine(actor, today=today, span=span, after=after)
    except ValueError:
        abort(400)
    beside = _beside(actor, today) if not after else {}
    meetings = day_queries.list_meetings(actor, today) if can(actor, Permission.MEETING_VIEW) else []
    rows = _without(rows, {meeting.public_id for meeting in meetings})
    log_list(Page.WORK_LIST, len(rows) + len(meetings) + sum(len(beside.get(part, ())) for part in ("silent", "news")))
    return render_template(
        "home/day.html",
        blocks=_blocks(rows, today),
        meetings=[] if after else meetings,
        today=today,
        **beside,
        has_rows=bool(rows),
        next_url=url_for("home.day", after=following, span=span.value) if following else None,
        first_url=url_for("home.day", span=span.value) if after else None,
        tabs=_tabs(span),
        can_open_case=can(actor, Permission.CASE_OPEN),
        can_see_cases=can(actor, Permission.CASE_VIEW),
        # Whoever has a list of cases finds it there.
        can_open_emergency=can(actor, Permission.CASE_EMERGENCY) and not can(actor, Permission.CASE_VIEW),
    )


def _without(rows: list[DeadlineRow], said: set[str]) -> list[DeadlineRow]:
    """What stands among the meetings of today is not said twice."""
    return [row for row in rows if row.meeting is None or row.subject_public_id not in said]


def _beside(actor: Actor, today: date) -> dict[str, Any]:
    """What stands on the first page alone: what others did since the last time, and whom nobody has reached."""
    since, news = news_queries.list_since(actor, now=utc_now())
    return {
        "since": since,
        "news": news[:NEWS],
        "more_news": len(news) - NEWS,
        "silent": [_silent(row, today) for row in deadline_queries.list_silent(actor)],
    }


def _tabs(span: Span) -> list[dict[str, Any]]:
    return [
        {"label": _("Next 7 days"), "url": url_for("home.day"), "is_current": span is Span.NEAR},
        {"label": _("Everything ahead"), "url": url_for("home.day", span="all"), "is_current": span is Span.ALL},
    ]


def _blocks(rows: list[DeadlineRow], today: date) -> list[tuple[str, str, list[DayRow]]]:
    can_log = can(current_actor(), Permission.CASE_EDIT)
    shown = [_row(row, today, can_log=can_log) for row in rows]
    week = today + timedelta(days=deadline_queries.NEAR_DAYS)
    blocks = [
        ("late", _("Late"), [row for row in shown if row.exact < today]),
        ("today", _("Today"), [row for row in shown if row.exact == today]),
        ("next", _("Next 7 days"), [row for row in shown if today < row.exact <= week]),
        ("later", _("Later"), [row for row in shown if row.exact > week]),
    ]
    return [block for block in blocks if block[2]]


def _row(row: DeadlineRow, today: date, *, can_log: bool) -> DayRow:
    course, more = of_both(row.programme), _more(row)
    ahead = row.meeting if row.due_on > today else None
    url = page_of_row(row.kind, row.subject_type, row.subject_public_id, row.case_public_id)
    return DayRow(
        public_id=row.public_id,
        icon=ICONS.get(row.kind, "◦"),
        title=f"{label(ahead[0])} {clock(ahead[1])}" if ahead else _title(row),
        when=due(row.due_on),
        exact=row.due_on,
        is_late=row.due_on < today,
        reference=row.reference,
        case_url=url_for("cases.detail", public_id=row.case_public_id) if row.case_public_id else None,
        log_url=log_url(row.case_public_id) if row.case_public_id and row.is_case_open and can_log else None,
        course=course,
        referral=row.referral,
        url=url,
        button=str(OPEN if ahead else BUTTONS.get(row.kind, OPEN)),
        can_finish=row.kind in DONE_BY_PRESS,
        can_put_off=row.kind in MAY_BE_PUT_OFF,
        more_url=url_for("home.row", public_id=row.public_id) if more else None,
        more=more,
        given=_given(row),
        lead_reference=row.lead_reference,
    )


def _more(row: DeadlineRow) -> str:
    """What else can become of a row; nothing for most."""
    if row.may_give:
        return _("Pass on")
    return _("Not relevant") if row.kind in MAY_BE_DROPPED else ""


def _given(row: DeadlineRow) -> str:
    if row.given_by:
        return _("from %(name)s", name=row.given_by)
    return _("given to %(name)s", name=row.given_to) if row.given_to else ""


def _silent(row: DeadlineRow, today: date) -> DayRow:
    """Somebody whom nobody has reached: for how many days, and nothing about her."""
    days = (today - (row.quiet_since or row.due_on)).days
    can_log = can(current_actor(), Permission.CASE_EDIT)
    shown = _row(row, today, can_log=can_log)
    return replace(shown, when=ngettext("%(num)d day", "%(num)d days", days), is_late=False)


def _title(row: DeadlineRow) -> str:
    if row.kind is DeadlineKind.CHILD_UNSEEN:
        return unspoken(row.together)
    if row.why is None:
        return of_both(row.clock) or label(row.kind)
    return _("%(task)s: %(why)s", task=label(row.kind), why=label(row.why))


@bp.post("/day/<public_id>/done")
@access(Permission.DAY_VIEW, audit=Audit.DEADLINE_DONE)
def done(public_id: str) -> ResponseReturnValue:
    """Mark something as done."""
    actor = current_actor()
    deadline = deadline_queries.get_mine(actor, public_id)
    then = _came_from()
    with transaction(then=then):
        worklist.mark_done(deadline, actor=actor, now=utc_now())
    return after_change(then, message=_("Done."))


def _came_from() -> str:
    """Back to the case that the row was pressed on, else to Min dag."""
    case = request.form.get("case", "")
    return url_for("cases.detail", public_id=case) if PUBLIC_ID.fullmatch(case) else url_for("home.day")


@bp.post("/day/<public_id>/put-off")
@access(Permission.DAY_VIEW, audit=Audit.DEADLINE_PUT_OFF)
def put_off(public_id: str) -> ResponseReturnValue:
    """Look at something a few days later."""
    actor, form = current_actor(), PutOffForm()
    deadline = deadline_queries.get_mine(actor, public_id)
    if not form.validate_on_submit():
        raise Invalid(_("Choose 1, 3 or 7 days."))
    with transaction(then=url_for("home.day")):
        worklist.put_off(deadline, days=int(form.days.data), actor=actor, now=utc_now())
    return after_change(url_for("home.day"), message=_("Put off."))


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """How the portal is used, and whom to call."""
    return render_template("home/help.html")


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("home/accessibility.html")


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Whether the portal works: the database answers, and the scheduled work has run. No details."""
    state = health_queries.check(utc_now())
    answer = jsonify({"database": "ok" if state.database else "failed", "jobs": "ok" if state.jobs else "late"})
    return answer, 200 if state.database else 503
