"""What has been in a case, part by part: each part is a select with the same columns, to be put together."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.audit_tags import Audit
from portal.core.kinds import EndReason
from portal.core.states import EnrolmentState, MeetingState, Presence
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.models.activities import Activity, ActivityAttendance
from portal.models.audit import AuditEntry
from portal.models.children import Child, MeetingChild, NoteChild
from portal.models.contacts import OutsideContact
from portal.models.counselling import HourEntitlement, HourEntry
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp, Measure
from portal.models.meetings import Attendance, Meeting
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.users import Membership, User
from portal.queries.past_cells import OF_CASE, OF_CHILD, cells

TOLD = (
    Audit.CASE_OPENED,
    Audit.CASE_CLOSED,
    Audit.CASE_REOPENED,
    Audit.MOVED_IN,
    Audit.CTI_PHASE_CHANGED,
    Audit.GOAL_REACHED,
    Audit.STAY_PLAN_AGREED,
    Audit.CASE_OWNER_CHANGED,
    # At once, with the role and the category; the sentence stands among who has looked (security rule 2.8).
    Audit.BREAK_GLASS_OPENED,
    # What two do with a note in the wrong case, and never which other case it is.
    Audit.NOTE_PUT_ASIDE,
    Audit.NOTE_CALLED_BACK,
    Audit.NOTE_LEFT,
    Audit.NOTE_TAKEN_OUT,
    Audit.NOTE_MOVED_IN,
)
# Told to whom the group of fields is open.
TOLD_BY_GROUP = {
    F.RISK_LEVEL: (Audit.SAFETY_ASSESSED,),
    F.CONTACT_SAFE_RULES: (Audit.DEATH_RECORDED, Audit.ABROAD_RECORDED, Audit.STANDING_LIFTED),
    F.RISK_NARRATIVE_PERPETRATOR: (Audit.SAFETY_PLAN_WRITTEN, Audit.VIOLENCE_RECORDED),
}
CAME = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.EXCUSED, Presence.NOT_MET)
ENDED = (EnrolmentState.COMPLETED, EnrolmentState.ENDED_EARLY, EnrolmentState.TRANSFERRED, EnrolmentState.NEVER_STARTED)


def meetings(seen: Lens) -> sa.Select[Any]:
    """Meetings with her that have been; what kind of talk it was, to whom the journal is open (R-813).

    What is written about one is a note of its own (R-824); what was written before that rule stands with it.
    """
    written = {"talk": Meeting.talk, "told": Meeting.note} if seen.shows(F.NOTE_CASE) else {}
    return (
        sa.select(
            *cells(
                "meeting",
                Meeting.starts_at,
                Meeting.id,
                public_id=Meeting.public_id,
                what=Meeting.kind,
                outcome=Meeting.state,
                number=Meeting.number,
                who=User.name,
                **written,
                children=children_of(MeetingChild, Meeting.id),
            )
        )
        .join(User, User.id == Meeting.responsible_id)
        .where(Meeting.case_id == OF_CASE, Meeting.state.in_((MeetingState.HELD, MeetingState.NOT_MET)))
    )


def group_meetings() -> sa.Select[Any]:
    """Meetings of a group at which she had a place."""
    return (
        sa.select(
            *cells(
                "seat",
                Meeting.starts_at,
                Meeting.id,
                public_id=Meeting.public_id,
                what=Meeting.kind,
                outcome=Attendance.presence,
                number=Meeting.number,
                who=User.name,
                name_da=Programme.name_da,
                name_en=Programme.name_en,
            )
        )
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(User, User.id == Meeting.responsible_id)
        .where(Enrolment.case_id == OF_CASE, Attendance.presence.in_(CAME))
    )


def courses() -> list[sa.Select[Any]]:
    """When courses began and ended. A place that was given by a slip was never one (R-850)."""

    def part(source: str, day: Any, condition: Any) -> sa.Select[Any]:
        return (
            sa.select(
                *cells(
                    source,
                    at_day(day),
                    Enrolment.id,
                    public_id=Enrolment.public_id,
                    what=Enrolment.kind,
                    outcome=Enrolment.state,
                    name_da=Programme.name_da,
                    name_en=Programme.name_en,
                )
            )
            .join(Offer, Offer.id == Enrolment.offer_id)
            .join(Programme, Programme.id == Offer.programme_id)
            .where(Enrolment.case_id == OF_CASE, condition)
        )

    has_ended = sa.and_(Enrolment.state.in_(ENDED), Enrolment.end_reason.is_distinct_from(EndReason.UNDONE))
    return [
        part("started", Enrolment.started_on, Enrolment.started_on.is_not(None)),
        part("ended", Enrolment.ended_on, sa.and_(Enrolment.ended_on.is_not(None), has_ended)),
    ]


def outside() -> sa.Select[Any]:
    """Contacts with others."""
    return (
        sa.select(
            *cells(
                "outside",
                OutsideContact.happened_at,
                OutsideContact.id,
                what=OutsideContact.party,
                outcome=OutsideContact.direction,
                minutes=OutsideContact.minutes,
                themes=OutsideContact.themes,
                said=OutsideContact.text,
                who=User.name,
                written=OutsideContact.written_at,
            )
        )
        .join(User, User.id == OutsideContact.author_id)
        .where(OutsideContact.case_id == OF_CASE)
    )


def activities() -> sa.Select[Any]:
    """Events of the house that she came to."""
    return (
        sa.select(*cells("activity", Activity.starts_at, Activity.id, what=Activity.kind, who=User.name))
        .join(ActivityAttendance, ActivityAttendance.activity_id == Activity.id)
        .join(User, User.id == Activity.responsible_id)
        .where(ActivityAttendance.case_id == OF_CASE)
    )


def events(seen: Lens) -> sa.Select[Any]:
    """What happened in the case itself; what tells of danger to whom that is open."""
    of_risk = [tag for group, tags in TOLD_BY_GROUP.items() if seen.shows(group) for tag in tags]
    given_to = aliased(User)
    handed = sa.and_(
        AuditEntry.action == Audit.CASE_OWNER_CHANGED, Membership.public_id == AuditEntry.subject_public_id
    )
    return (
        sa.select(
            *cells(
                "event",
                AuditEntry.at,
                AuditEntry.id,
                what=AuditEntry.action,
                outcome=AuditEntry.role,
                themes=AuditEntry.fields,
                who=User.name,
                whom=given_to.name,
                house=Organisation.name,
            )
        )
        # Who moves a note in works in the other case: her name would lead there.
        .outerjoin(User, sa.and_(User.id == AuditEntry.actor_id, AuditEntry.action != Audit.NOTE_MOVED_IN))
        .outerjoin(Membership, handed)
        .outerjoin(given_to, given_to.id == Membership.user_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(AuditEntry.case_id == OF_CASE, AuditEntry.action.in_((*TOLD, *of_risk)))
    )


def about(link: type[NoteChild | MeetingChild], key: Any) -> sa.ColumnElement[bool]:
    """What is about this child, or about none: the family's. Never what is about a brother or sister alone (R-643)."""
    column = NoteChild.note_id if link is NoteChild else MeetingChild.meeting_id
    linked = sa.select(link.child_id).where(column == key)
    return sa.or_(OF_CHILD.in_(linked), ~linked.exists())


