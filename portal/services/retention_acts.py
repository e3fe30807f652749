"""What each rule does to one thing. Called by the engine, which has asked whether it may (`services/retention.py`)."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.kinds import SubjectType
from portal.core.rights import ErasureBasis, RetentionRule
from portal.db import db
from portal.models.access import FormerAddress, WatchedPerson, WatchHit
from portal.models.cases import Case, Consent
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.enquiries import Enquiry
from portal.models.grants import GrantApplication, GrantApproval, GrantLine
from portal.models.meetings import Meeting
from portal.models.referrals import Referral, TrackRequest
from portal.models.risk import SafetyAssessment, ViolenceReport
from portal.models.tasks import Task
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer
from portal.queries.retention import NOT_ACCEPTED, Due
from portal.services import accounts, child_settings, erasure, places, shredding

Act = Callable[[Due, datetime], int]
NOBODY = ""


def _run(statement: sa.Update | sa.Delete) -> int:
    options = statement.execution_options(synchronize_session=False)
    return db.session.connection().execute(options).rowcount


def _refused_request(due: Due, now: datetime) -> int:
    """R1: the form and what was said about it; the referral's own words when no other programme has it any more."""
    request = db.session.get_one(TrackRequest, due.row_id)
    request.answers, request.criteria, request.steps = {}, {}, {}
    request.info_wanted = request.info_given = request.info_before = None
    request.decline_text = request.alternative_text = request.meanwhile_text = None
    db.session.flush()
    this = sa.select(TrackRequest.referral_id, TrackRequest.decided_at).where(TrackRequest.id == due.row_id).subquery()
    still = sa.exists().where(
        TrackRequest.referral_id == Referral.id,
        sa.or_(TrackRequest.state.not_in(NOT_ACCEPTED), TrackRequest.decided_at > this.c.decided_at),
    )
    return 1 + _run(
        sa.update(Referral)
        .where(Referral.id == this.c.referral_id, ~still)
        .values(own_words=None, stale_safety_reason=None, version=Referral.version + 1)
    )


def _places(due: Due, now: datetime) -> int:
    """R3: meeting places of the case and of its tasks; her address and where her children go, unless another case of
    hers needs it.
    """
    of_case = places.of_case(due.row_id)
    emptied = _run(sa.update(Meeting).where(of_case, Meeting.place.is_not(None)).values(place=None))
    emptied += _run(sa.update(Task).where(Task.case_id == due.row_id).values(meeting_point=None, address=None))
    case = db.session.get_one(Case, due.row_id)
    scope = shredding.scope_of_place(case)
    other = sa.select(Case.id).where(Case.client_id == case.client_id, Case.id != case.id, Case.closed_at.is_(None))
    if db.session.scalar(other.limit(1)) is None:
        scope = shredding.scope_of_places(db.session.get_one(Client, case.client_id))
        emptied += _run(sa.delete(FormerAddress).where(FormerAddress.client_id == case.client_id))
        emptied += child_settings.forget_places(case.client_id)
        emptied += _run(
            sa.update(Client)
            .where(Client.id == case.client_id, Client.address.is_not(None))
            .values(address=None, version=Client.version + 1)
        )
    shredding.shred(scope, subject=case.public_id, basis=RetentionRule.R3.value)
    return emptied


def _private_part(due: Due, now: datetime) -> int:
    """R4."""
    return _run(sa.update(Task).where(Task.id == due.row_id).values(alias=None, meeting_point=None, address=None))


def _whole_case(due: Due, now: datetime) -> int:
    """R5: as at an erasure, with its proof."""
    case = db.session.get_one(Case, due.row_id)
    done = erasure.erase(case, ErasureBasis.RETENTION, actor=SYSTEM, now=now)
    erasure.verify(done, case, actor=SYSTEM, now=now)
    return done.rows_deleted + done.rows_blanked


