"""The register of incidents: what happened, what was done, who was told. No names."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.protection import KeyKind
from portal.core.rights import AuthorityState, IncidentKind, IncidentState, PeopleBand, TellingState
from portal.db import Base, Choice, Keyed, Versioned, one_of
from portal.vault import Encrypted


def _own(column: str) -> Encrypted:
    """Sealed for the organisation: an incident belongs to no case."""
    return Encrypted(f"incident.{column}", KeyKind.ORGANISATION, via="organisation_id")


class Incident(Keyed, Versioned, Base):
    """Something happened to personal data. From `known_at` the authority is notified within 72 hours."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", IncidentKind),
        one_of("people", PeopleBand),
        one_of("state", IncidentState),
        one_of("authority", AuthorityState),
        one_of("telling", TellingState),
        sa.CheckConstraint("happened_at <= known_at", name="known_after_it_happened"),
        sa.CheckConstraint("(authority = 'notified') = (notified_at IS NOT NULL)", name="notified_at_a_moment"),
        sa.CheckConstraint("(telling = 'told') = (told_at IS NOT NULL)", name="told_at_a_moment"),
        sa.Index("ix_incident_organisation_id_known_at_id", "organisation_id", "known_at", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # Short, for the telephone; unrelated to any case.
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[IncidentKind] = mapped_column(Choice(IncidentKind))
    state: Mapped[IncidentState] = mapped_column(Choice(IncidentState), default=IncidentState.OPEN)
    # When somebody here knew: the clock starts.
    known_at: Mapped[datetime]
    happened_at: Mapped[datetime | None]
    people: Mapped[PeopleBand] = mapped_column(Choice(PeopleBand))
    # Codes of field groups.
    groups: Mapped[list[str]] = mapped_column(default=list)
    # Whether somebody may learn by it where a woman is.
    is_location: Mapped[bool] = mapped_column(default=False)
    what_happened: Mapped[str | None] = mapped_column(_own("what_happened"))
    consequences: Mapped[str | None] = mapped_column(_own("consequences"))
    measures: Mapped[str | None] = mapped_column(_own("measures"))
    authority: Mapped[AuthorityState] = mapped_column(Choice(AuthorityState), default=AuthorityState.UNDECIDED)
    notified_at: Mapped[datetime | None]
    # Why the authority is not notified, or why it was late.
    authority_reason: Mapped[str | None] = mapped_column(_own("authority_reason"))
    telling: Mapped[TellingState] = mapped_column(Choice(TellingState), default=TellingState.UNDECIDED)
    told_at: Mapped[datetime | None]
    # How the women are told without danger, and who holds their safety plan. By role, never by name.
    telling_plan: Mapped[str | None] = mapped_column(_own("telling_plan"))
    plan_holder: Mapped[str | None] = mapped_column(_own("plan_holder"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
