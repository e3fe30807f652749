"""Start-up grants: the steps of an application, and who may say yes to what (R-140 to R-143)."""

from collections.abc import Collection
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.enums import Permission as P
from portal.core.states import GrantState as S
from portal.domain.workflow import Step

PREVIOUS_AID_MONTHS = 12


class GrantAction(StrEnum):
    SUBMIT = "submit"
    SCREEN = "screen"
    ASK_INFO = "ask_info"
    GIVE_INFO = "give_info"
    RECOMMEND = "recommend"
    APPROVE = "approve"
    DECLINE = "decline"
    ORDER_PAYMENT = "order_payment"
    PAY = "pay"
    RECEIPT = "receipt"
    WITHDRAW = "withdraw"


def _from(*states: S) -> frozenset[S]:
    return frozenset(states)


STEPS: dict[GrantAction, Step[S]] = {
    GrantAction.SUBMIT: Step(_from(S.DRAFT), S.SUBMITTED, P.GRANT_APPLY, Audit.GRANT_SUBMITTED),
    GrantAction.SCREEN: Step(_from(S.SUBMITTED), S.SCREENING, P.GRANT_RECOMMEND, Audit.GRANT_SCREENED),
    GrantAction.ASK_INFO: Step(_from(S.SCREENING), S.NEEDS_INFO, P.GRANT_RECOMMEND, Audit.GRANT_INFO_WANTED),
    GrantAction.GIVE_INFO: Step(_from(S.NEEDS_INFO), S.SCREENING, P.GRANT_APPLY, Audit.GRANT_SUBMITTED),
    # Recommending again changes the amount: approvals that were given before do not count any more.
    GrantAction.RECOMMEND: Step(_from(S.SCREENING, S.ASSESSED), S.ASSESSED, P.GRANT_RECOMMEND, Audit.GRANT_RECOMMENDED),
    GrantAction.APPROVE: Step(_from(S.ASSESSED), S.APPROVED, P.GRANT_APPROVE, Audit.GRANT_APPROVED),
    GrantAction.DECLINE: Step(_from(S.ASSESSED), S.DECLINED, P.GRANT_APPROVE, Audit.GRANT_DECLINED),
    GrantAction.ORDER_PAYMENT: Step(_from(S.APPROVED), S.PAYMENT_ORDERED, P.GRANT_PAY, Audit.GRANT_PAYMENT_ORDERED),
    GrantAction.PAY: Step(_from(S.PAYMENT_ORDERED), S.PAID, P.GRANT_PAY, Audit.GRANT_PAID),
    GrantAction.RECEIPT: Step(_from(S.PAID), S.RECEIPTED, P.GRANT_RECOMMEND, Audit.GRANT_RECEIPTED),
    GrantAction.WITHDRAW: Step(
        _from(S.DRAFT, S.SUBMITTED, S.NEEDS_INFO, S.SCREENING, S.ASSESSED),
        S.WITHDRAWN,
        P.GRANT_APPLY,
        Audit.GRANT_WITHDRAWN,
    ),
}


def approvals_needed(amount_ore: int, *, second_above_ore: int) -> int:
    """How many persons must say yes to an amount in øre: two above the fund's limit (R-140)."""
    return 2 if amount_ore > second_above_ore else 1


def may_approve(
    user_id: int | None, *, applicant_id: int, recommended_by_id: int | None, approved_by: Collection[int]
) -> bool:
    """Whether this person may say yes: not to an own application or recommendation, and not twice (R-141)."""
    return user_id not in {applicant_id, recommended_by_id, *approved_by}


def may_pay(user_id: int | None, *, recommended_by_id: int | None, approved_by: Collection[int]) -> bool:
    """Whether this person may pay: neither the one who recommended nor one who approved (R-143)."""
    return user_id not in {recommended_by_id, *approved_by}
