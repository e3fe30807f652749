"""Referrals as the sender sees them: drafts, what was sent, what became of it, and what is known about her."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.actor import Actor
from portal.core.errors import Forbidden, NotFound
from portal.core.kinds import ConsentPurpose
from portal.db import db
from portal.domain.consent import is_live
from portal.models.cases import Case, Consent
from portal.models.programmes import Offer
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import User
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.referral_answers import Answer, list_of
from portal.queries.visibility import visible_cases, visible_referrals

MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral in the sender's list."""

    id: int
    public_id: str
    reference: str
    case_reference: str | None
    case_public_id: str | None
    sender: str
    is_mine: bool
    sent_at: datetime | None
    edited_at: datetime
    step: int
    may_see_progress: bool
    answers: tuple[Answer, ...]


def get(actor: Actor, public_id: str) -> Referral:
    """A referral of the actor's or, once sent, of a colleague's, with case, client and owner. Raises NotFound.

    A colleague who is not on the team is told where it stands and gets no client: behind the second wall it is None.
    """
    found = db.session.scalar(
        sa.select(Referral)
        .where(Referral.public_id == public_id, visible_referrals(actor))
        .join(Referral.case)
        .outerjoin(Case.client)
        .join(Referral.organisation)
        .options(
            contains_eager(Referral.case).contains_eager(Case.client),
            contains_eager(Referral.organisation),
            joinedload(Referral.referrer),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_requests(referral: Referral) -> list[TrackRequest]:
    """The requests of a referral with offer, programme and receiver, in the order in which they were chosen."""
    found = list(
        db.session.scalars(
            sa.select(TrackRequest)
            .where(TrackRequest.referral_id == referral.id)
            .options(
                joinedload(TrackRequest.offer).joinedload(Offer.programme),
                joinedload(TrackRequest.programme_version),
                joinedload(TrackRequest.offer).joinedload(Offer.organisation),
                joinedload(TrackRequest.organisation),
                joinedload(TrackRequest.alternative).joinedload(Offer.programme),
                joinedload(TrackRequest.meanwhile).joinedload(Offer.programme),
            )
            .order_by(TrackRequest.id)
            .limit(PAGE_SIZE)
        )
    )
    for track in found:
        set_committed_value(track, "referral", referral)
    return found


def get_request(actor: Actor, public_id: str) -> TrackRequest:
    """One request that was sent, from the sending side, with its referral, offer and programme.

    Raises NotFound, Forbidden for a colleague who neither wrote it nor works on the case.
    """
    found = db.session.scalar(
        sa.select(TrackRequest)
        .join(TrackRequest.referral)
        .join(TrackRequest.case)
        .where(TrackRequest.public_id == public_id, visible_referrals(actor))
        .options(
            contains_eager(TrackRequest.referral),
            contains_eager(TrackRequest.case),
            joinedload(TrackRequest.offer).joinedload(Offer.programme),
            joinedload(TrackRequest.programme_version),
            joinedload(TrackRequest.organisation),
        )
        .execution_options(populate_existing=True)
    )
    if found is None or found.sent_at is None:
        raise NotFound
    if found.referral.referrer_id != actor.user_id and not is_case_visible(actor, found.case_id):
        raise Forbidden
    return found


def find_consents(case_id: int, recipient_ids: Collection[int]) -> dict[int, Consent]:
    """The newest consent to a referral to each organisation that has one, the live ones before the withdrawn."""
    found = db.session.scalars(
        sa.select(Consent)
        .where(
            Consent.case_id == case_id,
            Consent.purpose == ConsentPurpose.REFERRAL,
            Consent.recipient_organisation_id.in_(recipient_ids),
        )
        .ext(distinct_on(Consent.recipient_organisation_id))
        .order_by(
            Consent.recipient_organisation_id,
            Consent.withdrawn_at.is_(None).desc(),
            Consent.expires_on.desc(),
            Consent.id.desc(),
        )
    )
    return {consent.recipient_organisation_id: consent for consent in found if consent.recipient_organisation_id}


def has_consent(case_id: int, recipient_organisation_id: int, *, on: date) -> bool:
    """Whether she consents to a referral to an organisation on that Danish day; any one that counts is enough."""
    given = db.session.scalars(
        sa.select(Consent).where(
            Consent.case_id == case_id,
            Consent.purpose == ConsentPurpose.REFERRAL,
            Consent.recipient_organisation_id == recipient_organisation_id,
        )
    )
    return any(is_live(consent, on=on) for consent in given)


def list_drafts(actor: Actor) -> list[ReferralRow]:
    """The actor's own drafts, the last edited first."""
    rows = db.session.execute(
        _columns()
        .where(visible_referrals(actor), Referral.referrer_id == actor.user_id, Referral.sent_at.is_(None))
        .order_by(Referral.edited_at.desc(), Referral.id.desc())
        .limit(MOST_DRAFTS)
    )
    return [_row(actor, row, ()) for row in rows]


def list_sent(
    actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[ReferralRow], str | None]:
    """What the actor and her colleagues have sent, the newest first, with each programme's answer. Two statements.

    The case's reference is there only for cases that the actor sees. Raises ValueError for a bad cursor.
    """
    statement = _columns().where(visible_referrals(actor), Referral.sent_at.is_not(None))
    if after:
        (last_id,) = decode(after, int)
        statement = statement.where(Referral.id < last_id)
    rows = db.session.execute(statement.order_by(Referral.id.desc()).limit(limit + 1)).all()
    answers = list_of([row.id for row in rows[:limit]])
    shown = [_row(actor, row, tuple(answers.get(row.id, ()))) for row in rows[:limit]]
    return shown, encode(rows[limit - 1].id) if len(rows) > limit else None


def _columns() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Referral.id,
            Referral.public_id,
            Referral.reference,
            Case.id.label("case_id"),
            Case.reference.label("case_reference"),
            Case.public_id.label("case_public_id"),
            User.name.label("sender"),
            Referral.referrer_id,
            Referral.sent_at,
            Referral.edited_at,
            Referral.step,
            Referral.may_see_progress,
        )
        .join(Case, Case.id == Referral.case_id)
        .join(User, User.id == Referral.referrer_id)
    )


def _row(actor: Actor, row: Any, answers: tuple[Answer, ...]) -> ReferralRow:
    is_mine = row.referrer_id == actor.user_id
    return ReferralRow(
        row.id,
        row.public_id,
        row.reference,
        row.case_reference if is_mine else None,
        row.case_public_id if is_mine else None,
        row.sender,
        is_mine,
        row.sent_at,
        row.edited_at,
        row.step,
        row.may_see_progress,
        answers,
    )


def list_stale_draft_ids(before: datetime, *, limit: int = 200) -> list[int]:
    """Drafts that nobody has edited since then, by id."""
    return list(
        db.session.scalars(
            sa.select(Referral.id)
            .where(Referral.sent_at.is_(None), Referral.edited_at < before)
            .order_by(Referral.id)
            .limit(limit)
        )
    )


def is_case_visible(actor: Actor, case_id: int) -> bool:
    """Whether the case behind a referral has a page for the actor."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Case.id == case_id, visible_cases(actor)))))
