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
class Outcome:
    """What has become of a change: which roles are another's from now on, and which only for days before a later line.

    `is_empty`: nothing was another one, nor another day.
    """

    changed: tuple[MunicipalityDuty, ...] = ()
    before_only: tuple[MunicipalityDuty, ...] = ()
    moved: tuple[MunicipalityDuty, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self.changed or self.before_only or self.moved)


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
) -> Outcome:
    """Set which municipality must act and which one pays, by official code, from a day on (R-676).

    The first line began on the day somebody wrote it, or earlier: another one from an earlier day on moves it, and so
    does an earlier day alone (R-833). Raises Stale, NotNow, and Invalid for a day ahead, another municipality without
    a reason, or a day that changes nothing.
    """
    step = check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    wanted = {MunicipalityDuty.RESPONSIBLE: responsible or None, MunicipalityDuty.PAYING: paying or None}
    changed = [duty for duty, code in wanted.items() if getattr(case, COLUMNS[duty]) != code]
    _check(case, changed, since, today=local_date(now))
    moved = _begin_earlier(case, changed or list(COLUMNS), since.from_on, actor=actor, now=now)
    if not changed and not moved and since.from_on is not None:
        raise Invalid(_("It is the same municipality already on that day."), field="from_on")
    for duty in changed:
        _write(case, duty, wanted[duty], since, actor=actor, now=now)
    if changed or moved:
        _settle(case, now)
        fields = [COLUMNS[duty] for duty in changed or moved]
        case_marks.record(step.audit, case, actor=actor, now=now, fields=fields)
    db.session.flush()
    later = tuple(duty for duty in changed if getattr(case, COLUMNS[duty]) != wanted[duty])
    return Outcome(tuple(duty for duty in changed if duty not in later), later, () if changed else tuple(moved))


def _begin_earlier(
    case: Case, duties: list[MunicipalityDuty], from_on: date | None, *, actor: Actor, now: datetime
) -> list[MunicipalityDuty]:
    """Let the first line begin before a day, where it is the only one and begins later; returns whose did (R-833).

    It begins with her stay where she came earlier.
    """
    moved: list[MunicipalityDuty] = []
    if from_on is None:
        return moved
    for duty in duties:
        line = queries.find_only(case.id, duty)
        if line is None or line.reason is not MunicipalityReason.FIRST or line.from_on <= from_on:
            continue
        since = Since(min(filter(None, (from_on, queries.came_on(case.id)))), line.reason)
        _write(case, duty, line.municipality_code, since, actor=actor, now=now, corrects_id=line.id)
        moved.append(duty)
    return moved


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
