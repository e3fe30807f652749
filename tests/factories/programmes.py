"""Programmes that a lead has made: drafted and published by the services."""

from datetime import datetime
from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.demo import mentor
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme, ProgrammeVersion
from portal.models.users import Membership
from portal.queries import programme_versions as queries
from portal.services import programme_drafts, programme_versions
from tests.factories.people import actor_of, make_member, make_organisation

# A peer mentor: twelve weeks, four criteria, eight places, asked after six and twelve weeks.
MENTOR: dict[str, Any] = mentor.MENTOR | {
    "name_da": "Mentor",
    "question": [
        {
            "key": "q5",
            "type": "choice",
            "da": "Hvornår kan hun mødes?",
            "en": "When can she meet?",
            "required": True,
            "choices": [
                {"key": "c6", "da": "Om dagen", "en": "In the daytime"},
                {"key": "c7", "da": "Om aftenen", "en": "In the evening"},
            ],
        },
        {
            "key": "q8",
            "type": "text",
            "da": "Hvem passer børnene om aftenen?",
            "en": "Who looks after the children in the evening?",
            "required": True,
            "when": {"question": "q5", "answers": ["c7"]},
        },
    ],
    "last_key": 8,
}


def make_lead(organisation: Organisation | None = None) -> Membership:
    """A programme lead of an association."""
    return make_member(Role.PROGRAMME_LEAD, organisation or make_organisation(OrganisationKind.NGO))


def make_draft_programme(lead: Membership, *, now: datetime | None = None, **content: Any) -> Programme:
    """A programme that has been drafted, ready to be published: the peer mentor with `content` put over it."""
    now, actor = now or utc_now(), actor_of(lead)
    given = MENTOR | content
    kind = TrackKind(given.get("kind", TrackKind.COURSE))
    programme = programme_drafts.begin(given["name_da"], kind, actor=actor, now=now)
    draft = queries.get_version(programme)
    programme_drafts.save(draft, programme, given, seen=None, actor=actor, now=now)
    return programme


def publish(lead: Membership, programme: Programme, *, now: datetime | None = None, **content: Any) -> ProgrammeVersion:
    """Publish the draft from today, begun anew and changed where there is none; return what is in force."""
    now, actor = now or utc_now(), actor_of(lead)
    last = queries.find_last(programme.id)
    assert last is not None
    if last.state not in queries.UNPUBLISHED:
        programme_drafts.begin_change(programme, actor=actor, now=now)
    draft = queries.get_version(programme)
    if content:
        programme_drafts.save(draft, programme, content, seen=None, actor=actor, now=now)
    programme_versions.publish(draft, programme, local_date(now), actor=actor, now=now)
    return draft


def make_own_offer(lead: Membership, *, now: datetime | None = None, **content: Any) -> Offer:
    """The offer of a published programme, with programme and organisation loaded."""
    programme = make_draft_programme(lead, now=now, **content)
    publish(lead, programme, now=now)
    return offer_of(programme)


def offer_of(programme: Programme) -> Offer:
    """The offer that publishing has opened, with programme and organisation loaded."""
    from sqlalchemy.orm import joinedload

    statement = db.select(Offer).options(joinedload(Offer.programme), joinedload(Offer.organisation))
    found = db.session.scalars(
        statement.where(Offer.programme_id == programme.id).execution_options(populate_existing=True)
    ).one()
    assert isinstance(found, Offer)
    return found
