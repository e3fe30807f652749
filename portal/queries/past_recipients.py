"""Who has received something about a woman, and who has looked: for her consents, and for her own export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.pages import Page
from portal.core.papers import PassingBasis
from portal.core.rights import RightsKind
from portal.db import db
from portal.domain.disclosure import Relation
from portal.domain.enrolments import LIVE, TEAM_KINDS
from portal.models.audit import AuditEvent
from portal.models.cases import Case, TeamMember
from portal.models.documents import CaseDocument
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.referrals import TrackRequest
from portal.models.rights import RightsRequest, SubjectExport
from portal.queries.consents import is_there_by_law
from portal.queries.looks import were_looks

MOST = 500


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course that somebody gives or gave. `is_owners`: whose house may end it should she take her consent back."""

    public_id: str
    is_live: bool
    is_owners: bool
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Received:
    """Something that reached an organisation, or her. `what` is request, team, course, handover or export."""

    at: datetime
    organisation: str | None
    what: str
    programme: tuple[str, str] | None = None
    ended_at: datetime | None = None
    # By what it was sent, where that was written down.
    ground: PassingBasis | None = None
    organisation_id: int | None = None
    # Whether the law, and not her consent, lets the organisation in.
    by_law: bool = False
    # Of people on the team, when each of them left; None for who is there.
    left: tuple[datetime | None, ...] = ()
    course: CourseFacts | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at her case: never by whom, but in which role, at which organisation and for what."""

    at: datetime
    role: Role
    organisation: str
    relation: Relation | None
    # A page that was opened, or a value that was shown on demand.
    page: Page | None
    action: Audit | None


def list_received(case_ids: Sequence[int]) -> list[Received]:
    """Who received what and when, the newest first: requests, other organisations' people, courses, files (R-522).

    Callers have got the cases.
    """
    rows = [*_requests(case_ids), *_teams(case_ids), *_courses(case_ids), *_files(case_ids)]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _requests(case_ids: Sequence[int]) -> list[Received]:
    rows = db.session.execute(
        sa.select(TrackRequest.sent_at, Organisation.name, Programme.name_da, Programme.name_en, Organisation.id)
        .join(Organisation, Organisation.id == TrackRequest.organisation_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(TrackRequest.case_id.in_(case_ids), TrackRequest.sent_at.is_not(None))
        .order_by(TrackRequest.id.desc())
        .limit(MOST)
    )
    return [
        Received(at, name, "request", (da, en), organisation_id=house)
        for at, name, da, en, house in rows
        if at is not None
    ]


def _teams(case_ids: Sequence[int]) -> list[Received]:
    """People of other organisations on the team: by organisation, from when, and until when if all have left."""
    rows = db.session.execute(
        sa.select(
            sa.func.min(TeamMember.joined_at),
            Organisation.name,
            sa.case((sa.func.bool_and(TeamMember.ended_at.is_not(None)), sa.func.max(TeamMember.ended_at))),
            Organisation.id,
            sa.func.bool_or(is_there_by_law(TeamMember.case_id, TeamMember.organisation_id)),
            sa.func.array_agg(TeamMember.ended_at),
        )
        .join(Organisation, Organisation.id == TeamMember.organisation_id)
        .join(Case, Case.id == TeamMember.case_id)
        .where(TeamMember.case_id.in_(case_ids), TeamMember.organisation_id != Case.owner_organisation_id)
        .group_by(Organisation.id, Organisation.name)
        .limit(MOST)
    )
    return [
        Received(at, name, "team", None, ended, organisation_id=house, by_law=by_law, left=tuple(left))
        for at, name, ended, house, by_law, left in rows
    ]


def _courses(case_ids: Sequence[int]) -> list[Received]:
    rows = db.session.execute(
        sa.select(
            Enrolment,
            Organisation.name,
            Programme.name_da,
            Programme.name_en,
            is_there_by_law(Enrolment.case_id, Enrolment.organisation_id),
        )
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Case, Case.id == Enrolment.case_id)
        .where(Enrolment.case_id.in_(case_ids), Enrolment.organisation_id != Case.owner_organisation_id)
        .order_by(Enrolment.id.desc())
        .limit(MOST)
    )
    return [
        Received(
            one.created_at,
            name,
            "course",
            (da, en),
            organisation_id=one.organisation_id,
            by_law=by_law,
            course=CourseFacts(one.public_id, one.state in LIVE, one.kind in TEAM_KINDS, one.ended_on),
        )
        for one, name, da, en, by_law in rows
    ]


def _files(case_ids: Sequence[int]) -> list[Received]:
    """Files that were fetched for her, and documents that were made here and sent on (R-689), in one statement.

    A child's dossier is the child's matter and does not stand here.
    """
    nobody, no_ground = sa.cast(sa.null(), sa.Text), sa.cast(sa.null(), sa.Text)
    exports = (
        sa.select(
            SubjectExport.fetched_at.label("at"),
            nobody.label("name"),
            no_ground.label("basis"),
            sa.cast(sa.null(), sa.BigInteger).label("house"),
        )
        .join(RightsRequest, RightsRequest.id == SubjectExport.request_id)
        .where(
            RightsRequest.case_id.in_(case_ids),
            RightsRequest.kind == RightsKind.ACCESS,
            SubjectExport.fetched_at.is_not(None),
        )
    )
    sent = (
        sa.select(CaseDocument.added_at, Organisation.name, sa.cast(CaseDocument.basis, sa.Text), Organisation.id)
        .join(Organisation, Organisation.id == CaseDocument.recipient_organisation_id)
        .where(CaseDocument.case_id.in_(case_ids))
    )
    rows: Sequence[Any] = db.session.execute(sa.union_all(exports, sent).limit(MOST)).all()
    return [
        Received(at, name, "handover", ground=PassingBasis(basis), organisation_id=house)
        if basis
        else Received(at, None, "export")
        for at, name, basis, house in rows
    ]


def list_looks(case_ids: Sequence[int]) -> list[Look]:
    """Every look at the cases, the newest first, without who it was (R-523)."""
    rows = db.session.execute(
        sa.select(
            AuditEvent.at,
            AuditEvent.role,
            Organisation.name,
            AuditEvent.relation,
            AuditEvent.page,
            AuditEvent.action,
        )
        .join(Organisation, Organisation.id == AuditEvent.organisation_id)
        .where(were_looks(*case_ids))
        .order_by(AuditEvent.id.desc())
    )
    return [
        Look(at, role, name, Relation(relation) if relation else None, page, action)
        for at, role, name, relation, page, action in rows
    ]
