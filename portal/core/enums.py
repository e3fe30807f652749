"""Closed vocabularies that belong to no single area: roles, permissions, organisations. Stored by value."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership lets a person be. The Danish words are in `domain/labels.py`."""

    CONTACT_PERSON = "contact_person"
    MUNICIPAL_ADVISER = "municipal_adviser"
    INTAKE = "intake"
    PROGRAMME_WORKER = "programme_worker"
    GROUP_LEADER = "group_leader"
    HOUSING_COORDINATOR = "housing_coordinator"
    VOLUNTEER_COORDINATOR = "volunteer_coordinator"
    VOLUNTEER = "volunteer"
    GRANT_OFFICER = "grant_officer"
    GRANT_APPROVER = "grant_approver"
    GRANT_PAYER = "grant_payer"
    PROGRAMME_LEAD = "programme_lead"
    SAFETY_OFFICER = "safety_officer"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class OrganisationKind(StrEnum):
    SHELTER = "shelter"
    MUNICIPALITY = "municipality"
    NGO = "ngo"


class Permission(StrEnum):
    """What a role may ever ask for at the door. Whether it may here and now is asked again in the room."""

    DAY_VIEW = "day:view"
    ACCOUNT_MANAGE = "account:manage"
    MESSAGE_VIEW = "message:view"
    CASE_VIEW = "case:view"
    CASE_OPEN = "case:open"
    CASE_EDIT = "case:edit"
    CASE_SEARCH = "case:search"
    CASE_LEAD_LIST = "case:lead_list"
    ADDRESS_REVEAL = "address:reveal"
    REFERRAL_MAKE = "referral:make"
    REFERRAL_VIEW = "referral:view"
    REFERRAL_ANSWER = "referral:answer"
    REFERRAL_REOPEN = "referral:reopen"
    PROGRAMME_VIEW = "programme:view"
    ENROLMENT_VIEW = "enrolment:view"
    ENROLMENT_MANAGE = "enrolment:manage"
    CTI_MANAGE = "cti:manage"
    GROUP_VIEW = "group:view"
    GROUP_MANAGE = "group:manage"
    HOUSING_VIEW = "housing:view"
    HOUSING_MANAGE = "housing:manage"
    TENANCY_VIEW = "tenancy:view"
    TENANCY_ASK = "tenancy:ask"
    TENANCY_DECIDE = "tenancy:decide"
    COUNSELLING_RECORD = "counselling:record"
    COUNSELLING_MANAGE = "counselling:manage"
    MEETING_VIEW = "meeting:view"
    MEETING_MANAGE = "meeting:manage"
    TASK_BOARD = "task:board"
    TASK_CLAIM = "task:claim"
    TASK_VIEW = "task:view"
    TASK_MANAGE = "task:manage"
    FURNISHING_VIEW = "furnishing:view"
    FURNISHING_MANAGE = "furnishing:manage"
    GRANT_VIEW = "grant:view"
    GRANT_APPLY = "grant:apply"
    GRANT_RECOMMEND = "grant:recommend"
    GRANT_APPROVE = "grant:approve"
    GRANT_PAY = "grant:pay"
    FOLLOW_UP_FILL = "follow_up:fill"
    REPORT_VIEW = "report:view"
    AUDIT_VIEW = "audit:view"
    SAFETY_VIEW = "safety:view"
    USER_MANAGE = "user:manage"
    STAFF_VIEW = "staff:view"
    STAFF_ATTEST = "staff:attest"
    MEMBERSHIP_END = "membership:end"
    CASE_ADOPT = "case:adopt"
    ORGANISATION_LEAVE = "organisation:leave"
    TRANSFER_PROPOSE = "transfer:propose"
    TRANSFER_ANSWER = "transfer:answer"
    OPERATIONS_VIEW = "operations:view"


class Language(StrEnum):
    DANISH = "da"
    ENGLISH = "en"


class Region(StrEnum):
    """The five Danish regions: the only place shown outside a case's team (security rule PA-5)."""

    CAPITAL = "Hovedstaden"
    ZEALAND = "Sjælland"
    SOUTH = "Syddanmark"
    CENTRAL = "Midtjylland"
    NORTH = "Nordjylland"
