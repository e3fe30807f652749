"""What is due to disappear: for every rule of the engine, which rows, since which day, of which case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.rights import RetentionRule, RetentionState
from portal.core.states import GrantState, RequestState
from portal.db import db
from portal.domain.retention import PREVIEW_DAYS, due_on, is_ahead, latest_trigger
from portal.models.access import WatchedPerson
from portal.models.cases import Case, Consent
from portal.models.enquiries import Enquiry
from portal.models.grants import Fund, GrantApplication
from portal.models.referrals import Referral, TrackRequest
from portal.models.retention import RetentionItem, RetentionSetting
from portal.models.rights import LegalHold
from portal.models.tasks import Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries.paging import PAGE_SIZE, decode, encode

NOT_ACCEPTED = (RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.LAPSED, RequestState.REDIRECTED)
GRANTS_OVER = (GrantState.PAID, GrantState.RECEIPTED, GrantState.DECLINED, GrantState.WITHDRAWN)
Source = sa.Select[int, int, int | None, date | None]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing under one rule: the table and key of its row, whose it is, and when it goes."""

    rule: RetentionRule
    table: str
    row_id: int
    trigger: date
    organisation_id: int
    case_id: int | None
    due_on: date

    @property
    def subject_key(self) -> str:
        """Names the thing and what set the clock going: a case that is closed anew is announced anew."""
        return f"{self.table}:{self.row_id}:{self.trigger.isoformat()}"


@dataclass(frozen=True, slots=True)
class AheadRow:
    """One line of the preview. `reference` is the case's: who looks here knows cases by reference alone."""

    public_id: str
    rule: RetentionRule
    state: RetentionState
    due_on: date
    told_on: date
    reference: str | None
    is_held: bool
    acted_at: datetime | None


def _day(moment: Any) -> Any:
    """The Danish calendar day of a stored moment."""
    return sa.cast(sa.func.timezone("Europe/Copenhagen", moment), sa.Date)


def _cases() -> Source:
    columns = (Case.id, Case.owner_organisation_id, Case.id, _day(Case.closed_at))
    return sa.select(*columns).where(Case.closed_at.is_not(None), Case.erased_at.is_(None))


def _requests() -> Source:
    columns = (TrackRequest.id, TrackRequest.organisation_id, TrackRequest.case_id, _day(TrackRequest.decided_at))
    return sa.select(*columns).where(TrackRequest.state.in_(NOT_ACCEPTED), TrackRequest.decided_at.is_not(None))


def _tasks() -> Source:
    private = sa.or_(Task.alias.is_not(None), Task.meeting_point.is_not(None), Task.address.is_not(None))
    return sa.select(Task.id, Task.organisation_id, Task.case_id, _day(Task.ends_at)).where(private)


def _watched() -> Source:
    trigger = _day(sa.func.coalesce(WatchedPerson.ended_at, Case.closed_at))
    columns = (WatchedPerson.id, Case.owner_organisation_id, WatchedPerson.case_id, trigger)
    return sa.select(*columns).join(Case, Case.id == WatchedPerson.case_id).where(trigger.is_not(None))


def _grants() -> Source:
    columns = (
        GrantApplication.id,
        GrantApplication.applicant_organisation_id,
        GrantApplication.case_id,
        GrantApplication.paid_on,
    )
    return sa.select(*columns).where(GrantApplication.paid_on.is_not(None))


def _ledger() -> Source:
    """Grants that are over, for the house that keeps the fund's books, and the first day after their accounting year.

    A draft that nobody went on with is over when her case has been erased.
    The year is that of the payment, else of the decision; what she took back before counts from its sending.
    """
    of, decided = GrantApplication, sa.func.coalesce(GrantApplication.decided_at, GrantApplication.submitted_at)
    day = sa.func.coalesce(of.paid_on, _day(sa.func.coalesce(decided, of.created_at)))
    year_over = sa.cast(sa.func.date_trunc("year", day) + sa.text("interval '1 year'"), sa.Date)
    source = sa.select(of.id, Fund.organisation_id, of.case_id, year_over).join(Fund, Fund.id == of.fund_id)
    erased = sa.select(Case.id).where(Case.erased_at.is_not(None))
    return source.where(sa.or_(of.state.in_(GRANTS_OVER), of.case_id.in_(erased)))


