"""Keeping what was typed and not sent: when a session ends, and as a draft while somebody writes (R-556, R-819)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import NotFound
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.kept import LATE, MOST, Fields, left_out, worth_keeping
from portal.models.kept import KeptForm
from portal.models.organisations import Organisation
from portal.models.users import Membership, User, UserSession
from portal.services import audit
from portal.services.accounts import token_hash


@dataclass(frozen=True, slots=True)
class Written:
    """A form as it was sent, or as it stood when the page was locked."""

    action: str
    page: str
    fields: Fields


def writer_of(token: str, *, now: datetime) -> Actor | None:
    """Who may still hand in what she typed: her session is alive or ran out by itself. None after signing out."""
    row = db.session.execute(
        sa.select(UserSession.user_id, Membership.id, Membership.organisation_id, Membership.role)
        .join(User, User.id == UserSession.user_id)
        .join(Membership, Membership.id == UserSession.membership_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            UserSession.token_hash == token_hash(token),
            UserSession.revoked_at.is_(None),
            UserSession.ends_at > now - LATE,
            User.is_active,
            Membership.ended_at.is_(None),
            Organisation.is_active,
        )
    ).one_or_none()
    return None if row is None else Actor(*row)


def was_left_alone(token: str, *, now: datetime) -> bool:
    """Whether a session that counts no more ran out because nobody did anything, and not at its last hour (R-866)."""
    still_long = sa.exists().where(UserSession.token_hash == token_hash(token), UserSession.ends_at > now)
    return writer_of(token, now=now) is not None and bool(db.session.scalar(sa.select(still_long)))


def keep(written: Written, *, actor: Actor, now: datetime) -> str | None:
    """Keep one form, in place of an older one of the same address; the oldest beyond five go. Returns its id.

    Protected fields and secrets are left out (R-556). A form in which nobody has written anything is not kept, nor what
    was kept of it before: None.
    """
    own = sa.and_(KeptForm.user_id == actor.user_id, KeptForm.membership_id == actor.membership_id)
    older = sa.delete(KeptForm).where(own, KeptForm.action == written.action).returning(KeptForm.public_id)
    known = db.session.scalars(older).first()
    fields = worth_keeping(written.fields)
    if not fields:
        return None
    content = {"page": written.page, "fields": fields, "is_incomplete": left_out(written.fields)}
    form = KeptForm(
        public_id=known or new_public_id(),
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        action=written.action,
        content=content,
        kept_at=now,
    )
    db.session.add(form)
    db.session.flush()
    newest = sa.select(KeptForm.id).where(own).order_by(KeptForm.kept_at.desc(), KeptForm.id.desc()).limit(MOST)
    db.session.execute(sa.delete(KeptForm).where(own, KeptForm.id.not_in(newest)))
    # A draft saves itself every few seconds: the trail says once that it is there.
    if known is None:
        audit.record(Audit.FORM_KEPT, SubjectType.USER, None, actor=actor, now=now)
    return form.public_id


def use(public_id: str, *, actor: Actor) -> bool:
    """The form has been sent after all: nothing is kept of it any more. Returns whether there was something."""
    mine = sa.and_(KeptForm.public_id == public_id, KeptForm.user_id == actor.user_id)
    return db.session.scalar(sa.delete(KeptForm).where(mine).returning(KeptForm.id)) is not None


def discard(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Throw one's own kept form away. Raises NotFound for somebody else's, or none."""
    if not use(public_id, actor=actor):
        raise NotFound
    audit.record(Audit.FORM_DISCARDED, SubjectType.USER, None, actor=actor, now=now)
