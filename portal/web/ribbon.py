"""The phases of a CTI course as the ribbon shows them."""

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.domain.cti import RibbonStep, StepState
from portal.web.filters import short_day

RIBBON = {StepState.DONE: "done", StepState.NOW: "current", StepState.AHEAD: "todo"}


def ribbon_steps(steps: Sequence[RibbonStep]) -> list[dict[str, str]]:
    """Label, text and state of each step, for the macro."""
    return [{"label": str(step.label), "text": _step_text(step), "state": RIBBON[step.state]} for step in steps]


def _step_text(step: RibbonStep) -> str:
    if step.week is not None and step.weeks is not None:
        end = short_day(step.end)
        return _("week %(week)d of %(weeks)d · ends %(end)s", week=step.week, weeks=step.weeks, end=end)
    if step.start is None:
        return _("when she has moved")
    if step.end is None or step.end == step.start:
        return f"{step.start:%d.%m.%Y}"
    return f"{short_day(step.start)} – {short_day(step.end)}"
