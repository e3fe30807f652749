"""Versions of a lead's programme: published from a day, put in force, taken back before that, retired (R-661)."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType, TrackKind
from portal.core.programmes import VersionState
from portal.db import db
from portal.domain.programme_lint import lint
from portal.domain.workflow import check_version
from portal.models.programmes import Offer, Programme, ProgrammeVersion
from portal.queries import programme_versions as queries
from portal.services import audit
from portal.services.programme_drafts import check_draft, require_own

FURTHEST_DAYS = 366
# What the public page of a programme shows of the version in force.
SHOWN = ("name_da", "name_en", "summary_da", "summary_en")


def publish(
    draft: ProgrammeVersion,
    programme: Programme,
    valid_from: date,
    *,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Publish a draft from a day on; today it counts at once (R-661). Nobody edits it after that.

    Raises Invalid for a day that has passed or while something must be put right (R-668), NotNow, Stale.
    """
    check_draft(draft, programme, actor)
    check_version(seen, draft.version)
    today = local_date(now)
    if not 0 <= (valid_from - today).days <= FURTHEST_DAYS:
        raise Invalid(_("Choose today or a day within the next year."), field="valid_from")
    stops = [finding for finding in lint(draft.content) if finding.stops]
    if stops:
        raise Invalid(stops[0].text)
    draft.state, draft.valid_from = VersionState.SCHEDULED, valid_from
    draft.published_at, draft.published_by_id = now, actor.user_id
    _record(Audit.PROGRAMME_PUBLISHED, programme, actor=actor, now=now)
    if valid_from <= today:
        put_in_force(draft.id, actor=actor, now=now)


def take_back(version: ProgrammeVersion, programme: Programme, *, actor: Actor, now: datetime) -> None:
    """Make a version a draft again before its day has come: nobody has met it. Raises NotNow after that."""
    require_own(programme, actor)
    if version.programme_id != programme.id:
        raise NotFound
    if version.state is not VersionState.SCHEDULED:
        raise NotNow(_("This version is in force: it stays as it is. Begin a change instead."))
    version.state, version.valid_from = VersionState.DRAFT, None
    version.published_at = version.published_by_id = None
    _record(Audit.PROGRAMME_TAKEN_BACK, programme, actor=actor, now=now)


def put_in_force(version_id: int, *, actor: Actor, now: datetime) -> bool:
    """Let a version whose day has come count for whoever is referred from now on; the offer opens (R-661).

    Who is under way keeps the version she began with. False when it has been taken back meanwhile.
    """
    version = db.session.scalar(sa.select(ProgrammeVersion).where(ProgrammeVersion.id == version_id).with_for_update())
    if version is None or version.state is not VersionState.SCHEDULED:
        return False
    programme = db.session.get_one(Programme, version.programme_id)
    before = queries.find_in_force(programme.id)
    if before is not None:
        before.state = VersionState.REPLACED
        db.session.flush()
    version.state = VersionState.IN_FORCE
    for name in SHOWN:
        setattr(programme, name, version.content[name])
    programme.kind, programme.rules = TrackKind(version.content["kind"]), version.content
    was_retired, programme.retired_on = programme.retired_on is not None, None
    _open_offer(programme, version.content.get("capacity"), is_back=was_retired)
    _record(Audit.PROGRAMME_IN_FORCE, programme, actor=actor, now=now)
    return True


def _open_offer(programme: Programme, capacity: int | None, *, is_back: bool) -> None:
    """The offer at the own organisation, with the places of the version; one that was closed by hand stays closed."""
    if programme.owner_id is None:
        raise NotFound
    offer = db.session.scalar(
        sa.select(Offer).where(Offer.programme_id == programme.id, Offer.organisation_id == programme.owner_id)
    )
    if offer is None:
        db.session.add(Offer(programme=programme, organisation_id=programme.owner_id, capacity=capacity))
    else:
        offer.capacity = capacity
        offer.is_accepting = offer.is_accepting or is_back
    db.session.flush()


def retire(programme: Programme, *, actor: Actor, now: datetime) -> None:
    """Take nobody new into a programme; who is under way goes on (R-661). Raises NotNow unless one is in force."""
    require_own(programme, actor)
    current = queries.find_in_force(programme.id)
    if current is None:
        raise NotNow(_("No version of it is in force."))
    current.state, programme.retired_on = VersionState.RETIRED, local_date(now)
    db.session.execute(sa.update(Offer).where(Offer.programme_id == programme.id).values(is_accepting=False))
    _record(Audit.PROGRAMME_RETIRED, programme, actor=actor, now=now)


def _record(tag: Audit, programme: Programme, *, actor: Actor, now: datetime) -> None:
    audit.record(tag, SubjectType.PROGRAMME, programme.public_id, actor=actor, now=now)
    db.session.flush()
