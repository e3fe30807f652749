"""The three questions that are asked in every talk; the same in each form in which a talk is written down."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.core.i18n import _
from portal.domain.disclosure import FieldGroup
from portal.domain.risk import HIGHEST, LOWEST, Answers
from portal.queries import cases
from portal.web.access import current_actor
from portal.web.case_pages import lens_of
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


def incident_link(case_id: str, answers: Answers, on: date | None = None) -> dict[str, str] | None:
    """The way to write down what has happened, when she said that there is new violence (R-873).

    `on`: the day of the talk, with which the form begins; today without one. Nothing for whoever may not write it.
    """
    if not answers.new_violence:
        return None
    actor = current_actor()
    if not lens_of(actor, cases.get(actor, case_id)).shows(FieldGroup.RISK_NARRATIVE_PERPETRATOR):
        return None
    url = url_for("risk.violence", public_id=case_id, on=on.isoformat() if on else None)
    return {"url": url, "text": gettext("Write down what happened (in less than a minute)")}
