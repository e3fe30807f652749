"""Who may act. Roles to permissions; the door asks here before anything is loaded.

Whether somebody may act on one particular thing is asked a second time in the room: `visible_*` in
`queries/visibility.py` decides what she can see at all, and the step tables decide the rest (R-001).
"""

from portal.core.actor import Actor
from portal.core.enums import Permission as P
from portal.core.enums import Role
from portal.core.errors import Forbidden

EVERYONE = frozenset({P.ACCOUNT_MANAGE, P.MESSAGE_VIEW})

# Case work: what everybody with a team does.
CASE_WORK = frozenset(
    {
        P.DAY_VIEW,
        P.CASE_VIEW,
        P.CASE_EMERGENCY,
        P.CASE_KEEP_OUT,
        P.CASE_EDIT,
        P.CASE_SEARCH,
        P.ADDRESS_REVEAL,
        P.REFERRAL_MAKE,
        P.REFERRAL_VIEW,
        P.PROGRAMME_VIEW,
        P.ENROLMENT_VIEW,
        P.MEETING_VIEW,
        P.MEETING_MANAGE,
        P.COUNSELLING_RECORD,
        P.GRANT_VIEW,
        P.GRANT_APPLY,
        P.FOLLOW_UP_FILL,
        P.TASK_VIEW,
        P.GROUP_VIEW,
        P.FURNISHING_VIEW,
        P.RIGHTS_RECORD,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.CONTACT_PERSON: EVERYONE
    | CASE_WORK
    | {
        P.CASE_OPEN,
        P.CASE_IMPORT,
        P.ENROLMENT_MANAGE,
        P.TENANCY_VIEW,
        P.TENANCY_ASK,
        P.ENQUIRY_RECORD,
        P.ENQUIRY_COUNT,
        P.ACTIVITY_VIEW,
        P.ACTIVITY_MANAGE,
    },
    Role.MUNICIPAL_ADVISER: EVERYONE
    | CASE_WORK
    | {
        P.CASE_OPEN,
        P.ENROLMENT_MANAGE,
        P.COUNSELLING_MANAGE,
        P.COUNSELLING_FIGURES,
        P.REFERRAL_ANSWER,
        P.REFERRAL_UNDO,
        P.TRANSFER_ANSWER,
        P.RECORDS_EXPORT,
    },
    Role.INTAKE: EVERYONE
    | {
        P.DAY_VIEW,
        P.REFERRAL_VIEW,
        P.REFERRAL_ANSWER,
        P.REFERRAL_UNDO,
        P.TRANSFER_ANSWER,
        P.PROGRAMME_VIEW,
        P.MEETING_VIEW,
        P.MEETING_MANAGE,
        P.CASE_OPEN,
        P.CASE_SEARCH,
        P.CASE_ADOPT,
        P.CASE_EMERGENCY,
        P.ENQUIRY_RECORD,
        P.ENQUIRY_COUNT,
    },
    Role.PROGRAMME_WORKER: EVERYONE
    | CASE_WORK
    | {
        P.CASE_OPEN,
        P.ENROLMENT_MANAGE,
        P.CTI_MANAGE,
        P.COUNSELLING_MANAGE,
        P.TENANCY_VIEW,
        P.TENANCY_ASK,
    },
    Role.GROUP_LEADER: EVERYONE
    | {
        P.DAY_VIEW,
        P.CASE_VIEW,
        P.CASE_EMERGENCY,
        P.ENROLMENT_VIEW,
        P.GROUP_VIEW,
        P.GROUP_MANAGE,
        P.MEETING_VIEW,
        P.MEETING_MANAGE,
        P.REFERRAL_VIEW,
        P.REFERRAL_ANSWER,
        P.REFERRAL_UNDO,
        P.PROGRAMME_VIEW,
    },
    Role.HOUSING_COORDINATOR: EVERYONE
    | {
        P.DAY_VIEW,
        P.CASE_VIEW,
        P.CASE_EMERGENCY,
        P.ENROLMENT_VIEW,
        P.ENROLMENT_MANAGE,
        P.HOUSING_VIEW,
        P.HOUSING_MANAGE,
        P.TENANCY_VIEW,
        P.TENANCY_DECIDE,
        P.MEETING_VIEW,
        P.MEETING_MANAGE,
        P.REFERRAL_VIEW,
        P.REFERRAL_ANSWER,
        P.REFERRAL_UNDO,
        P.PROGRAMME_VIEW,
        P.ADDRESS_REVEAL,
    },
    Role.VOLUNTEER_COORDINATOR: EVERYONE
    | {
        P.DAY_VIEW,
        P.TASK_VIEW,
        P.TASK_MANAGE,
        P.FURNISHING_VIEW,
        P.FURNISHING_MANAGE,
        P.MEETING_VIEW,
        P.MEETING_MANAGE,
        P.PROGRAMME_VIEW,
        P.ENROLMENT_VIEW,
    },
    Role.VOLUNTEER: EVERYONE | {P.TASK_BOARD, P.TASK_CLAIM},
    Role.GRANT_OFFICER: EVERYONE | {P.DAY_VIEW, P.GRANT_VIEW, P.GRANT_RECOMMEND, P.PROGRAMME_VIEW},
    Role.GRANT_APPROVER: EVERYONE | {P.DAY_VIEW, P.GRANT_VIEW, P.GRANT_APPROVE},
    Role.GRANT_PAYER: EVERYONE | {P.DAY_VIEW, P.GRANT_VIEW, P.GRANT_PAY},
    Role.PROGRAMME_LEAD: EVERYONE
    | {
        P.DAY_VIEW,
        P.CASE_LEAD_LIST,
        P.ENQUIRY_COUNT,
        P.ACTIVITY_VIEW,
        P.REPORT_VIEW,
        P.COUNSELLING_FIGURES,
        P.REFERRAL_REOPEN,
        P.REFERRAL_UNDO,
        P.PROGRAMME_VIEW,
        P.PROGRAMME_MANAGE,
        P.ALERT_VIEW,
        P.OPERATIONS_VIEW,
        P.HOUSING_VIEW,
        P.TENANCY_VIEW,
        P.TENANCY_DECIDE,
        P.GROUP_VIEW,
        P.STAFF_VIEW,
        P.STAFF_ATTEST,
        P.CASE_ADOPT,
        P.TRANSFER_PROPOSE,
        P.TRANSFER_ANSWER,
    },
    Role.SAFETY_OFFICER: EVERYONE
    | {
        P.DAY_VIEW,
        P.SAFETY_VIEW,
        P.AUDIT_VIEW,
        P.ALERT_VIEW,
        P.CASE_KEEP_OUT,
        P.STAFF_VIEW,
        P.MEMBERSHIP_END,
        P.CASE_ADOPT,
        P.RIGHTS_SECOND,
        P.INCIDENT_MANAGE,
    },
    Role.DATA_PROTECTION_OFFICER: EVERYONE
    | {
        P.DAY_VIEW,
        P.AUDIT_VIEW,
        P.ALERT_VIEW,
        P.ORGANISATION_LEAVE,
        P.RIGHTS_RUN,
        P.RIGHTS_SECOND,
        P.RETENTION_MANAGE,
        P.INCIDENT_MANAGE,
    },
    Role.ADMINISTRATOR: EVERYONE
    | {
        P.DAY_VIEW,
        P.USER_MANAGE,
        P.OPERATIONS_VIEW,
        P.ALERT_VIEW,
        P.STAFF_VIEW,
        P.STAFF_ATTEST,
        P.MEMBERSHIP_END,
        P.ORGANISATION_LEAVE,
    },
    # Scheduled work goes through services of its own, which ask nobody.
    Role.SYSTEM: frozenset(),
}


def can(actor: Actor, permission: P) -> bool:
    """Whether this role ever does this (R-001)."""
    return permission in ROLE_PERMISSIONS[actor.role]


def require(actor: Actor, permission: P) -> None:
    """Raise Forbidden unless the actor's role ever does this (R-001)."""
    if not can(actor, permission):
        raise Forbidden