def _volunteers() -> Source:
    """Volunteers without a live volunteer role; the day on which the last one ended."""
    ended = (
        sa.select(Membership.user_id, sa.func.max(Membership.ended_at).label("at"))
        .where(Membership.role == Role.VOLUNTEER)
        .group_by(Membership.user_id)
        .having(sa.func.bool_and(Membership.ended_at.is_not(None)))
        .subquery()
    )
    columns = (Volunteer.id, Volunteer.organisation_id, sa.null().label("case_id"), _day(ended.c.at))
    return sa.select(*columns).join(ended, ended.c.user_id == Volunteer.user_id)


def _consents() -> Source:
    trigger = sa.func.least(Consent.expires_on, _day(Consent.withdrawn_at))
    columns = (Consent.id, Case.owner_organisation_id, Consent.case_id, trigger)
    return sa.select(*columns).join(Case, Case.id == Consent.case_id)


def _enquiries() -> Source:
    """Enquiries that did not become a case (R-651)."""
    columns = (Enquiry.id, Enquiry.organisation_id, Enquiry.case_id, _day(Enquiry.received_at))
    return sa.select(*columns).where(Enquiry.case_id.is_(None))


# Which rows each rule looks at, by the table of the row.
SOURCES: Mapping[RetentionRule, tuple[tuple[str, Any], ...]] = {
    RetentionRule.R1: (("track_request", _requests),),
    RetentionRule.R3: (("client_case", _cases),),
    RetentionRule.R4: (("task", _tasks),),
    RetentionRule.R5: (("client_case", _cases),),
    RetentionRule.R6: (("watched_person", _watched), ("client_case", _cases)),
    RetentionRule.R7: (("grant_application", _grants),),
    RetentionRule.R8: (("volunteer", _volunteers),),
    RetentionRule.R13: (("consent", _consents),),
    RetentionRule.R16: (("grant_application", _ledger),),
    RetentionRule.R17: (("enquiry", _enquiries),),
}


def settings() -> dict[tuple[int, RetentionRule], int]:
    """The lengths that organisations have set otherwise, in days: of each the newest that two people agreed on."""
    rows = db.session.execute(
        sa.select(RetentionSetting.organisation_id, RetentionSetting.rule, RetentionSetting.days)
        .where(RetentionSetting.agreed_at.is_not(None))
        .order_by(RetentionSetting.id)
    )
    return {(organisation, rule): days for organisation, rule, days in rows}


def list_due(rule: RetentionRule, today: date, own: Mapping[tuple[int, RetentionRule], int]) -> list[Due]:
    """What the rule takes away within the preview, and what it should have, except what it has done already (R-530)."""
    shortest = min((days for (_organisation, of), days in own.items() if of is rule), default=None)
    latest = latest_trigger(rule, today, days=shortest)
    found = [due for table, source in SOURCES[rule] for due in _read(rule, table, source(), latest, own)]
    return [due for due in found if is_ahead(due.due_on, today)]


def find_due(rule: RetentionRule, table: str, row_id: int, own: Mapping[tuple[int, RetentionRule], int]) -> Due | None:
    """The same for one row, asked again at the moment of acting: None when it is no longer so."""
    source = next(source for name, source in SOURCES[rule] if name == table)
    rows = _read(rule, table, source(), None, own, row_id=row_id)
    return rows[0] if rows else None


