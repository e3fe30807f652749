"""Another length for a rule."""

from portal.core.i18n import _
from portal.domain.retention import RULES, SETTABLE
from portal.web.fields import Pick, PortalForm, Whole, required


class LengthForm(PortalForm):
    """Which rule, and how many days."""

    rule = Pick(_("Rule"), [required()], choices=[(rule.value, RULES[rule].what) for rule in SETTABLE])
    days = Whole(_("Days"), [required()], low=0, high=99999)


class AgreeForm(PortalForm):
    """Needs nothing but the press."""
