"""Words for what a line of the audit trail names beside its action."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.children import ChildSettingKind, ConsentQuestion, PlanStep
from portal.core.deadlines import DeadlineKind
from portal.core.i18n import _
from portal.core.kinds import ConsentPurpose
from portal.core.measures import FollowUpPoint
from portal.core.people import SignInProblem
from portal.core.rights import RetentionRule
from portal.core.states import ItemState
from portal.domain.furnishing import FurnishingAction
from portal.domain.groups import RoundAction
from portal.domain.housing import UnitAction

# What a line names beside its action: columns, and things that are looked for or shown.
FIELDS: Mapping[str, object] = {
    "a_day": _("how many a day"),
    "account": _("account of violence"),
    "former_address": _("the address before"),
    "former_child_place": _("a child's school or daycare before"),
    "birth_date": _("birth date"),
    "custody": _("custody"),
    "contact": _("contact with the other parent"),
    "contact_text": _("words about the contact"),
    "place": _("place"),
    "may_collect": _("who may collect"),
    "may_say": _("what may be said"),
    "told_on": _("day they were told"),
    "assessed_on": _("day of the assessment"),
    "assessment": _("assessment"),
    "action": _("action"),
    "address": _("address"),
    "admission_reasons": _("reasons of the admission"),
    "admitted_on": _("day of admission"),
    "architect_id": _("architect"),
    "area": _("area"),
    "areas": _("areas"),
    "birth_year": _("year of birth"),
    "budget_ore": _("budget"),
    "capacity": _("number of places"),
    "children": _("children"),
    "cpr": _("CPR number"),
    "cpr_number": _("CPR number"),
    "decided_by_id": _("who decided"),
    "email": _("e-mail"),
    "grant_application.account": _("bank account"),
    "is_accepting": _("open for referrals"),
    "is_along": _("is with her"),
    "is_suspended": _("suspended"),
    "language": _("language"),
    "level": _("level"),
    "max_children": _("places for children"),
    "link_reason": _("why one course"),
    "may_see_address": _("may see the address"),
    "minutes": _("hours"),
    "minutes_total": _("hours in all"),
    "months": _("months"),
    "name": _("name"),
    "needs": _("needs"),
    "needs_accessible": _("needs a place without stairs"),
    "needs_interpreter": _("needs an interpreter"),
    "note": _("note"),
    "number": _("number"),
    "paying_municipality_code": _("paying municipality"),
    "phase": _("phase"),
    "phone": _("telephone"),
    "plan": _("plan"),
    "previous_stay_ever": _("earlier stay"),
    "previous_stay_id": _("the stay before"),
    "protection_level": _("address protection"),
    "reason": _("reason"),
    "reference": _("reference"),
    "responsible_municipality_code": _("responsible municipality"),
    "review": _("review"),
    "state": _("state"),
    "t0": _("day of moving in"),
    "task.address": _("address of the task"),
    "user": _("person"),
    "wish": _("what she wants"),
    "wishes": _("wishes"),
    "sign": _("how it is seen"),
    "is_hers": _("she acts herself"),
    "helper": _("who else helps"),
    "worker_id": _("worker"),
}

# Lines that name no field but a value: which purpose, which step, which row.
VALUES: Mapping[Audit, tuple[type[StrEnum], ...]] = {
    Audit.ADDRESS_REVEALED: (ChildSettingKind,),
    Audit.CHILD_CONSENT_NOTED: (ConsentQuestion,),
    Audit.CHILD_SAFETY_SET: (ChildSettingKind,),
    Audit.CHILD_STEP_NOTED: (PlanStep,),
    Audit.CONSENT_GIVEN: (ConsentPurpose,),
    Audit.CONSENT_WITHDRAWN: (ConsentPurpose,),
    Audit.DEADLINE_DONE: (DeadlineKind,),
    Audit.DEADLINE_DROPPED: (DeadlineKind,),
    Audit.DEADLINE_GIVEN: (DeadlineKind,),
    Audit.DEADLINE_PUT_OFF: (DeadlineKind,),
    Audit.DEADLINE_WISHED: (DeadlineKind,),
    Audit.DEADLINE_WISH_ANSWERED: (DeadlineKind,),
    Audit.FOLLOW_UP_PLANNED: (FollowUpPoint,),
    Audit.FURNISHING_CHANGED: (FurnishingAction,),
    Audit.FURNISHING_ITEM_CHANGED: (ItemState,),
    Audit.RETENTION_AGREED: (RetentionRule,),
    Audit.RETENTION_ASKED: (RetentionRule,),
    Audit.RETENTION_DONE: (RetentionRule,),
    Audit.ROUND_CHANGED: (RoundAction,),
    Audit.SIGN_IN_FAILED: (SignInProblem,),
    Audit.UNIT_CHANGED: (UnitAction,),
}
