"""Volunteers: registered and kept up to date."""

import secrets
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date
from portal.core.enums import Language, Region, Role
from portal.core.errors import Conflict, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import PlacementPath
from portal.db import db
from portal.domain.workflow import check_version
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer, VolunteerMatch
from portal.services import accounts, audit, messages, placements, visits

# Weekdays before the first task, for everybody.
SHORTEST_WAIT, LONGEST_WAIT = 2, 5


def save_profile(
    *,
    user_id: int,
    organisation_id: int,
    region: Region,
    skills: list[str],
    pledged_on: date | None,
    trained_on: date | None,
    certificate_until: date | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Volunteer:
    """Register a volunteer, or bring what is known of her up to date. Raises Stale."""
    own = sa.and_(Volunteer.user_id == user_id, Volunteer.organisation_id == organisation_id)
    volunteer = db.session.scalar(sa.select(Volunteer).where(own))
    check_version(version, volunteer.version if volunteer else 0)
    is_new = volunteer is None
    if volunteer is None:
        volunteer = Volunteer(public_id=new_public_id(), user_id=user_id, organisation_id=organisation_id)
        db.session.add(volunteer)
    volunteer.region, volunteer.skills = region, sorted(skills)
    volunteer.pledged_on, volunteer.trained_on, volunteer.certificate_until = pledged_on, trained_on, certificate_until
    db.session.flush()
    audit.record(
        Audit.VOLUNTEER_REGISTERED if is_new else Audit.VOLUNTEER_CHANGED,
        SubjectType.VOLUNTEER,
        volunteer.public_id,
        actor=actor,
        now=now,
    )
    return volunteer


def register(
    *,
    name: str,
    email: str,
    language: Language,
    role: Role,
    actor: Actor,
    now: datetime,
    region: Region,
    skills: list[str],
    pledged_on: date | None,
    trained_on: date | None,
    certificate_until: date | None,
) -> Volunteer:
    """Register a new volunteer of the actor's organisation. Raises Invalid for one who is registered here already.

    An address that has an account elsewhere is taken in like any other, so that nobody learns who works where.
    Everybody waits from two to five weekdays, drawn at random, before the first task (R-386): a match with the watch
    list then shows in nothing.
    """
    organisation = db.session.get_one(Organisation, actor.organisation_id)
    user = db.session.scalar(sa.select(User).where(User.email_index == accounts.email_index(email)))
    if user is None:
        user = accounts.create_user(name, email, None, language=language, actor=actor, now=now)
    elif _is_here(user.id, organisation.id):
        raise Invalid(_("She is registered here already."), field="email")
    accounts.add_membership(user, organisation, role)
    volunteer = save_profile(
        user_id=user.id,
        organisation_id=organisation.id,
        region=region,
        skills=skills,
        pledged_on=pledged_on,
        trained_on=trained_on,
        certificate_until=certificate_until,
        actor=actor,
        now=now,
    )
    return _wait(volunteer, local_date(now))


def _wait(volunteer: Volunteer, today: date) -> Volunteer:
    volunteer.opens_on = add_weekdays(today, SHORTEST_WAIT + secrets.randbelow(LONGEST_WAIT - SHORTEST_WAIT + 1))
    db.session.flush()
    return volunteer


def _is_here(user_id: int, organisation_id: int) -> bool:
    role = sa.select(Membership.id).where(
        Membership.user_id == user_id,
        Membership.organisation_id == organisation_id,
        Membership.role == Role.VOLUNTEER,
        Membership.ended_at.is_(None),
    )
    return db.session.scalar(role.limit(1)) is not None


def set_paused(volunteer: Volunteer, is_paused: bool, *, actor: Actor, now: datetime) -> None:
    """Pause a volunteer, who then cannot take tasks, or take her back."""
    volunteer.is_suspended = is_paused
    db.session.flush()
    audit.record(
        Audit.VOLUNTEER_CHANGED,
        SubjectType.VOLUNTEER,
        volunteer.public_id,
        actor=actor,
        now=now,
        fields=["is_suspended"],
    )


def open_match_request(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Tell the coordinators that somebody waits for a volunteer."""
    coordinators = db.session.scalars(
        sa.select(Membership.user_id).where(
            Membership.organisation_id == enrolment.organisation_id,
            Membership.role == Role.VOLUNTEER_COORDINATOR,
            Membership.is_live,
        )
    )
    for user_id in coordinators:
        messages.notify(
            MessageKind.ENROLMENT_ASSIGNED,
            user_id,
            SubjectType.ENROLMENT,
            enrolment.public_id,
            actor=actor,
            now=now,
            case_id=enrolment.case_id,
            dedupe_key=f"match_wanted:{enrolment.public_id}:{user_id}",
        )


def start_match(
    enrolment: Enrolment, volunteer: Volunteer, *, started_on: date, actor: Actor, now: datetime
) -> VolunteerMatch:
    """Let a volunteer accompany her. Raises Invalid for one who may not, Conflict when somebody does already.

    AskFirst where one asks first (R-751), NotNow while visits to her wait (R-762).
    """
    if volunteer.is_suspended or volunteer.pledged_on is None or volunteer.trained_on is None:
        raise Invalid(_("This volunteer is not ready: declaration or introduction is missing."), field="volunteer")
    if started_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="started_on")
    visits.must_be_on(enrolment.case_id)
    placements.check(PlacementPath.MATCH, enrolment.public_id, volunteer.public_id, now=now)
    match = VolunteerMatch(
        public_id=new_public_id(), enrolment_id=enrolment.id, volunteer=volunteer, started_on=started_on
    )
    try:
        with db.session.begin_nested():
            db.session.add(match)
    except IntegrityError as already:
        raise Conflict from already
    audit.record(
        Audit.MATCH_STARTED, SubjectType.ENROLMENT, enrolment.public_id, actor=actor, now=now, case_id=enrolment.case_id
    )
    return match


def end_match(match: VolunteerMatch, enrolment: Enrolment, *, ended_on: date, actor: Actor, now: datetime) -> None:
    """End a match. Raises NotNow the second time, Invalid for a day before it began."""
    if match.ended_on is not None:
        raise NotNow
    if ended_on < match.started_on:
        raise Invalid(_("The end must be after the start."), field="ended_on")
    match.ended_on = ended_on
    db.session.flush()
    audit.record(
        Audit.MATCH_ENDED, SubjectType.ENROLMENT, enrolment.public_id, actor=actor, now=now, case_id=enrolment.case_id
    )
