"""Organisations that use the portal, and the Danish municipalities as reference data."""

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import OrganisationKind, Region
from portal.db import Base, Choice, Keyed, one_of


class Municipality(Base):
    """One of the 98 municipalities, by its official code."""

    __tablename__ = "municipality"
    __table_args__ = (one_of("region", Region),)

    # The official three-digit code, such as "751".
    code: Mapped[str] = mapped_column(primary_key=True)
    # The public name, as Danes write it.
    name: Mapped[str]
    # The region it lies in: the only place that is shown outside a case's team.
    region: Mapped[Region] = mapped_column(Choice(Region))


class Organisation(Keyed, Base):
    """A centre, a municipality or an association. No address: a centre's place is a secret."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", OrganisationKind), one_of("region", Region))

    # What people call it; shown to everyone who works together with it.
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(Choice(OrganisationKind))
    # Where its volunteers and homes are, as a region.
    region: Mapped[Region] = mapped_column(Choice(Region))
    # For a municipality: its own code.
    municipality_code: Mapped[str | None]
    # Whether it may process CPR numbers (the Danish data protection act, section 11: off for private bodies).
    may_hold_cpr: Mapped[bool] = mapped_column(default=False)
    # An organisation that has left cannot be signed in to.
    is_active: Mapped[bool] = mapped_column(default=True)
    # An organisation that is leaving reads and hands over, and changes nothing else.
    is_frozen: Mapped[bool] = mapped_column(default=False, server_default="false")
