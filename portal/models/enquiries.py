"""Enquiries: every time somebody asks the house for help, whether or not it becomes a case."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enquiries import EnquiryAsker, EnquiryChannel
from portal.core.enums import Region
from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.users import User
from portal.vault import Encrypted


def _own(column: str) -> Encrypted:
    """Sealed for the house: an enquiry belongs to no case until it has become one."""
    return Encrypted(f"enquiry.{column}", KeyKind.ORGANISATION, via="organisation_id")


class Enquiry(Keyed, Versioned, Base):
    """Taken down by the person on duty. Six months later it is deleted, unless it has become a case."""

    __tablename__ = "enquiry"
    __table_args__ = (
        one_of("channel", EnquiryChannel),
        one_of("asker", EnquiryAsker),
        sa.CheckConstraint("child_count BETWEEN 0 AND 20", name="child_count_sane"),
        sa.CheckConstraint("cardinality(conclusions) > 0", name="has_a_conclusion"),
        sa.CheckConstraint(
            "('rejected' = ANY (conclusions)) = (cardinality(reject_reasons) > 0)", name="rejected_with_reasons"
        ),
        sa.CheckConstraint(
            "('call_back' = ANY (conclusions)) = (call_back_on IS NOT NULL)", name="called_back_on_a_day"
        ),
        sa.CheckConstraint("case_id IS NULL OR 'admitted' = ANY (conclusions)", name="only_admitted_becomes_a_case"),
        sa.Index("ix_enquiry_organisation_id_received_at_id", "organisation_id", "received_at", "id"),
        sa.Index("ix_enquiry_case_id", "case_id", postgresql_where=sa.text("case_id IS NOT NULL")),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    received_at: Mapped[datetime]
    channel: Mapped[EnquiryChannel] = mapped_column(Choice(EnquiryChannel))
    asker: Mapped[EnquiryAsker] = mapped_column(Choice(EnquiryAsker))
    # Only if she gives it: a first name is enough.
    name: Mapped[str | None] = mapped_column(_own("name"))
    phone: Mapped[str | None] = mapped_column(_own("phone"))
    # A few bits under which the same number is found again at this house.
    phone_index: Mapped[bytes | None] = mapped_column(index=True)
    child_count: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    # Values of `ChildBand`, of `ViolenceForm`, and the region, where they were said.
    child_bands: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    violence_forms: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    region: Mapped[Region | None] = mapped_column(Choice(Region))
    # What is asked for, in a few words.
    wish: Mapped[str | None] = mapped_column(_own("wish"))
    # Values of `Conclusion` and `RejectReason`, and the version of the lists from which they were chosen.
    conclusions: Mapped[list[str]] = mapped_column(default=list)
    reject_reasons: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    codes_version: Mapped[int] = mapped_column(sa.SmallInteger)
    # What was offered instead: always there when she could not come.
    offered_instead: Mapped[str | None] = mapped_column(_own("offered_instead"))
    # The promised day of a call back, and when it was made.
    call_back_on: Mapped[date | None]
    called_back_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # The case that it became.
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))

    recorded_by: Mapped[User] = relationship()
