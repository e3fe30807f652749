"""Where the page of a thing is: used by the work list, the inbox and the audit trail."""

from flask import current_app, url_for

from portal.core.kinds import DeadlineKind, SubjectType
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
    endpoint = PAGES.get(subject_type)
    if endpoint is None or public_id is None or not _opens(endpoint):
        return url_for("home.start")
    return url_for(endpoint, public_id=public_id)


# Whoever gives a waiting course away sees nothing of it: her row leads to the list in which it stands.
GIVES_COURSES = "people.without_team"
# A row of the work list about the case itself leads to the page on which it is done.
WITHIN_CASE: dict[DeadlineKind, str] = {
    DeadlineKind.SAFE_CONTACT_CHECK: "cases.contact_card",
    DeadlineKind.RISK_REVIEW: "cases.assess",
    DeadlineKind.WELFARE_CHECK: "cases.journal",
    DeadlineKind.CONSENT_RENEWAL: "cases.consents_page",
    DeadlineKind.SECOND_PERSON: "cases.keep_out",
    DeadlineKind.GOAL: "plans.goals",
    DeadlineKind.GOAL_STEP: "plans.goals",
    DeadlineKind.COUNSELLING_OFFER: "counselling.coordinating",
    DeadlineKind.COUNSELLING_END: "counselling.coordinating",
}


def page_of_row(
    kind: DeadlineKind | None, subject_type: SubjectType, public_id: str, case_public_id: str | None
) -> str:
    """Where a row of the work list is done: the page within the case, else the page of the thing.

    Empty where the reader's role never comes in: a case shows her what others do next, without a door to it.
    """
    if kind is DeadlineKind.WORKER_WANTED and _opens(GIVES_COURSES):
        return url_for(GIVES_COURSES)
    # A request about own data has a page of its own, also where it waits for a second person.
    inside = WITHIN_CASE.get(kind) if kind and subject_type is not SubjectType.RIGHTS_REQUEST else None
    if inside and case_public_id:
        return url_for(inside, public_id=case_public_id) if _opens(inside) else ""
    return page_of(subject_type, public_id) if _opens(PAGES.get(subject_type, "home.start")) else ""


def _opens(endpoint: str) -> bool:
    declared = declaration_of(current_app, endpoint)
    if declared is None or declared.permissions is None:
        return True
    return any(can(current_actor(), permission) for permission in declared.permissions)
