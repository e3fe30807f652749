"""Where the page of a thing is: used by the work list, the inbox and the audit trail."""

from flask import url_for

from portal.core.kinds import SubjectType

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
    SubjectType.CLAIM: "tasks.claim",
    SubjectType.FURNISHING: "furnishing.detail",
    SubjectType.GRANT: "grants.detail",
    SubjectType.FOLLOW_UP: "followups.detail",
    SubjectType.COUNSELLING: "counselling.detail",
    SubjectType.NOTICE: "cases.open_notice",
    SubjectType.PROGRAMME: "programmes.detail",
    SubjectType.VOLUNTEER: "volunteers.detail",
}


def page_of(subject_type: SubjectType, public_id: str | None) -> str:
    """The address of a thing's own page, or of the front page for what has none."""
    endpoint = PAGES.get(subject_type)
    if endpoint is None or public_id is None:
        return url_for("home.start")
    return url_for(endpoint, public_id=public_id)
