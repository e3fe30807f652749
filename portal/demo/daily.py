"""What a house does from day to day: enquiries of the last weeks, calls to others, a dinner and a reunion day."""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from portal.core.activities import ActivityKind, Guests
from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.contacts import ContactDirection, ContactTheme, Party, PartyChannel, ShareBasis
from portal.core.enquiries import ChildBand, Conclusion, EnquiryAsker, EnquiryChannel, RejectReason
from portal.core.enums import Region
from portal.core.measures import ViolenceForm
from portal.core.states import CaseState
from portal.db import db
from portal.demo.stage import Stage
from portal.models.cases import Case, TeamMember
from portal.queries import activities as activity_queries
from portal.services import activities, contacts, enquiries
from portal.services.activities import Planned
from portal.services.contacts import Said
from portal.services.enquiries import Told

C, R = Conclusion, RejectReason
# Days ago, hour, channel, who asks, conclusions, reasons, what was offered instead, what was asked for.
ENQUIRIES = (
    (1, 2, EnquiryChannel.PHONE, EnquiryAsker.HERSELF, (C.ADVICE, C.CALL_BACK), (), None, "Må hun komme anonymt?"),
    (2, 23, EnquiryChannel.POLICE, EnquiryAsker.AUTHORITY, (C.REJECTED, C.REFERRED_ON),
     (R.FULL, R.NO_ROOM_FOR_CHILDREN), "Plads fundet på et andet krisecenter samme nat",
     "Mor med tre børn søger plads i nat"),
    (4, 10, EnquiryChannel.MUNICIPALITY, EnquiryAsker.PROFESSIONAL, (C.REJECTED, C.ADVICE), (R.HOMELESS_ONLY,),
     "Råd om kommunens boligvejledning", "Kvinde uden bolig"),
    (6, 19, EnquiryChannel.DOOR, EnquiryAsker.HERSELF, (C.UNKNOWN,), (), None, None),
    (9, 14, EnquiryChannel.RELATIVE, EnquiryAsker.RELATIVE, (C.ADVICE,), (), None, "En søster er bekymret"),
)  # fmt: skip


WHO = "katrine"
# Days ago (below 0: ahead), what, its name on the board in the hall, whether her woman came, and how many others.
EVENTS = (
    (3, ActivityKind.COMMUNAL_DINNER, "Suppe i fællesstuen", True, 7),
    (10, ActivityKind.REUNION_DAY, "Gensynsdag med kaffe", False, 6),
    (-5, ActivityKind.WORKSHOP_HOUSING, "Sådan søger du bolig", False, 0),
)


def tell(stage: Stage) -> None:
    """Enquiries by day and night, a call to the municipality, what the house does together: no day is drawn anew."""
    actor = stage.actors[WHO]
    for days, hour, *row in ENQUIRIES:
        stage.at(days, hour, partial(_enquiry, stage, actor, *row))
    stage.at(2, 11, partial(_contact, stage, actor))
    for days, kind, title, comes, others in EVENTS:
        stage.at(max(days, 0), 17, partial(_event, stage, actor, kind, title, days, comes, others))


def _enquiry(
    stage: Stage,
    actor: Actor,
    channel: EnquiryChannel,
    asker: EnquiryAsker,
    conclusions: tuple[Conclusion, ...],
    reasons: tuple[RejectReason, ...],
    instead: str | None,
    wish: str | None,
    now: datetime,
) -> None:
    told = Told(
        received_at=now,
        channel=channel,
        asker=asker,
        conclusions=conclusions,
        reject_reasons=reasons,
        offered_instead=instead,
        wish=wish,
        violence_forms=[ViolenceForm.PSYCHOLOGICAL] if wish else [],
        region=Region.CAPITAL,
        child_count=3 if reasons == (R.FULL, R.NO_ROOM_FOR_CHILDREN) else 0,
        child_bands=[ChildBand.THREE_TO_SIX],
        call_back_on=local_date(now) if C.CALL_BACK in conclusions else None,
    )
    enquiries.record(told, actor=actor, now=now)


def _case(actor: Actor) -> Case:
    mine = sa.select(TeamMember.case_id).where(TeamMember.user_id == actor.user_id, TeamMember.ended_at.is_(None))
    query = sa.select(Case).where(Case.id.in_(mine), Case.state == CaseState.OPEN).order_by(Case.id).limit(1)
    return db.session.scalars(query).one()


def _contact(stage: Stage, actor: Actor, now: datetime) -> None:
    said = Said(
        direction=ContactDirection.OUT,
        channel=PartyChannel.PHONE,
        party=Party.OWN_MUNICIPALITY,
        party_name="Ydelseskontoret",
        themes=[ContactTheme.HOUSING, ContactTheme.OWN_PAYMENT],
        basis=ShareBasis.CONSENT,
        minutes=15,
        text="Talte om indskud og egenbetaling. De ringer til os på fredag.",
        happened_at=now,
    )
    contacts.log(_case(actor), said, actor=actor, now=now)


def _event(
    stage: Stage, actor: Actor, kind: ActivityKind, title: str, days_ago: int, comes: bool, others: int, now: datetime
) -> None:
    """An event with who came; nobody has come yet to one that lies ahead. `comes`: the woman of the contact person."""
    begins = stage.moment(days_ago, 17)
    responsible = next(one[1] for one in activity_queries.list_responsible(actor) if one[0] == actor.user_id)
    planned = Planned(
        kind=kind,
        guests=[Guests.RESIDENTS, Guests.FORMER_RESIDENTS],
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        responsible=responsible,
        title=title,
    )
    made = activities.plan(planned, actor=actor, now=now)
    if begins <= now:
        came = {_case(actor).public_id} if comes else set()
        activities.register(made, came, others=others, version=made.version, actor=actor, now=now)