def children_of(link: type[NoteChild | MeetingChild], key: Any) -> Any:
    """The children that a row is about: their public ids, or null."""
    column = NoteChild.note_id if link is NoteChild else MeetingChild.meeting_id
    named = sa.select(sa.func.array_agg(Child.public_id)).join(link, link.child_id == Child.id).where(column == key)
    return named.scalar_subquery()


def at_day(day: Any) -> Any:
    """The moment at which a Danish day begins."""
    return sa.func.timezone("Europe/Copenhagen", sa.cast(day, sa.DateTime), type_=sa.DateTime(timezone=True))


def hours() -> sa.Select[Any]:
    """Hours with a psychologist that a child has used."""
    return (
        sa.select(
            *cells(
                "hours",
                at_day(HourEntry.held_on),
                HourEntry.id,
                public_id=HourEntry.public_id,
                minutes=HourEntry.minutes,
            )
        )
        .join(HourEntitlement, HourEntitlement.id == HourEntry.entitlement_id)
        .join(Enrolment, Enrolment.id == HourEntitlement.enrolment_id)
        .where(Enrolment.case_id == OF_CASE, HourEntitlement.child_id == OF_CHILD)
    )


def measures() -> sa.Select[Any]:
    """What has been measured with the family: that it was, and when; never a score."""
    said = {"public_id": Measure.public_id, "what": Measure.instrument}
    return (
        sa.select(*cells("measure", at_day(Measure.taken_on), Measure.id, **said))
        .join(FollowUp, FollowUp.id == Measure.follow_up_id)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(Measure.case_id == OF_CASE)
    )
