"""The parts of a case, one at a time: card, stays, notices, consents, notes. Callers have got it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound, NotNow
from portal.core.i18n import _
from portal.core.kinds import MunicipalityDuty
from portal.db import Keyed, db
from portal.domain.stays import leaving_planned
from portal.models.cases import Case, Consent
from portal.models.clients import Client, SafeContactCard
from portal.models.enrolments import Enrolment
from portal.models.organisations import Municipality, Organisation
from portal.models.programmes import Offer, Programme
from portal.models.stays import StatutoryNotice, Stay
from portal.queries import children
from portal.queries.municipalities import code_on
from portal.queries.visibility import LIVE, visible_cases, visible_enrolments

M = TypeVar("M", bound=Keyed)
MOST = 100


def _one(found: M | None) -> M:
    if found is None:
        raise NotFound
    return found


def may_hold_cpr(actor: Actor) -> bool:
    """Whether the actor's organisation may keep CPR numbers."""
    return bool(db.session.scalar(sa.select(Organisation.may_hold_cpr).where(Organisation.id == actor.organisation_id)))


def municipality_choices() -> list[tuple[str, str]]:
    """All municipalities for a field, by name, with an empty choice first."""
    rows = db.session.execute(sa.select(Municipality.code, Municipality.name).order_by(Municipality.name))
    return [("", "–"), *((code, name) for code, name in rows)]


def organisation_choices() -> list[tuple[str, str]]:
    """Organisations that can receive something about her, by name, with an empty choice for the own one first."""
    rows = db.session.execute(
        sa.select(Organisation.public_id, Organisation.name).where(Organisation.is_active).order_by(Organisation.name)
    )
    return [("", "–"), *((public_id, name) for public_id, name in rows)]


def organisation_id_of(public_id: str | None) -> int | None:
    """The key of an organisation; None for none. Raises NotFound for an unknown one."""
    if not public_id:
        return None
    found: int | None = db.session.scalar(sa.select(Organisation.id).where(Organisation.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def count_cards(case: Case) -> int:
    """How many safe-contact cards have been written: what a page says that it knew of."""
    known = sa.select(sa.func.count()).where(SafeContactCard.client_id == case.client_id)
    return db.session.execute(known).scalar_one()


def find_open_stay(case: Case) -> Stay | None:
    """The stay that has not ended."""
    return db.session.scalar(sa.select(Stay).where(Stay.case_id == case.id, Stay.discharged_on.is_(None)))


def get_notice(case: Case, public_id: str) -> StatutoryNotice:
    """A notice of the case. Raises NotFound."""
    return _one(
        db.session.scalar(
            sa.select(StatutoryNotice).where(StatutoryNotice.public_id == public_id, StatutoryNotice.case_id == case.id)
        )
    )


def get_stay(notice: StatutoryNotice) -> Stay:
    """The stay that a notice is about, with its centre."""
    return db.session.scalars(
        sa.select(Stay).where(Stay.id == notice.stay_id).options(joinedload(Stay.organisation))
    ).one()


def municipality_name(code: str | None) -> str | None:
    """The name behind an official code."""
    return db.session.scalar(sa.select(Municipality.name).where(Municipality.code == code)) if code else None


def list_consents(case: Case) -> list[Consent]:
    """What she has agreed to, the newest first, with the receivers and those who wrote it down."""
    return list(
        db.session.scalars(
            sa.select(Consent)
            .where(Consent.case_id == case.id)
            .options(joinedload(Consent.recipient), joinedload(Consent.recorded_by))
            .order_by(Consent.given_on.desc(), Consent.id.desc())
            .limit(MOST)
        )
    )


def get_consent(case: Case, public_id: str) -> Consent:
    """A consent of the case. Raises NotFound."""
    return _one(db.session.scalar(sa.select(Consent).where(Consent.public_id == public_id, Consent.case_id == case.id)))


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a statutory notice says. An anonymous one holds neither name nor CPR number, whatever is known by now."""

    public_id: str
    kind: str
    due_on: date
    sent_on: date | None
    # Whether it is about a day that was planned, not about one that has been.
    is_ahead: bool
    is_anonymous: bool
    municipality: str | None
    centre: str
    reference: str
    day: date | None
    name: str | None
    has_cpr: bool
    children: tuple[tuple[str | None, int], ...]


def notice_text(actor: Actor, case: Case, notice: StatutoryNotice) -> NoticeText:
    """The content of a notice: who, when, which children are along (R-109). Her number is opened beside it."""
    stay = get_stay(notice)
    named = not notice.is_anonymous
    day, is_ahead = _its_day(case, stay, notice)
    along = [child for child in children.list_children(case) if child.is_along]
    return NoticeText(
        public_id=notice.public_id,
        kind=notice.kind,
        due_on=notice.due_on,
        sent_on=notice.sent_on,
        is_ahead=is_ahead,
        is_anonymous=notice.is_anonymous,
        # It goes to whoever was responsible on the day.
        municipality=municipality_name(code_on(case, MunicipalityDuty.RESPONSIBLE, day)),
        centre=stay.organisation.name if stay.organisation else "",
        reference=case.reference,
        day=day,
        name=case.client.name if named else None,
        has_cpr=named and _has_cpr(case) and may_hold_cpr(actor),
        children=tuple((child.name if named else None, child.birth_year) for child in along),
    )


def _its_day(case: Case, stay: Stay, notice: StatutoryNotice) -> tuple[date | None, bool]:
    """The day that a notice is about, and whether it speaks of it as planned. What was sent says what it said.

    Raises NotNow where it was made ready and no day is planned any more.
    """
    if notice.kind == "admission":
        return stay.admitted_on, False
    if notice.told_on is not None:
        return notice.told_on, True
    if stay.discharged_on is not None:
        return stay.discharged_on, False
    planned = leaving_planned(case.planned_move_on, stay.admitted_on)
    if planned is None:
        raise NotNow(_("No day is planned any more on which she leaves. Plan it first."))
    return planned, True


def _has_cpr(case: Case) -> bool:
    kept = sa.select(Client.cpr_number.is_not(None)).where(Client.id == case.client_id)
    return bool(db.session.scalar(kept))


def case_of_notice(actor: Actor, notice_public_id: str) -> str:
    """The public id of the case that a notice belongs to. Raises NotFound also for a case the actor may not see."""
    found: str | None = db.session.scalar(
        sa.select(Case.public_id)
        .join(StatutoryNotice, StatutoryNotice.case_id == Case.id)
        .where(StatutoryNotice.public_id == notice_public_id, visible_cases(actor))
    )
    if found is None:
        raise NotFound
    return found


def list_live_courses(actor: Actor, case: Case) -> list[tuple[int, str, str, str]]:
    """The live courses of a case that the actor sees: key, public id, and the name in Danish and English."""
    rows = db.session.execute(
        sa.select(Enrolment.id, Enrolment.public_id, Programme.name_da, Programme.name_en)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(Enrolment.case_id == case.id, Enrolment.state.in_(LIVE), visible_enrolments(actor))
        .order_by(Enrolment.id)
        .limit(MOST)
    )
    return [(key, public_id, da, en) for key, public_id, da, en in rows]
