"""Where the page of a thing is: used by the work list, the inbox and the audit trail."""

from flask import current_app, url_for

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import SubjectType
from portal.domain.bridge import STEPS
from portal.domain.permissions import can
from portal.web.access import current_actor, declaration_of

# A claim and a notice have no page of their own address here: the thing they belong to is opened instead.
PAGES: dict[SubjectType, str] = {
    SubjectType.CASE: "cases.detail",
    SubjectType.REFERRAL: "referrals.detail",
    SubjectType.REQUEST: "referrals.request",
    SubjectType.ENROLMENT: "enrolments.detail",
    SubjectType.MEETING: "meetings.detail",
    SubjectType.ROUND: "groups.detail",
    SubjectType.UNIT: "housing.unit",
    SubjectType.TENANCY: "housing.tenancy",
    SubjectType.TASK: "tasks.detail",
    SubjectType.CLAIM: "tasks.claim_page",
    SubjectType.FURNISHING: "furnishing.detail",
    SubjectType.GRANT: "grants.detail",
    SubjectType.FOLLOW_UP: "followups.detail",
    SubjectType.NOTICE: "cases.open_notice",
    SubjectType.PROGRAMME: "programmes.detail",
    SubjectType.VOLUNTEER: "volunteers.detail",
    SubjectType.ORGANISATION: "people.house",
    SubjectType.ALERT: "audit.alert",
    SubjectType.SAMPLE: "audit.sample",
    SubjectType.RIGHTS_REQUEST: "rights.detail",
    SubjectType.INCIDENT: "incidents.detail",
    SubjectType.ENQUIRY: "enquiries.detail",
    SubjectType.ACTIVITY: "activities.detail",
    SubjectType.CASE_IMPORT: "imports.detail",
}

# Things without a page of their own: the list in which they stand.
LISTS: dict[SubjectType, str] = {
    SubjectType.BLOCK: "safety.index",
    SubjectType.WATCH_HIT: "safety.matches",
    SubjectType.BREAK_GLASS: "safety.emergencies_page",
    SubjectType.SESSION: "auth.account",
    SubjectType.INVITATION: "admin.codes",
}


def page_of(subject_type: SubjectType, public_id: str | None) -> str:
    """The address of a thing's own page, or of the front page for what has none that the reader's role opens."""
    if subject_type in LISTS and _opens(LISTS[subject_type]):
        return url_for(LISTS[subject_type])
    # A centre's own rooms have no page: they stand on the board.
    if subject_type is SubjectType.PROGRAMME and public_id is None:
        return url_for(ROOMS) if _opens(ROOMS) else url_for("home.start")
    endpoint = PAGES.get(subject_type)
    # A lead answers no request: she sees to it that it is answered.
    if subject_type is SubjectType.REQUEST and not _opens(PAGES[subject_type]) and _opens(LATE):
        return url_for(LATE)
    if endpoint is None or public_id is None or not _opens(endpoint):
        return url_for("home.start")
    return url_for(endpoint, public_id=public_id)


