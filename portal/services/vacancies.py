"""What a place says of itself, one's own view of the board, and being told when a place opens."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.permissions import require
from portal.domain.vacancies import MOST_WATCHES, Spoken, Wanted, check_rooms, read_duty_phone, read_wanted, watch_until
from portal.domain.workflow import check_version
from portal.models.programmes import Offer
from portal.models.vacancies import Place, PlaceOpening, PlaceStandard, PlaceWatch
from portal.queries import vacancies as queries
from portal.services import audit, messages


@dataclass(frozen=True, slots=True)
class Facts:
    """Whom a place can take; None where nothing is said."""

    most_children: int | None = None
    oldest_child: int | None = None
    is_accessible: bool | None = None
    languages: tuple[Spoken, ...] = ()


def tell_rooms(
    rooms: int,
    free_on: date,
    facts: Facts,
    *,
    duty_phone: str = "",
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Place:
    """Say how many rooms the own centre has free and from which day (R-696), and who answers at night (R-864).

    Raises NotFound, Invalid, Stale.
    """
    require(actor, Permission.CASE_OPEN)
    place = queries.find_rooms(actor)
    check_rooms(rooms, free_on, now)
    phone = read_duty_phone(duty_phone)
    if place is None:
        place = Place(organisation_id=actor.organisation_id, offer_id=None, languages=[], rooms=rooms, told_at=now)
        db.session.add(place)
    else:
        check_version(version, place.version)
    place.rooms, place.free_on, place.duty_phone = rooms, free_on, phone
    _put(place, facts, actor=actor, now=now)
    return place


def tell_facts(offer: Offer, facts: Facts, *, actor: Actor, now: datetime, version: int | None = None) -> Place:
    """Say whom an own offer can take (R-697). Raises NotFound for another house's, Stale."""
    require(actor, Permission.REFERRAL_ANSWER)
    if offer.organisation_id != actor.organisation_id:
        raise NotFound
    place = queries.find_facts(offer)
    if place is None:
        place = Place(organisation_id=offer.organisation_id, offer_id=offer.id, languages=[], told_at=now)
        db.session.add(place)
    else:
        check_version(version, place.version)
    _put(place, facts, actor=actor, now=now)
    return place


def _put(place: Place, facts: Facts, *, actor: Actor, now: datetime) -> None:
    place.most_children, place.oldest_child = facts.most_children, facts.oldest_child
    place.is_accessible, place.languages = facts.is_accessible, [one.value for one in facts.languages]
    place.told_at, place.told_by_id = now, actor.user_id
    db.session.flush()
    audit.record(Audit.PLACE_TOLD, SubjectType.ORGANISATION, None, actor=actor, now=now)
    db.session.flush()


def save_standard(wanted: Wanted, *, actor: Actor, now: datetime) -> None:
    """Keep a view of the board as one's own; looking for nothing in particular takes it away."""
    require(actor, Permission.PROGRAMME_VIEW)
    codes = wanted.codes()
    statement = insert(PlaceStandard).values(user_id=actor.user_id, wanted=codes)
    db.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_={"wanted": codes}))
    audit.record(Audit.PLACE_STANDARD_SAVED, SubjectType.SYSTEM, None, actor=actor, now=now)
    db.session.flush()


def watch(wanted: Wanted, *, actor: Actor, now: datetime, ends_on: date | None = None) -> PlaceWatch:
    """Ask to be told when such a place opens; it ends by itself within 60 days (R-698). Raises Invalid."""
    require(actor, Permission.PROGRAMME_VIEW)
    today = local_date(now)
    if len(queries.list_watches(actor, today=today)) >= MOST_WATCHES:
        raise Invalid(_("You watch for 20 places already. Stop one of them first."))
    made = PlaceWatch(
        user_id=actor.user_id,
        # Whether there is room is what one waits for.
        wanted={name: code for name, code in wanted.codes().items() if name != "room"},
        set_at=now,
        ends_on=watch_until(ends_on, today),
    )
    db.session.add(made)
    audit.record(Audit.PLACE_WATCHED, SubjectType.SYSTEM, None, actor=actor, now=now)
    db.session.flush()
    return made


def stop(found: PlaceWatch, *, actor: Actor, now: datetime) -> None:
    """End one's own watch; a second time changes nothing. Raises NotFound for somebody else's."""
    if found.user_id != actor.user_id:
        raise NotFound
    if found.ended_at is None:
        found.ended_at = now
        audit.record(Audit.PLACE_WATCH_ENDED, SubjectType.SYSTEM, None, actor=actor, now=now)
        db.session.flush()


def turn(organisation_id: int, offer_id: int | None, programme: str | None, *, actor: Actor, now: datetime) -> int:
    """Note that a place has room since now and tell who watches for such a one, once for each opening (R-698).

    Two workers at once tell nobody twice: the row of the opening is the claim. Returns how many were told.
    """
    opening = db.session.scalar(
        insert(PlaceOpening)
        .values(organisation_id=organisation_id, offer_id=offer_id, opened_at=now)
        .on_conflict_do_nothing()
        .returning(PlaceOpening.id)
    )
    if opening is None:
        return 0
    answers: dict[Wanted, bool] = {}
    told = 0
    for one in queries.list_live_watches(local_date(now), before=now):
        wanted = read_wanted(one.wanted)
        if wanted not in answers:
            answers[wanted] = queries.fits(organisation_id, offer_id, wanted, now=now)
        if answers[wanted]:
            messages.notify(
                MessageKind.PLACE_OPENED,
                one.user_id,
                SubjectType.PROGRAMME,
                programme,
                actor=actor,
                now=now,
                dedupe_key=f"place_opened:{opening}:{one.user_id}",
            )
            told += 1
    return told


def close(organisation_id: int, offer_id: int | None, *, now: datetime) -> None:
    """Note that a place has no room any more: when it has again, that is a new opening."""
    db.session.execute(
        sa.update(PlaceOpening)
        .where(
            PlaceOpening.organisation_id == organisation_id,
            PlaceOpening.offer_id.is_not_distinct_from(offer_id),
            PlaceOpening.closed_at.is_(None),
        )
        .values(closed_at=now)
    )
