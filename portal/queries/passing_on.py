"""What a handover is made from, and those under way. Callers have got the case and asked for the whole of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import OrganisationKind
from portal.core.errors import NotFound
from portal.core.kinds import ConsentPurpose, ContactResult, EndReason
from portal.core.measures import Phase
from portal.core.papers import PassingBasis
from portal.core.rights import ConsentScope
from portal.core.states import CounsellingState, EnrolmentState
from portal.db import db
from portal.domain.consent import covers
from portal.domain.passing_on import Passage, read
from portal.models.access import CaseBlock
from portal.models.cases import Case, Consent, Note
from portal.models.clients import Client
from portal.models.counselling import CoordinatingCounselling
from portal.models.cti import CtiCourse, PhasePlan
from portal.models.documents import PassingDraft
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral
from portal.models.stays import Stay
from portal.models.tasks import Task
from portal.queries.slips import is_withdrawn
from portal.queries.unsaid import is_unsaid

MOST = 100


@dataclass(frozen=True, slots=True)
class Receiver:
    """An organisation that something is sent to."""

    id: int
    public_id: str
    name: str
    kind: OrganisationKind


@dataclass(frozen=True, slots=True)
class Course:
    """A course for the list of offers."""

    programme: tuple[str, str]
    organisation: str
    state: EnrolmentState
    started_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """What has been done: talks in which she was reached, and the municipality's counselling."""

    reached: int
    first_at: datetime | None
    last_at: datetime | None
    counselling: CounsellingState | None
    counselling_from: date | None
    counselling_areas: Sequence[str]


def find_receiver(case: Case, public_id: str | None) -> Receiver | None:
    """An organisation that something of the case may go to: live, not the owner's own, not kept out of the case."""
    kept_out = sa.exists().where(
        CaseBlock.case_id == case.id, CaseBlock.organisation_id == Organisation.id, CaseBlock.ended_at.is_(None)
    )
    row = db.session.execute(
        sa.select(Organisation.id, Organisation.public_id, Organisation.name, Organisation.kind).where(
            Organisation.public_id == public_id,
            Organisation.is_active,
            Organisation.id != case.owner_organisation_id,
            ~kept_out,
        )
    ).one_or_none()
    return None if row is None else Receiver(*row)


def receiver_of(draft: PassingDraft) -> Receiver:
    """To whom a handover under way goes."""
    columns = (Organisation.id, Organisation.public_id, Organisation.name, Organisation.kind)
    row = db.session.execute(sa.select(*columns).where(Organisation.id == draft.recipient_organisation_id)).one()
    return Receiver(*row)


def scopes_towards(case: Case, organisation_id: int, *, on: date) -> set[ConsentScope]:
    """What she has agreed that this organisation may get on that day, by all her live consents together."""
    rows = db.session.scalars(
        sa.select(Consent).where(Consent.case_id == case.id, Consent.recipient_organisation_id == organisation_id)
    )
    live = (
        one for one in rows if covers(one, ConsentPurpose.REFERRAL, on=on, recipient_organisation_id=organisation_id)
    )
    return {ConsentScope(scope) for one in live for scope in one.scope}


def find_draft(case: Case, user_id: int | None) -> PassingDraft | None:
    """The handover of the case that somebody has under way."""
    return db.session.scalar(
        sa.select(PassingDraft).where(PassingDraft.case_id == case.id, PassingDraft.begun_by_id == user_id)
    )


def get_draft(case: Case, user_id: int | None) -> PassingDraft:
    """The same. Raises NotFound."""
    found = find_draft(case, user_id)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A handover under way, as its page shows it."""

    version: int
    basis: PassingBasis
    receiver: str
    passages: Sequence[Passage]


def under_way(case: Case, user_id: int | None) -> UnderWay:
    """The handover that somebody has under way, as values. Raises NotFound."""
    draft = get_draft(case, user_id)
    return UnderWay(draft.version, draft.basis, receiver_of(draft).name, read(draft.texts or ()))


def own_words(case: Case) -> str | None:
    """What she has said in her own words, in the newest referral that holds any."""
    return db.session.scalar(
        sa.select(Referral.own_words)
        .where(Referral.case_id == case.id, Referral.own_words.is_not(None), Referral.sent_at.is_not(None))
        .order_by(Referral.id.desc())
        .limit(1)
    )


def list_courses(case: Case, actor: Actor) -> list[Course]:
    """Her courses, the newest first; none that was given by a slip, or of which the reader is not told yet (R-850)."""
    rows = db.session.execute(
        sa.select(
            Programme.name_da,
            Programme.name_en,
            Organisation.name,
            Enrolment.state,
            Enrolment.started_on,
            Enrolment.ended_on,
        )
        .select_from(Enrolment)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .where(Enrolment.case_id == case.id, ~is_unsaid(actor))
        .where(Enrolment.end_reason.is_distinct_from(EndReason.UNDONE))
        .order_by(Enrolment.id.desc())
        .limit(MOST)
    )
    return [Course((da, en), name, state, start, end) for da, en, name, state, start, end in rows]


def list_plans(case: Case) -> list[tuple[Phase, str | None]]:
    """The plans of her CTI phases, in their order."""
    rows = db.session.execute(
        sa.select(PhasePlan.phase, PhasePlan.plan)
        .join(CtiCourse, CtiCourse.id == PhasePlan.course_id)
        .join(Enrolment, Enrolment.id == CtiCourse.enrolment_id)
        .where(Enrolment.case_id == case.id)
        .order_by(PhasePlan.id)
        .limit(MOST)
    )
    return [(phase, plan) for phase, plan in rows]


def work_done(case: Case) -> Work:
    """Talks and counselling, counted."""
    talks = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(Note.happened_at), sa.func.max(Note.happened_at)).where(
            Note.case_id == case.id, Note.result == ContactResult.REACHED, ~is_withdrawn()
        )
    ).one()
    counselling = db.session.execute(
        sa.select(
            CoordinatingCounselling.state, CoordinatingCounselling.started_on, CoordinatingCounselling.areas
        ).where(CoordinatingCounselling.case_id == case.id)
    ).one_or_none()
    return Work(*talks, *(counselling or (None, None, ())))


def known_places(case: Case) -> list[str]:
    """What the case knows of where she is or was, in its own words: to be found in texts, and shown to nobody."""
    addresses = sa.select(Client.address).where(Client.id == case.client_id, Client.address.is_not(None))
    centres = (
        sa.select(Organisation.name).join(Stay, Stay.organisation_id == Organisation.id).where(Stay.case_id == case.id)
    )
    meetings = sa.select(Meeting.place).where(Meeting.case_id == case.id, Meeting.place.is_not(None)).limit(MOST)
    points = sa.select(Task.meeting_point).where(Task.case_id == case.id, Task.meeting_point.is_not(None)).limit(MOST)
    tasks = sa.select(Task.address).where(Task.case_id == case.id, Task.address.is_not(None)).limit(MOST)
    every: Sequence[sa.Select[Any]] = (addresses, centres, meetings, points, tasks)
    return [str(words) for statement in every for words in db.session.scalars(statement) if words]