def _read(
    rule: RetentionRule,
    table: str,
    source: Source,
    latest: date | None,
    own: Mapping[tuple[int, RetentionRule], int],
    *,
    row_id: int | None = None,
) -> list[Due]:
    row, _organisation, _case, trigger = source.selected_columns
    # Which stretch of a row a rule has done is told by its key: an emptied text cannot be asked for.
    key = sa.func.concat(table, ":", row, ":", sa.cast(trigger, sa.Text))
    done = sa.exists().where(
        RetentionItem.rule == rule, RetentionItem.state == RetentionState.DONE, RetentionItem.subject_key == key
    )
    statement = source.where(~done)
    if latest is not None:
        statement = statement.where(trigger <= latest)
    if row_id is not None:
        statement = statement.where(row == row_id)
    return [
        Due(
            rule, table, row_id, day, organisation_id, case_id, due_on(rule, day, days=own.get((organisation_id, rule)))
        )
        for row_id, organisation_id, case_id, day in db.session.execute(statement.order_by(row))
        if day is not None
    ]


def held_cases() -> sa.Select[int]:
    """The keys of cases that a hold keeps."""
    return sa.select(LegalHold.case_id).where(LegalHold.lifted_at.is_(None))


def list_ready(today: date) -> list[int]:
    """The keys of what may be done today, the oldest first (R-531)."""
    return list(
        db.session.scalars(
            sa.select(RetentionItem.id)
            .where(
                RetentionItem.state == RetentionState.AHEAD,
                RetentionItem.due_on <= today,
                RetentionItem.told_on <= today - timedelta(days=PREVIEW_DAYS),
                sa.or_(RetentionItem.case_id.is_(None), RetentionItem.case_id.not_in(held_cases())),
            )
            .order_by(RetentionItem.due_on, RetentionItem.id)
        )
    )


def list_empty_drafts(before: datetime) -> list[int]:
    """Drafts of referrals begun before that moment in which nothing has been written or chosen (R15)."""
    chosen = sa.exists().where(TrackRequest.referral_id == Referral.id)
    return list(
        db.session.scalars(
            sa.select(Referral.id).where(
                Referral.sent_at.is_(None),
                Referral.created_at <= before,
                Referral.own_words.is_(None),
                sa.func.cardinality(Referral.needs) == 0,
                Referral.case_id.not_in(held_cases()),
                ~chosen,
            )
        )
    )


def list_ahead(
    actor: Actor, *, after: str | None = None, done: bool = False, limit: int = PAGE_SIZE
) -> tuple[list[AheadRow], str | None]:
    """What will disappear at the own organisation, the nearest day first; or what has. Raises ValueError."""
    states = (RetentionState.DONE,) if done else (RetentionState.AHEAD,)
    statement = (
        sa.select(RetentionItem, Case.reference, RetentionItem.case_id.in_(held_cases()))
        .outerjoin(Case, Case.id == RetentionItem.case_id)
        .where(RetentionItem.organisation_id == actor.organisation_id, RetentionItem.state.in_(states))
        .order_by(RetentionItem.due_on, RetentionItem.id)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(sa.tuple_(RetentionItem.due_on, RetentionItem.id) > decode(after, date, int))
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1][0].due_on, rows[limit - 1][0].id) if len(rows) > limit else None
    return [
        AheadRow(item.public_id, item.rule, item.state, item.due_on, item.told_on, reference, bool(held), item.acted_at)
        for item, reference, held in rows[:limit]
    ], following


def list_settings(actor: Actor) -> list[RetentionSetting]:
    """The lengths that were asked for at the own organisation, the newest first."""
    return list(
        db.session.scalars(
            sa.select(RetentionSetting)
            .where(RetentionSetting.organisation_id == actor.organisation_id)
            .order_by(RetentionSetting.id.desc())
            .limit(PAGE_SIZE)
        )
    )


def get_setting(actor: Actor, public_id: str) -> RetentionSetting:
    """One of them. Raises NotFound for another organisation's."""
    found = db.session.scalar(
        sa.select(RetentionSetting).where(
            RetentionSetting.public_id == public_id, RetentionSetting.organisation_id == actor.organisation_id
        )
    )
    if found is None:
        raise NotFound
    return found
