"""The rail at the left: what this role has, with counts of what waits."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.i18n import _
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.search import SEARCHES
from portal.queries import rail as rail_queries


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: where it leads, what it counts, the permission that shows it, and which other pages stand under it."""

    text: object
    endpoint: str
    permission: Permission
    count: str | None = None
    under: tuple[str, ...] = ()


# Pages about one case that stand outside its own address.
IN_CASES = ("/courses", "/cti", "/contacts", "/bridge", "/risk", "/children", "/plans", "/documents", "/deadlines")
ITEMS = (
    Item(_("My day"), "home.day", Permission.DAY_VIEW, "due"),
    Item(_("Tasks"), "tasks.board", Permission.TASK_BOARD, "open_tasks"),
    Item(_("Enquiries"), "enquiries.index", Permission.ENQUIRY_RECORD),
    Item(_("Enquiries in numbers"), "enquiries.counts", Permission.ENQUIRY_COUNT),
    Item(_("My cases"), "cases.index", Permission.CASE_VIEW, "cases", IN_CASES),
    Item(_("Cases from a spreadsheet"), "imports.index", Permission.CASE_IMPORT),
    Item(_("Counselling"), "counselling.desk", Permission.COUNSELLING_RECORD),
    Item(_("Cases"), "reports.cases", Permission.CASE_LEAD_LIST),
    Item(_("Late"), "deadlines.late", Permission.CASE_LEAD_LIST, "late"),
    Item(_("Referrals"), "referrals.sent", Permission.REFERRAL_MAKE, "answers"),
    Item(_("Received referrals"), "referrals.inbox", Permission.REFERRAL_ANSWER, "requests", ("/referrals/requests",)),
    Item(_("Close or reopen"), "referrals.closing", Permission.REFERRAL_REOPEN),
    Item(_("Own programmes"), "programmes.own", Permission.PROGRAMME_MANAGE, None, ("/programmes/own",)),
    Item(_("Free places"), "vacancies.board", Permission.PROGRAMME_VIEW, None, ("/programmes",)),
    Item(_("Follow-ups"), "followups.index", Permission.FOLLOW_UP_FILL),
    Item(_("Calendar"), "meetings.week", Permission.MEETING_VIEW),
    Item(_("Events"), "activities.index", Permission.ACTIVITY_VIEW),
    Item(_("Groups"), "groups.index", Permission.GROUP_VIEW),
    Item(_("Homes"), "housing.board", Permission.HOUSING_VIEW),
    Item(_("Volunteer tasks"), "tasks.index", Permission.TASK_VIEW, "claims", ("/tasks",)),
    Item(_("Volunteers"), "volunteers.index", Permission.TASK_MANAGE),
    Item(_("Furnishing"), "furnishing.index", Permission.FURNISHING_VIEW),
    Item(_("Start-up grants"), "grants.index", Permission.GRANT_VIEW, "grants"),
    Item(_("Overview"), "reports.overview", Permission.REPORT_VIEW),
    Item(_("Counselling in numbers"), "counselling.figures", Permission.REPORT_VIEW),
    Item(_("Safety"), "safety.index", Permission.SAFETY_VIEW, None, ("/safety",)),
    Item(_("Audit trail"), "audit.index", Permission.AUDIT_VIEW),
    Item(_("Alarms"), "audit.alerts", Permission.ALERT_VIEW),
    Item(_("Samples"), "audit.samples", Permission.AUDIT_VIEW),
    Item(_("Rights"), "rights.index", Permission.RIGHTS_SECOND),
    Item(_("Retention"), "retention.index", Permission.RETENTION_MANAGE),
    Item(_("Incidents"), "incidents.index", Permission.INCIDENT_MANAGE),
    Item(_("Users"), "admin.users", Permission.USER_MANAGE),
    Item(_("Who works here"), "people.index", Permission.STAFF_VIEW),
    Item(_("The organisation leaves"), "leaving.index", Permission.ORGANISATION_LEAVE),
    Item(_("Operations"), "admin.operations", Permission.OPERATIONS_VIEW),
    Item(_("Messages"), "messages.index", Permission.MESSAGE_VIEW, "messages"),
)


def build() -> list[tuple[str, str, int | None, bool]]:
    """The entries of this person's role: text, address, count, whether it is where one stands. One statement."""
    actor = g.get("actor")
    # Whoever must set up a second factor first is shown no way past it, and no counts of what waits.
    if actor is None or g.get("is_setting_up"):
        return []
    counts = rail_queries.counts(actor, today=local_date(utc_now()))
    g.has_kept = bool(counts.get("kept"))
    shown = [item for item in ITEMS if can(actor, item.permission)]
    here = _here(shown)
    return [
        (str(item.text), url_for(item.endpoint), counts.get(item.count or "") or None, item is here) for item in shown
    ]


def _here(shown: list[Item]) -> Item | None:
    """The entry under which the page stands: the one whose address is the longest beginning of the page's own."""
    roots = [(root, item) for item in shown for root in (url_for(item.endpoint).rstrip("/"), *item.under)]
    near = [(len(root), item) for root, item in roots if f"{request.path}/".startswith(f"{root}/")]
    return max(near, key=lambda found: found[0])[1] if near else None


def person() -> tuple[str, str, str] | None:
    """Who has signed in, as what, where."""
    actor = g.get("actor")
    return None if actor is None else (actor.name, label(actor.role), actor.organisation_name)


def may_search() -> bool:
    """Whether this person has anything that the search box could find."""
    actor = g.get("actor")
    return actor is not None and not g.get("is_setting_up") and any(can(actor, one) for one in SEARCHES)


def init_app(app: Flask) -> None:
    """Templates call `rail()`, `person()` and `may_search()`: parts of pages never pay for them."""
    app.jinja_env.globals.update(rail=build, person=person, may_search=may_search)
