"""School, daycare and handover of a child: where, who may collect, what may be said, and how safe it is there.

The name of a child's institution tells where the family is: it is kept, shown and forgotten as her address is.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.children import ChildSettingKind
from portal.core.clock import local_date
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.cases import NO_ADDRESS_LEVEL, WORKFLOW, CaseAction
from portal.domain.children import ASSESSED
from portal.domain.disclosure import FieldGroup
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.children import Child, ChildSetting, FormerChildPlace
from portal.queries import child_records as records
from portal.services import case_marks, children
from portal.services.reveals import Secret


@dataclass(frozen=True, slots=True)
class SettingRecord:
    """What is written of one of them. An empty place leaves the one that is kept."""

    place: str | None = None
    forgets_place: bool = False
    may_collect: str | None = None
    may_say: str | None = None
    told_on: date | None = None
    assessed_on: date | None = None
    assessment: str | None = None


def save(
    case: Case,
    child: Child,
    kind: ChildSettingKind,
    new: SettingRecord,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Write what is known of a child's school, daycare or handover (R-649).

    `version` is 0 where the page knew of none. A new assessment is ticked in the child's plan. With special address
    protection no place is kept. Raises Invalid, Stale, NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    _check(case, new, today=local_date(now))
    found = records.find_setting(child, kind)
    check_version(version, found.version if found else 0)
    if found is None:
        found = ChildSetting(child_id=child.id, kind=kind)
    changed = _write_place(child, found, new, now=now) + _write_words(found, new)
    changed += _write_days(found, new, actor=actor)
    db.session.add(found)
    db.session.flush()
    if changed:
        case_marks.record(Audit.CHILD_SAFETY_SET, case, actor=actor, now=now, fields=[kind.value, *changed])
    if "assessed_on" in changed and new.assessed_on:
        children.note_step(case, child, ASSESSED[kind], done_on=new.assessed_on, actor=actor, now=now)
    db.session.flush()


def _check(case: Case, new: SettingRecord, *, today: date) -> None:
    if new.place and case.client.protection_level >= NO_ADDRESS_LEVEL:
        raise Invalid(_("With special address protection no place is kept here. Empty the field."), field="place")
    if new.place and new.forgets_place:
        raise Invalid(_("You have written a place and ticked that it is to be forgotten. Change one."), field="place")
    for field in ("told_on", "assessed_on"):
        day = getattr(new, field)
        if day is not None and day > today:
            raise Invalid(_("The day has not come yet."), field=field)
    if new.assessment and new.assessed_on is None:
        raise Invalid(_("Write on which day it was assessed."), field="assessed_on")


def _write_place(child: Child, found: ChildSetting, new: SettingRecord, *, now: datetime) -> list[str]:
    kept = records.read_place(child, found.kind)
    wanted = None if new.forgets_place else new.place or kept
    if wanted == kept:
        return []
    if kept:
        former = FormerChildPlace(public_id=new_public_id(), child_id=child.id, kind=found.kind, replaced_at=now)
        former.place = kept
        db.session.add(former)
    found.place = wanted
    return ["place"]


def _write_words(found: ChildSetting, new: SettingRecord) -> list[str]:
    wanted = {name: getattr(new, name) or None for name in ("may_collect", "may_say", "assessment")}
    changed = [name for name, value in wanted.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, wanted[name])
    return changed


def _write_days(found: ChildSetting, new: SettingRecord, *, actor: Actor) -> list[str]:
    """The two days, each with who of us stands behind it."""
    changed = [name for name in ("told_on", "assessed_on") if getattr(found, name) != getattr(new, name)]
    if "told_on" in changed:
        found.told_on, found.told_by_id = new.told_on, actor.user_id if new.told_on else None
    if "assessed_on" in changed:
        found.assessed_on, found.assessed_by_id = new.assessed_on, actor.user_id if new.assessed_on else None
    return changed


def its_place(case: Case, child: Child, kind: ChildSettingKind) -> Secret:
    """Where a child's school, daycare or handover is, as something to be revealed (R-649)."""
    read = partial(records.read_place, child, kind)
    return Secret(kind.value, SubjectType.CASE, case.public_id, case.id, FieldGroup.ADDR_EXACT, read)


def forget_places(client_id: int) -> int:
    """Forget where her children go, and where they went. Returns how many rows that touched."""
    hers = sa.select(Child.id).where(Child.client_id == client_id)
    former = db.session.execute(
        sa.delete(FormerChildPlace)
        .where(FormerChildPlace.child_id.in_(hers))
        .returning(FormerChildPlace.id)
        .execution_options(synchronize_session=False)
    ).all()
    emptied = db.session.execute(
        sa.update(ChildSetting)
        .where(ChildSetting.child_id.in_(hers), ChildSetting.place.is_not(None))
        .values(place=None, version=ChildSetting.version + 1)
        .returning(ChildSetting.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(former) + len(emptied)
