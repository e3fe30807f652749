"""Who sees what: the relation of a person to a case, and what it opens (R-003).

Letters of the table: `-` no, and nothing is confirmed · `p` pseudonymous reference · `a` released figures ·
`m` masked · `v` view · `e` view and edit · `c` hand in, never read back · `t` inside a time window ·
`r` reveal on demand · `R` reveal and replace · `T` reveal inside the window.

Raised numbers: ¹ tracks that need an address, ² region only, ³ tracks that involve children, ⁴ add and see,
⁵ own track only, ⁶ volunteers only, ⁷ without case identifiers.
"""

from enum import StrEnum

from portal.core.safety import OfficersPart, WhoShePart
from portal.domain.disclosure_table import CELLS, RELATIONS


class Relation(StrEnum):
    """What somebody is to a case: exactly one of these, in one role (security rule 2.1)."""

    AN = "AN"
    RF = "RF"
    RC = "RC"
    IN = "IN"
    CT = "CT"
    CN = "CN"
    TT = "TT"
    TN = "TN"
    PL = "PL"
    VC = "VC"
    VO = "VO"
    VW = "VW"
    VN = "VN"
    GO = "GO"
    SO = "SO"
    DP = "DP"
    OA = "OA"
    SA = "SA"
    BG = "BG"
    BX = "BX"
    XO = "XO"


class FieldGroup(StrEnum):
    """What a page may show, in groups that a lawyer can name."""

    CASE_EXISTS = "case_exists"
    CASE_REF = "case_ref"
    PERSON_NAME = "person_name"
    PERSON_CPR = "person_cpr"
    PERSON_AGE_BAND = "person_age_band"
    ADDR_EXACT = "addr_exact"
    ADDR_AREA = "addr_area"
    ADDR_PROTECTION_LEVEL = "addr_protection_level"
    CONTACT_PHONE_EMAIL = "contact_phone_email"
    CONTACT_SAFE_RULES = "contact_safe_rules"
    PERSON_LANGUAGE_NEEDS = "person_language_needs"
    CHILD_COUNT_BAND = "child_count_band"
    CHILD_IDENTITY = "child_identity"
    CHILD_CUSTODY = "child_custody"
    RISK_LEVEL = "risk_level"
    RISK_NARRATIVE_PERPETRATOR = "risk_narrative_perpetrator"
    BLOCK_LIST = "block_list"
    NOTE_CASE = "note_case"
    NOTE_TRACK = "note_track"
    REFERRAL_CONTENT = "referral_content"
    REFERRAL_STATUS = "referral_status"
    CONSENT_RECORD = "consent_record"
    ENROL_TRACK_STATE = "enrol_track_state"
    CTI_PHASE_CONTACTS = "cti_phase_contacts"
    HOUSING_UNIT_IDENTITY = "housing_unit_identity"
    HOUSING_OFFER_STATE = "housing_offer_state"
    GRANT_APPLICATION = "grant_application"
    GRANT_BANK_DETAILS = "grant_bank_details"
    GRANT_DECISION_PAYMENT = "grant_decision_payment"
    TASK_CARD_PUBLIC = "task_card_public"
    TASK_PRIVATE = "task_private"
    TASK_ADDRESS = "task_address"
    VOLUNTEER_PROFILE = "volunteer_profile"
    OUTCOME_SCORES = "outcome_scores"
    DOCUMENT_FILE = "document_file"
    CALENDAR_ENTRY = "calendar_entry"
    MESSAGE_TASK_THREAD = "message_task_thread"
    STATS_RELEASED = "stats_released"
    EXPORT_SUBJECT_ACCESS = "export_subject_access"
    AUDIT_CASE_ACCESS = "audit_case_access"
    USER_MEMBERSHIP = "user_membership"
    AUDIT_SYSTEM = "audit_system"


# To which group belongs what intake and the safety officer open one at a time (`core/safety.py`).
GROUP_OF_PART: dict[str, FieldGroup] = {
    WhoShePart.NAME: FieldGroup.PERSON_NAME,
    WhoShePart.PHONE: FieldGroup.CONTACT_PHONE_EMAIL,
    WhoShePart.CPR_NUMBER: FieldGroup.PERSON_CPR,
    WhoShePart.ACCOUNT: FieldGroup.RISK_NARRATIVE_PERPETRATOR,
    OfficersPart.ADDRESS: FieldGroup.ADDR_EXACT,
    OfficersPart.FORMER_ADDRESS: FieldGroup.ADDR_EXACT,
    OfficersPart.FORMER_CHILD_PLACE: FieldGroup.ADDR_EXACT,
}

# Which letters permit which act. A value is sealed (`r R T`) or handed in for good (`c`) even to those who list.
OPENS: dict[str, frozenset[str]] = {
    "view": frozenset("vepmat"),
    "edit": frozenset("e"),
    "create": frozenset("ce"),
    "reveal": frozenset("rRT"),
    "replace": frozenset("R"),
    "list": frozenset("vepm"),
    "search": frozenset("vep"),
}

_TABLE: dict[tuple[str, str], str] = {
    (group, relation): cell
    for group, row in CELLS.items()
    for relation, cell in zip(RELATIONS.split(), row.split(), strict=True)
}


def code(group: FieldGroup, relation: Relation) -> str:
    """The cell of the table, without its raised number."""
    return _TABLE[group.name, relation.value][0]


def raised(group: FieldGroup, relation: Relation) -> str:
    """The raised number of a cell, or nothing."""
    return _TABLE[group.name, relation.value][1:]


def opens(group: FieldGroup, relation: Relation, action: str = "view") -> bool:
    """Whether this relation opens the field group for that action. Unknown actions raise KeyError."""
    return code(group, relation) in OPENS[action]


def initials(name: str) -> str:
    """What masking leaves of a name."""
    return " ".join(f"{part[0]}." for part in name.split())


def visible_groups(relation: Relation) -> frozenset[FieldGroup]:
    """All field groups that a page may show to somebody in this relation."""
    return frozenset(group for group in FieldGroup if opens(group, relation))
