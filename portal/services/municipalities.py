"""Which municipality must act and which one pays: set from a day on, corrected, never overwritten (R-676)."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import _
from portal.core.kinds import MunicipalityDuty, MunicipalityReason
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.municipalities import MunicipalityPeriod
from portal.queries import municipalities as queries
from portal.queries.municipalities import COLUMNS
from portal.services import case_marks, counselling_records


@dataclass(frozen=True, slots=True)
class Since:
    """From which day on, and why. No day: today. No reason: the first that is known."""

    from_on: date | None = None
    reason: MunicipalityReason | None = None


def note_first(case: Case, *, actor: Actor, now: datetime) -> None:
    """The municipality that was known when the case was opened is the first line of the history."""
    if case.responsible_municipality_code is not None:
        _write(case, MunicipalityDuty.RESPONSIBLE, case.responsible_municipality_code, Since(), actor=actor, now=now)


def set_municipalities(
    case: Case,
    *,
    responsible: str | None,
    paying: str | None,
    actor: Actor,
    now: datetime,
    since: Since = Since(),
    version: int | None = None,
) -> None:
    """Set which municipality must act and which one pays, by official code, from a day on (R-676).

    Raises Stale, NotNow, and Invalid for a day ahead or another municipality without a reason.
    """
    step = check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    wanted = {MunicipalityDuty.RESPONSIBLE: responsible or None, MunicipalityDuty.PAYING: paying or None}
    changed = [duty for duty, code in wanted.items() if getattr(case, COLUMNS[duty]) != code]
    _check(case, changed, since, today=local_date(now))
    for duty in changed:
        _write(case, duty, wanted[duty], since, actor=actor, now=now)
    if changed:
        _settle(case, now)
        case_marks.record(step.audit, case, actor=actor, now=now, fields=[COLUMNS[duty] for duty in changed])
    db.session.flush()


def _check(case: Case, changed: list[MunicipalityDuty], since: Since, *, today: date) -> None:
    if since.from_on is not None and since.from_on > today:
        raise Invalid(_("The day has not come yet."), field="from_on")
    is_another = any(getattr(case, COLUMNS[duty]) is not None for duty in changed)
    if is_another and since.reason is None:
        raise Invalid(_("Say why it is another municipality."), field="reason")


def correct(
    case: Case, period: MunicipalityPeriod, *, code: str | None, from_on: date, actor: Actor, now: datetime
) -> MunicipalityPeriod:
    """Correct a line that was wrong: a new one stands in for it, and the old one stays to be read (R-676).

    Raises NotNow, Invalid for a day ahead, Conflict where somebody else has corrected it.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if from_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="from_on")
    if any(one.public_id == period.public_id and one.is_corrected for one in queries.list_history(case.id)):
        raise Conflict(_("Somebody else has corrected this line."))
    row = _write(case, period.duty, code, Since(from_on, period.reason), actor=actor, now=now, corrects_id=period.id)
    _settle(case, now)
    case_marks.record(Audit.CASE_CHANGED, case, actor=actor, now=now, fields=[COLUMNS[period.duty]])
    db.session.flush()
    return row


def _write(
    case: Case,
    duty: MunicipalityDuty,
    code: str | None,
    since: Since,
    *,
    actor: Actor,
    now: datetime,
    corrects_id: int | None = None,
) -> MunicipalityPeriod:
    row = MunicipalityPeriod(
        case_id=case.id,
        duty=duty,
        municipality_code=code,
        from_on=since.from_on or local_date(now),
        reason=since.reason or MunicipalityReason.FIRST,
        corrects_id=corrects_id,
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _settle(case: Case, now: datetime) -> None:
    """What counts today stands on the case; what counted when she left, with her counselling."""
    for duty, column in COLUMNS.items():
        found = queries.find_on(case.id, duty, local_date(now))
        if found is not None:
            setattr(case, column, found.municipality_code)
    counselling_records.note_municipality(case)
