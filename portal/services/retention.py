"""The engine of retention: looks fourteen days ahead, tells, acts when the day has come; and lengths set otherwise."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.rights import RetentionRule, RetentionState
from portal.db import db
from portal.domain.permissions import require
from portal.domain.retention import ENGINE, SETTABLE, check_days, may_act
from portal.models.organisations import Organisation
from portal.models.referrals import Referral
from portal.models.retention import RetentionItem, RetentionSetting
from portal.queries import requests as people
from portal.queries import retention as queries
from portal.services import audit, deadlines, messages
from portal.services.holds import is_held
from portal.services.retention_acts import ACTS

EMPTY_DRAFTS = timedelta(days=7)
BATCH = 1000


def look_ahead(now: datetime) -> int:
    """Write down what is due within fourteen days and tell who answers for it (R-531). Returns how much is new.

    What a hold keeps is announced anew every day, so that it goes fourteen days after the hold is lifted, not at once.
    """
    today, own = local_date(now), queries.settings()
    new: dict[int, list[RetentionItem]] = {}
    for rule in ENGINE:
        for item in _write_down(queries.list_due(rule, today, own), now):
            new.setdefault(item.organisation_id, []).append(item)
    held = sa.and_(RetentionItem.state == RetentionState.AHEAD, RetentionItem.case_id.in_(queries.held_cases()))
    statement = sa.update(RetentionItem).where(held).values(told_on=today)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    for organisation_id, items in new.items():
        _tell(organisation_id, items, now)
    return sum(len(items) for items in new.values())


def _write_down(dues: Iterable[queries.Due], now: datetime) -> list[RetentionItem]:
    today = local_date(now)
    values = [
        {
            "public_id": new_public_id(),
            "rule": due.rule,
            "subject_key": due.subject_key,
            "organisation_id": due.organisation_id,
            "case_id": due.case_id,
            "due_on": due.due_on,
            "found_at": now,
            "told_on": today,
            "state": RetentionState.AHEAD,
        }
        for due in dues
    ]
    new: list[RetentionItem] = []
    for start in range(0, len(values), BATCH):
        statement = insert(RetentionItem).values(values[start : start + BATCH])
        statement = statement.on_conflict_do_nothing(index_elements=["rule", "subject_key"])
        new += db.session.scalars(statement.returning(RetentionItem))
    return new


def _tell(organisation_id: int, items: list[RetentionItem], now: datetime) -> None:
    """One message to each data-protection officer and one row on the work list, however much is new."""
    organisation = db.session.get_one(Organisation, organisation_id)
    today, nearest = local_date(now), min(item.due_on for item in items)
    for receiver in people.list_receivers(organisation_id, [Role.DATA_PROTECTION_OFFICER]):
        messages.notify(
            MessageKind.RETENTION_AHEAD,
            receiver,
            SubjectType.ORGANISATION,
            organisation.public_id,
            dedupe_key=f"retention:{organisation.public_id}:{today}:{receiver}",
            actor=SYSTEM,
            now=now,
        )
    deadlines.put_up(
        DeadlineKind.RETENTION_RUN,
        SubjectType.ORGANISATION,
        organisation.public_id,
        due_on=max(nearest, today),
        organisation_id=organisation_id,
        queue_role=Role.DATA_PROTECTION_OFFICER,
        suffix=today.isoformat(),
        now=now,
    )


def act(item_id: int, now: datetime) -> bool:
    """Do what was announced, if it is still so (R-530, R-531). True when something was done.

    The row is locked and asked again: twice is once, a hold set meanwhile wins, and what no longer holds is void.
    """
    item = db.session.scalar(
        sa.select(RetentionItem)
        .where(RetentionItem.id == item_id, RetentionItem.state == RetentionState.AHEAD)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if item is None or (item.case_id is not None and is_held(item.case_id)):
        return False
    due = _still_due(item)
    if due is None:
        item.state = RetentionState.VOID
        db.session.flush()
        return False
    if due.due_on != item.due_on:
        item.due_on = due.due_on
        db.session.flush()
    if not may_act(item.due_on, item.told_on, local_date(now)):
        return False
    _do(item, due, now)
    return True


def _still_due(item: RetentionItem) -> queries.Due | None:
    table, row_id, _trigger = item.subject_key.split(":")
    due = queries.find_due(item.rule, table, int(row_id), queries.settings())
    return due if due is not None and due.subject_key == item.subject_key else None


def _do(item: RetentionItem, due: queries.Due, now: datetime) -> None:
    item_id, rule, organisation_id, case_id = item.id, item.rule, item.organisation_id, item.case_id
    rows = ACTS[rule](due, now)
    # Written by key: an erasure has let go of everything that was loaded.
    done = sa.update(RetentionItem).where(RetentionItem.id == item_id)
    values = {"state": RetentionState.DONE, "acted_at": now, "rows": rows}
    db.session.execute(done.values(values), execution_options={"synchronize_session": False})
    organisation = db.session.get_one(Organisation, organisation_id)
    audit.record(
        Audit.RETENTION_DONE,
        SubjectType.ORGANISATION,
        organisation.public_id,
        actor=SYSTEM,
        now=now,
        case_id=case_id,
        fields=[rule.value],
    )
    db.session.flush()
    db.session.expire_all()


def sweep_empty_drafts(now: datetime) -> int:
    """Take away drafts of a week in which nothing stands (R15). Returns how many."""
    ids = queries.list_empty_drafts(now - EMPTY_DRAFTS)
    for public_id in db.session.scalars(sa.select(Referral.public_id).where(Referral.id.in_(ids))):
        deadlines.call_off(public_id, actor=SYSTEM, now=now)
    db.session.execute(
        sa.delete(Referral).where(Referral.id.in_(ids)), execution_options={"synchronize_session": False}
    )
    return len(ids)


def ask_for_length(rule: RetentionRule, days: int, *, actor: Actor, now: datetime) -> RetentionSetting:
    """Ask that the own organisation keeps something for another time (R-532). Raises Invalid, NotNow."""
    require(actor, Permission.RETENTION_MANAGE)
    if rule not in SETTABLE:
        raise Invalid(_("This length is not set here."), field="rule")
    check_days(days)
    waiting = sa.select(RetentionSetting.id).where(
        RetentionSetting.organisation_id == actor.organisation_id,
        RetentionSetting.rule == rule,
        RetentionSetting.agreed_at.is_(None),
    )
    if db.session.scalar(waiting.limit(1)) is not None:
        raise NotNow(_("A change of this rule waits for a second person already."))
    setting = RetentionSetting(
        organisation_id=actor.organisation_id, rule=rule, days=days, asked_at=now, asked_by_id=actor.user_id
    )
    db.session.add(setting)
    db.session.flush()
    _mark(setting, Audit.RETENTION_ASKED, actor, now)
    _ask_second(setting, actor, now)
    return setting


def _ask_second(setting: RetentionSetting, actor: Actor, now: datetime) -> None:
    organisation = db.session.get_one(Organisation, setting.organisation_id)
    for receiver in people.list_receivers(organisation.id, [Role.DATA_PROTECTION_OFFICER, Role.SAFETY_OFFICER]):
        messages.notify(
            MessageKind.SECOND_PERSON_NEEDED,
            receiver,
            SubjectType.ORGANISATION,
            organisation.public_id,
            dedupe_key=f"retention_length:{setting.public_id}:{receiver}",
            actor=actor,
            now=now,
        )


def agree_to_length(setting: RetentionSetting, *, actor: Actor, now: datetime) -> None:
    """Agree as the second person (R-532). What comes due by it is announced for fourteen days before it goes.

    Raises Forbidden for the one who asked, NotNow the second time.
    """
    require(actor, Permission.RIGHTS_SECOND)
    if setting.agreed_at is not None:
        raise NotNow
    if setting.asked_by_id == actor.user_id:
        raise Forbidden(_("This waits for a second person."))
    setting.agreed_at, setting.agreed_by_id = now, actor.user_id
    _mark(setting, Audit.RETENTION_AGREED, actor, now)


def _mark(setting: RetentionSetting, tag: Audit, actor: Actor, now: datetime) -> None:
    audit.record(tag, SubjectType.SYSTEM, setting.public_id, actor=actor, now=now, fields=[setting.rule.value])
    db.session.flush()
