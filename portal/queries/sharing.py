"""The ledger of consents: how often each has been used, and what was told without a file (R-808)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.contacts import Party, ShareBasis
from portal.core.kinds import ConsentPurpose
from portal.core.papers import PassingBasis
from portal.core.states import FollowUpState
from portal.db import db
from portal.domain.consent import is_counted, uses
from portal.models.cases import Case, Consent
from portal.models.contacts import OutsideContact
from portal.models.documents import CaseDocument
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.referrals import TrackRequest
from portal.models.stays import StatutoryNotice

MOST = 500
ANSWERED = (FollowUpState.COMPLETED, FollowUpState.PARTLY_COMPLETED)


@dataclass(frozen=True, slots=True)
class Used:
    """How often a consent has been used, and when last; None where its uses are not written down one by one."""

    times: int | None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told somebody, or sent because the law asks for it. `ground`: None for what the law asks."""

    at: datetime
    party: Party
    ground: ShareBasis | None


def count_uses(case: Case, consents: Sequence[Consent]) -> list[Used]:
    """For each consent how often something was done by it while it counted. One statement."""
    moments = _moments(case)
    found = []
    for consent in consents:
        if not is_counted(consent.purpose):
            found.append(Used(None))
            continue
        receiver = consent.recipient_organisation_id or case.owner_organisation_id
        ats = [at for purpose, whose, at in moments if purpose is consent.purpose and whose == receiver]
        used = uses(consent, ats)
        found.append(Used(len(used), max(used, default=None)))
    return found


def _moments(case: Case) -> list[tuple[ConsentPurpose, int, datetime]]:
    """Each time that something was done which a consent allows: for what, towards which organisation, and when."""
    parts = (
        (ConsentPurpose.REFERRAL, TrackRequest.case_id, TrackRequest.organisation_id, TrackRequest.sent_at, None),
        (ConsentPurpose.REFERRAL, Enrolment.case_id, Enrolment.organisation_id, Enrolment.created_at, None),
        (
            ConsentPurpose.REFERRAL,
            CaseDocument.case_id,
            CaseDocument.recipient_organisation_id,
            CaseDocument.added_at,
            CaseDocument.basis == PassingBasis.CONSENT,
        ),
        (
            ConsentPurpose.FOLLOW_UP,
            FollowUp.case_id,
            FollowUp.organisation_id,
            FollowUp.completed_at,
            FollowUp.state.in_(ANSWERED),
        ),
    )
    statements = [
        sa.select(sa.literal(purpose.value), whose, at).where(
            of_case == case.id, at.is_not(None), *([] if more is None else [more])
        )
        for purpose, of_case, whose, at, more in parts
    ]
    rows = db.session.execute(sa.union_all(*statements).limit(MOST))
    return [(ConsentPurpose(purpose), whose, at) for purpose, whose, at in rows if whose is not None and at is not None]


def list_told(case: Case, *, organisation_id: int | None, with_notices: bool) -> list[Told]:
    """What was told others in talks and letters, and notices that the law asks for, the newest first.

    `organisation_id`: whose talks alone the reader may know of; None for all.
    """
    contacts = sa.select(
        OutsideContact.happened_at, sa.cast(OutsideContact.party, sa.Text), sa.cast(OutsideContact.basis, sa.Text)
    ).where(
        OutsideContact.case_id == case.id,
        OutsideContact.basis != ShareBasis.NOTHING_TOLD,
        sa.true() if organisation_id is None else OutsideContact.organisation_id == organisation_id,
    )
    noon = sa.func.timezone("Europe/Copenhagen", sa.cast(StatutoryNotice.sent_on, sa.TIMESTAMP) + timedelta(hours=12))
    notices = sa.select(noon, sa.literal(Party.OWN_MUNICIPALITY.value), sa.cast(sa.null(), sa.Text)).where(
        StatutoryNotice.case_id == case.id, StatutoryNotice.sent_on.is_not(None), sa.literal(with_notices)
    )
    rows = db.session.execute(sa.union_all(contacts, notices).limit(MOST)).all()
    told = [Told(at, Party(party), ShareBasis(basis) if basis else None) for at, party, basis in rows]
    return sorted(told, key=lambda row: row.at, reverse=True)
