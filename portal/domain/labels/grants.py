"""Words for start-up grants."""

from portal.core.i18n import _
from portal.core.kinds import GrantCategory, PayeeKind
from portal.core.states import GrantState
from portal.domain.labels.words import Words

WORDS: Words = (
    (GrantCategory.DEPOSIT, _("Deposit for a home")),
    (GrantCategory.MOVING, _("Moving")),
    (GrantCategory.BASIC_FURNITURE, _("Basic furniture")),
    (GrantCategory.CLOTHES, _("Clothes")),
    (GrantCategory.TOYS, _("Toys for the children")),
    (GrantCategory.OTHER, _("Other")),
    (PayeeKind.LANDLORD, _("The landlord")),
    (PayeeKind.SHOP, _("A shop")),
    (PayeeKind.CENTRE, _("The centre, on her behalf")),
    (PayeeKind.HER_ACCOUNT, _("Her own account")),
    (GrantState.DRAFT, _("Draft")),
    (GrantState.SUBMITTED, _("Sent")),
    (GrantState.NEEDS_INFO, _("More information asked for")),
    (GrantState.SCREENING, _("Being read")),
    (GrantState.ASSESSED, _("Recommended")),
    (GrantState.APPROVED, _("Approved")),
    (GrantState.DECLINED, _("Declined")),
    (GrantState.PAYMENT_ORDERED, _("Payment ordered")),
    (GrantState.PAID, _("Paid")),
    (GrantState.RECEIPTED, _("Closed, receipts are in")),
    (GrantState.WITHDRAWN, _("Withdrawn")),
)
