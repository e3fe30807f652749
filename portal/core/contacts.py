"""Contacts with other parties about a case. Stored by value; which can be chosen on a day: `domain/contacts.py`."""

from enum import StrEnum


class ContactDirection(StrEnum):
    OUT = "out"
    IN = "in"


class PartyChannel(StrEnum):
    PHONE = "phone"
    MAIL = "mail"
    DIGITAL_POST = "digital_post"
    LETTER = "letter"
    MEETING = "meeting"
    VISIT = "visit"


class Party(StrEnum):
    """With whom."""

    OWN_MUNICIPALITY = "own_municipality"
    OTHER_MUNICIPALITY = "other_municipality"
    POLICE = "police"
    LAWYER = "lawyer"
    FAMILY_LAW_AGENCY = "family_law_agency"
    HEALTH = "health"
    PSYCHIATRY = "psychiatry"
    SCHOOL_DAYCARE = "school_daycare"
    HOUSING_ASSOCIATION = "housing_association"
    BANK = "bank"
    EMPLOYER = "employer"
    PRIVATE_NETWORK = "private_network"
    OTHER_CENTRE = "other_centre"
    NGO = "ngo"
    OTHER = "other"


class ContactTheme(StrEnum):
    """What it was about; several may be true at once."""

    HOUSING = "housing"
    OWN_PAYMENT = "own_payment"
    BUDGET = "budget"
    CHILD_SUPPORT = "child_support"
    DEBT = "debt"
    CUSTODY = "custody"
    HEALTH = "health"
    WORK = "work"
    SCHOOL = "school"
    RESIDENCE_PERMIT = "residence_permit"
    SAFETY = "safety"
    POLICE_REPORT = "police_report"
    OTHER = "other"


class ShareBasis(StrEnum):
    """Whether something about her was told, and on what ground."""

    NOTHING_TOLD = "nothing_told"
    CONSENT = "consent"
    CONCERN_DUTY = "concern_duty"
    ADMINISTRATION_ACT = "administration_act"
    CASE_PREPARATION = "case_preparation"
    POLICE_COOPERATION = "police_cooperation"
    DANGER_TO_LIFE = "danger_to_life"