def _whom_to_fear(due: Due, now: datetime) -> int:
    """R6: a person on the watch list, or what was written in the case about the danger."""
    if due.table == "client_case":
        told = sa.or_(SafetyAssessment.reason.is_not(None), SafetyAssessment.children.is_not(None))
        reasons = sa.and_(SafetyAssessment.case_id == due.row_id, told)
        reports = sa.and_(ViolenceReport.case_id == due.row_id, ViolenceReport.text.is_not(None))
        emptied = _run(sa.update(SafetyAssessment).where(reasons).values(reason=None, children=None))
        return emptied + _run(sa.update(ViolenceReport).where(reports).values(text=None))
    return _run(sa.delete(WatchHit).where(WatchHit.watched_person_id == due.row_id)) + _run(
        sa.delete(WatchedPerson).where(WatchedPerson.id == due.row_id)
    )


def _grant_story(due: Due, now: datetime) -> int:
    """R7: all of a grant but the ledger."""
    emptied = _run(
        sa.update(GrantApplication)
        .where(GrantApplication.id == due.row_id)
        .values(
            other_support=None,
            account=None,
            info_wanted=None,
            recommendation=None,
            decline_text=None,
            version=GrantApplication.version + 1,
        )
    )
    return emptied + _run(sa.update(GrantLine).where(GrantLine.application_id == due.row_id).values(purpose=None))


def _volunteer(due: Due, now: datetime) -> int:
    """R8: what a volunteer can and may; her account too when she is nothing else here."""
    emptied = _run(
        sa.update(Volunteer)
        .where(Volunteer.id == due.row_id)
        .values(
            skills=[],
            pledged_on=None,
            trained_on=None,
            certificate_until=None,
            version=Volunteer.version + 1,
        )
    )
    user_id = db.session.scalar(sa.select(Volunteer.user_id).where(Volunteer.id == due.row_id))
    works_here = sa.select(Membership.id).where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    if user_id is None or db.session.scalar(works_here.limit(1)) is not None:
        return emptied
    user = db.session.get_one(User, user_id)
    shredding.shred(shredding.scope_of_account(user), subject=user.public_id, basis=RetentionRule.R8.value)
    user.name = user.email = NOBODY
    user.email_index, user.person_index, user.is_active = secrets.token_bytes(16), None, False
    user.password_hash = accounts.NOBODY
    db.session.flush()
    return emptied + 1


def _consent(due: Due, now: datetime) -> int:
    """R13."""
    return _run(sa.delete(Consent).where(Consent.id == due.row_id))


def _grant_ledger(due: Due, now: datetime) -> int:
    """R16: the amounts, who said yes to them, and the application itself (R-538)."""
    return sum(
        _run(statement)
        for statement in (
            sa.delete(GrantLine).where(GrantLine.application_id == due.row_id),
            sa.delete(GrantApproval).where(GrantApproval.application_id == due.row_id),
            sa.delete(GrantApplication).where(GrantApplication.id == due.row_id),
        )
    )


def _enquiry(due: Due, now: datetime) -> int:
    """R17: the enquiry, and what was promised by it."""
    own = sa.select(Enquiry.public_id).where(Enquiry.id == due.row_id).scalar_subquery()
    promised = sa.and_(Deadline.subject_type == SubjectType.ENQUIRY, Deadline.subject_public_id == own)
    return _run(sa.delete(Deadline).where(promised)) + _run(sa.delete(Enquiry).where(Enquiry.id == due.row_id))


ACTS: Mapping[RetentionRule, Act] = {
    RetentionRule.R1: _refused_request,
    RetentionRule.R3: _places,
    RetentionRule.R4: _private_part,
    RetentionRule.R5: _whole_case,
    RetentionRule.R6: _whom_to_fear,
    RetentionRule.R7: _grant_story,
    RetentionRule.R8: _volunteer,
    RetentionRule.R13: _consent,
    RetentionRule.R16: _grant_ledger,
    RetentionRule.R17: _enquiry,
}
