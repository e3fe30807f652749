"""When a case is closed and reopened, and what must be done before."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.states import CaseState
from portal.domain.clocks import STATUTORY
from portal.domain.disclosure import OPENS, FieldGroup, Relation
from portal.domain.modifiers import ORDINARY, Circumstances, code_now
from portal.domain.workflow import Step


class CaseAction(StrEnum):
    EDIT = "edit"
    CLOSE = "close"
    REOPEN = "reopen"


OPEN = frozenset({CaseState.OPEN})

WORKFLOW: Mapping[CaseAction, Step[CaseState]] = {
    CaseAction.EDIT: Step(OPEN, CaseState.OPEN, Permission.CASE_EDIT, Audit.CASE_CHANGED),
    CaseAction.CLOSE: Step(OPEN, CaseState.CLOSED, Permission.CASE_EDIT, Audit.CASE_CLOSED),
    CaseAction.REOPEN: Step(frozenset({CaseState.CLOSED}), CaseState.OPEN, Permission.CASE_EDIT, Audit.CASE_REOPENED),
}

# What still stands on the work list after the case is closed: asking her three months later, a note that waits
# for a second person, and what a law asks for, the receipt for a notice of concern among it.
KEPT_AFTER_CLOSING = frozenset({DeadlineKind.FOLLOW_UP, DeadlineKind.NOTE_ASIDE}) | (
    STATUTORY - {DeadlineKind.PROTECTION_LAPSE}
)

# Rows of the work list without a page of their own: done with one press.
DONE_BY_PRESS = frozenset(
    {DeadlineKind.OTHER, DeadlineKind.WELFARE_CHECK, DeadlineKind.TENANCY_RUNG}
    | {DeadlineKind.CONSENT_RENEWAL, DeadlineKind.COURSE_LEFT, DeadlineKind.MEETING_CALLED_OFF}
    | {DeadlineKind.PROGRAMME_CLOCK, DeadlineKind.CONTACT_BLOCKED, DeadlineKind.NOTE_FOLLOW_UP}
    | {DeadlineKind.SHELTER_STATISTICS}
)
# No law stands behind these days, so they may be put off for a little.
MAY_BE_PUT_OFF = frozenset(
    {DeadlineKind.SAFE_CONTACT_CHECK, DeadlineKind.OTHER, DeadlineKind.WELFARE_CHECK, DeadlineKind.NOTE_FOLLOW_UP}
)
LONGEST_PUT_OFF_DAYS = 14
# May turn out not to matter any more: said with a reason, and never of what a law or her safety asks for.
MAY_BE_DROPPED = (DONE_BY_PRESS | {DeadlineKind.GOAL, DeadlineKind.GOAL_STEP, DeadlineKind.ENQUIRY_CALL_BACK}) - (
    STATUTORY | {DeadlineKind.CONTACT_BLOCKED, DeadlineKind.TENANCY_RUNG}
)
# Asks one person by name: no colleague answers for her.
HERS_ALONE = frozenset({DeadlineKind.COURSE_OFFERED, DeadlineKind.COURSE_UNANSWERED})
# From this level of protection on, no address of hers is kept.
NO_ADDRESS_LEVEL = 2
CONTACT_UNDO_MINUTES = 2


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is still open in a case, by number."""

    stays: int = 0
    enrolments: int = 0
    requests: int = 0
    claims: int = 0
    grants: int = 0
    # To the municipality, and not sent.
    notices: int = 0
    # The municipality's own, which has begun: its adviser works in the case until it ends.
    counselling: int = 0
    # The same, promised by law to whoever has left a centre: not offered, or with her answer still to come.
    promise: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open, so that the case may be closed (R-103)."""
        return not any(astuple(self))


SCORES_AND_NOTES = frozenset({FieldGroup.OUTCOME_SCORES, FieldGroup.NOTE_CASE, FieldGroup.NOTE_TRACK})
MONEY = frozenset(
    {
        FieldGroup.GRANT_APPLICATION,
        FieldGroup.GRANT_BANK_DETAILS,
        FieldGroup.GRANT_DECISION_PAYMENT,
    }
)

# What a role sees less of than its relation to the case would open (domain table of roles).
NARROWED: Mapping[Role, frozenset[FieldGroup]] = {
    Role.GROUP_LEADER: SCORES_AND_NOTES
    | MONEY
    | {
        FieldGroup.PERSON_CPR,
        FieldGroup.ADDR_EXACT,
        FieldGroup.ADDR_AREA,
        FieldGroup.CHILD_IDENTITY,
        FieldGroup.RISK_NARRATIVE_PERPETRATOR,
        FieldGroup.HOUSING_UNIT_IDENTITY,
        FieldGroup.CONSENT_RECORD,
    },
    Role.HOUSING_COORDINATOR: SCORES_AND_NOTES | MONEY | {FieldGroup.CHILD_IDENTITY, FieldGroup.CONSENT_RECORD},
    # The municipality's part of somebody else's case: counselling, notices and needs.
    Role.MUNICIPAL_ADVISER: SCORES_AND_NOTES
    | MONEY
    | {
        FieldGroup.ADDR_EXACT,
        FieldGroup.RISK_NARRATIVE_PERPETRATOR,
        FieldGroup.CTI_PHASE_CONTACTS,
        FieldGroup.CONSENT_RECORD,
        FieldGroup.CHILD_IDENTITY,
    },
}


@dataclass(frozen=True, slots=True)
class Lens:
    """Through what somebody sees a case: the field groups that are open, and how much of the name."""

    relation: Relation
    groups: frozenset[FieldGroup]
    on_demand: frozenset[FieldGroup]
    editable: frozenset[FieldGroup]
    is_first_name_only: bool
    # Whether the courses, meetings and deadlines of all organisations are seen, or only those of the own one.
    sees_all_tracks: bool
    # The case is closed: what is shown is read, and hardly anything of it changed (M6).
    is_closed: bool = False

    def shows(self, group: FieldGroup) -> bool:
        """Whether a page may show this group of fields."""
        return group in self.groups

    @property
    def reads_own_house(self) -> bool:
        """Whether what her own house wrote is read where the journal is not: on the team, while the case tells (M6)."""
        return self.relation is Relation.CT and self.shows(FieldGroup.CALENDAR_ENTRY)

    def may_reveal(self, group: FieldGroup) -> bool:
        """Whether the reader may ask to see this group, with a reason."""
        return group in self.on_demand

    def edits(self, group: FieldGroup) -> bool:
        """Whether the reader may change this group of fields."""
        return group in self.editable


def narrowed(role: Role, *, is_owner: bool) -> frozenset[FieldGroup]:
    """What this role sees less of in such a case; a municipality sees its own as a centre would (R-113)."""
    if role is Role.MUNICIPAL_ADVISER and is_owner:
        return frozenset()
    return NARROWED.get(role, frozenset())


@cache
def lens(relation: Relation, role: Role, *, is_owner: bool, case: Circumstances = ORDINARY) -> Lens:
    """What a person in this relation and role sees of a case in these circumstances (R-003, R-113, R-371).

    `is_owner`: whether the person's organisation owns the case.
    """
    closed = narrowed(role, is_owner=is_owner)
    letters = {group: code_now(group, relation, replace(case, narrowed=closed)) for group in FieldGroup}
    return Lens(
        relation=relation,
        groups=frozenset(group for group, letter in letters.items() if letter in OPENS["view"]),
        on_demand=frozenset(group for group, letter in letters.items() if letter in OPENS["reveal"]),
        editable=frozenset(group for group, letter in letters.items() if letter in OPENS["edit"]),
        is_first_name_only=role is Role.GROUP_LEADER,
        sees_all_tracks=not closed,
        is_closed=case.days_closed is not None,
    )


def shown_name(name: str | None, seen: Lens) -> str | None:
    """Her name as far as it may be shown; None when it is not known or not for this reader."""
    if name is None or not seen.shows(FieldGroup.PERSON_NAME):
        return None
    return name.split()[0] if seen.is_first_name_only else name


def is_late_entry(happened_at: datetime, written_at: datetime) -> bool:
    """Whether something was written down on a later Danish day than it happened on: such an entry is marked (R-768)."""
    return local_date(written_at) > local_date(happened_at)


def contact_undo_until(written_at: datetime) -> datetime:
    """Until when whoever logged a contact may undo it: two minutes, for slow telephones and reading aids (R-783)."""
    return written_at + timedelta(minutes=CONTACT_UNDO_MINUTES)