# Whoever gives a waiting course away, or grants more time, sees nothing of it: the row leads to the list it stands in.
ANSWERED_IN: dict[DeadlineKind, str] = {
    DeadlineKind.WORKER_WANTED: "people.without_team",
    DeadlineKind.EXTENSION_WANTED: "deadlines.late",
    DeadlineKind.TRANSFER_ANSWER: "transfers.offered",
    DeadlineKind.COURSE_OFFERED: "enrolments.asked",
    DeadlineKind.SHELTER_STATISTICS: "reports.overview",
}
LATE, ROOMS = "referrals.closing", "vacancies.board"
# Whoever gives a waiting course away sees nothing of it: her row leads to the list in which it stands.
GIVES_COURSES = "people.without_team"
# A lead is told that nobody has taken over, and sees no case: her row leads to the list of those.
SEES_WHO_IS_ALONE = "bridge.alone"
UNMET = "counselling.unmet"
# A row of the work list about the case itself leads to the page on which it is done.
WITHIN_CASE: dict[DeadlineKind, str] = {
    DeadlineKind.SAFE_CONTACT_CHECK: "cases.contact_card",
    DeadlineKind.CONTACT_BLOCKED: "cases.contact_card",
    DeadlineKind.NOTE_FOLLOW_UP: "cases.journal",
    DeadlineKind.RISK_REVIEW: "risk.assess",
    DeadlineKind.SAFETY_REVIEW: "risk.overview",
    DeadlineKind.SAFETY_PLAN: "risk.plan",
    DeadlineKind.WELFARE_CHECK: "cases.journal",
    DeadlineKind.CONSENT_RENEWAL: "cases.consents_page",
    DeadlineKind.SECOND_PERSON: "cases.keep_out",
    DeadlineKind.CONCERN_RECEIPT: "children.index",
    DeadlineKind.CHILD_UNSEEN: "children.index",
    DeadlineKind.STAY_PLAN: "plans.stay_plan",
    DeadlineKind.GOAL: "plans.goals",
    DeadlineKind.TRANSFER_WAITS: "transfers.of_case",
    DeadlineKind.SILENCE: "cases.journal",
    DeadlineKind.NOTE_ASIDE: "cases.journal",
    DeadlineKind.APART_QUESTION: "apart.index",
    DeadlineKind.APART_REVIEW: "apart.index",
    DeadlineKind.GOAL_STEP: "plans.goals",
    DeadlineKind.COUNSELLING_OFFER: "counselling.coordinating",
    DeadlineKind.COUNSELLING_END: "counselling.coordinating",
    **dict.fromkeys(STEPS, "bridge.index"),
    DeadlineKind.COUNSELLING_ASK_AGAIN: "counselling.coordinating",
    DeadlineKind.COUNSELLING_MISSED: "counselling.coordinating",
    DeadlineKind.COUNSELLING_PROMISE: "counselling.coordinating",
    DeadlineKind.FIRST_MUNICIPAL_MEETING: "counselling.coordinating",
}


def page_of_row(
    kind: DeadlineKind | None, subject_type: SubjectType, public_id: str, case_public_id: str | None
) -> str:
    """Where a row of the work list is done: the page within the case, else the page of the thing.

    Empty where the reader's role never comes in: a case shows her what others do next, without a door to it.
    """
    list_of = ANSWERED_IN.get(kind) if kind else None
    if list_of is not None and _opens(list_of):
        # Where several cases are offered, the row leads to its own.
        card = f"case-{public_id}" if kind is DeadlineKind.TRANSFER_ANSWER else None
        return url_for(list_of, _anchor=card)
    if kind is DeadlineKind.WORKER_WANTED and _opens(GIVES_COURSES):
        return url_for(GIVES_COURSES)
    if kind is DeadlineKind.BRIDGE_RECEIVER and _opens(SEES_WHO_IS_ALONE):
        return url_for(SEES_WHO_IS_ALONE)
    # An adviser of a municipality that works in no case of hers: the list that says by which number to ask.
    if kind is DeadlineKind.COUNSELLING_MISSED and not case_public_id and _opens(UNMET):
        return url_for(UNMET)
    # A lead does not come into the case: hers leads to those who left without an offer.
    if kind is DeadlineKind.COUNSELLING_MISSED_LEAD and _opens("counselling.behind"):
        return url_for("counselling.behind", figure="not_offered")
    # A request about own data has a page of its own, also where it waits for a second person.
    inside = WITHIN_CASE.get(kind) if kind and subject_type is not SubjectType.RIGHTS_REQUEST else None
    if inside and case_public_id:
        return url_for(inside, public_id=case_public_id) if _opens(inside) else ""
    if kind is DeadlineKind.REFERRAL_LATE:
        return page_of(subject_type, public_id)
    return page_of(subject_type, public_id) if _opens(PAGES.get(subject_type, "home.start")) else ""


def _opens(endpoint: str) -> bool:
    declared = declaration_of(current_app, endpoint)
    if declared is None or declared.permissions is None:
        return True
    return any(can(current_actor(), permission) for permission in declared.permissions)
