"""The three questions that are asked in every talk; the same in each form in which a talk is written down."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from portal.core.i18n import _
from portal.domain.risk import HIGHEST, LOWEST, Answers
from portal.web.fields import Radio, optional

YES_NO = (("yes", _("Yes")), ("no", _("No")))
SAID = {"yes": True, "no": False}
SCALE = [(str(number), str(number)) for number in range(LOWEST, HIGHEST + 1)]


class SafetyQuestions:
    """Fields for a form of a talk. Each may be left out."""

    new_violence: Any = Radio(_("New violence since last?"), [optional()], choices=YES_NO)
    unwanted_contact: Any = Radio(_("Contact against her will?"), [optional()], choices=YES_NO)
    feels_safe: Any = Radio(_("How safe does she feel?"), [optional()], choices=SCALE)

    @property
    def answers(self) -> Answers:
        """What she answered."""
        felt = self.feels_safe.data
        return Answers(
            SAID.get(self.new_violence.data), SAID.get(self.unwanted_contact.data), int(felt) if felt else None
        )

    @property
    def questions(self) -> tuple[Any, ...]:
        """The three fields, in their order."""
        return self.new_violence, self.unwanted_contact, self.feels_safe


def safety_said(asks: Sequence[bool]) -> str:
    """What whoever has saved a talk is told besides, when her safety must be looked at (R-635)."""
    if not any(asks):
        return ""
    return " " + gettext("Her safety must be looked at by tomorrow. Volunteer visits wait until then.")
