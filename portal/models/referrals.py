"""A referral, and each programme's own answer to it."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import DeclineReason, HerAnswer, MarkReason, ReferralSource, WithdrawReason
from portal.core.states import RequestState
from portal.core.waiting import WaitReason
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, ProgrammeVersion
from portal.models.users import User
from portal.vault import Encrypted, EncryptedJson

# An accepted one is a course; the courses keep a second one out themselves, and when it has ended she may come again.
OPEN_REQUEST = "state NOT IN ('draft', 'accepted', 'declined', 'withdrawn', 'lapsed', 'redirected')"


class Referral(Keyed, Versioned, Base):
    """What the referrer writes once. A draft until it is sent; then one request per programme carries the state."""

    __tablename__ = "referral"
    __table_args__ = (
        one_of("source", ReferralSource),
        sa.Index("ix_referral_referrer_id_id", "referrer_id", sa.text("id DESC")),
        sa.Index("ix_referral_organisation_id_id", "organisation_id", sa.text("id DESC")),
    )

    # Six letters and digits for the telephone; unrelated to the case's reference.
    reference: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), index=True)
    referrer_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # The referring organisation.
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    source: Mapped[ReferralSource] = mapped_column(Choice(ReferralSource))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # Codes of need areas, chosen in step 2.
    needs: Mapped[list[str]] = mapped_column(default=list)
    # What she wants, in her own words.
    own_words: Mapped[str | None] = mapped_column(Encrypted("referral.own_words"))
    planned_move_on: Mapped[date | None]
    # Why it is sent although the safety assessment is older than 30 days.
    stale_safety_reason: Mapped[str | None] = mapped_column(Encrypted("referral.stale_safety_reason"))
    # Whether the referrer may see what became of it, by her consent.
    may_see_progress: Mapped[bool] = mapped_column(default=False)
    # The furthest step of the wizard that has been saved, 1 to 5.
    step: Mapped[int] = mapped_column(sa.SmallInteger, default=1)

    case: Mapped[Case] = relationship()
    referrer: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class TrackRequest(Keyed, Versioned, Base):
    """One programme asked, with its own nomination form and its own answer."""

    __tablename__ = "track_request"
    __table_args__ = (
        one_of("state", RequestState),
        one_of("her_answer", HerAnswer),
        one_of("decline_reason", DeclineReason),
        one_of("withdraw_reason", WithdrawReason),
        one_of("priority_reason", MarkReason),
        one_of("wait_reason", WaitReason),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        sa.Index("uq_track_request_open", "case_id", "offer_id", unique=True, postgresql_where=sa.text(OPEN_REQUEST)),
        sa.Index(
            "ix_track_request_organisation_id_state_answer_due_on_id", "organisation_id", "state", "answer_due_on", "id"
        ),
        sa.Index("ix_track_request_offer_id_state_waiting_since", "offer_id", "state", "waiting_since", "id"),
        sa.Index("ix_track_request_referral_id", "referral_id"),
        sa.Index(
            "ix_track_request_organisation_id_decided_at_id",
            "organisation_id",
            "decided_at",
            "id",
            postgresql_where=sa.text("decided_at IS NOT NULL"),
        ),
    )

    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referral.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"))
    # The edition of the programme that it began with, whatever is published later; empty for those of the file.
    programme_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme_version.id"), index=True)
    # The receiving organisation, repeated here so that its inbox is one index.
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[RequestState] = mapped_column(Choice(RequestState), default=RequestState.DRAFT)
    # The programme's own nomination form, question key to answer.
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("track_request.answers"), default=dict)
    sent_at: Mapped[datetime | None]
    # Five weekdays after sending; empty while the clock is paused.
    answer_due_on: Mapped[date | None]
    # Weekdays that were left when more information was asked for.
    paused_days_left: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # Who reads it just now, and until when that is respected.
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    held_until: Mapped[datetime | None]
    info_wanted: Mapped[str | None] = mapped_column(Encrypted("track_request.info_wanted"))
    info_given: Mapped[str | None] = mapped_column(Encrypted("track_request.info_given"))
    # Earlier questions and answers, each question followed by its answer.
    info_before: Mapped[list[str] | None] = mapped_column(EncryptedJson("track_request.info_before"))
    # Criterion key to met, not_met or unknown.
    criteria: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Steps held, such as the two talks of Dannerboligerne: step key to date.
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    her_answer: Mapped[HerAnswer] = mapped_column(Choice(HerAnswer), default=HerAnswer.NOT_ASKED)
    offered_at: Mapped[datetime | None]
    offer_expires_on: Mapped[date | None]
    waiting_since: Mapped[datetime | None]
    # Why she was put on the waiting list, and what she can have while she waits; the sender reads both.
    wait_reason: Mapped[WaitReason | None] = mapped_column(Choice(WaitReason))
    meanwhile_offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"))
    meanwhile_text: Mapped[str | None] = mapped_column(Encrypted("track_request.meanwhile_text"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(Choice(DeclineReason))
    # A sentence to the referrer; she sees it.
    decline_text: Mapped[str | None] = mapped_column(Encrypted("track_request.decline_text"))
    # What was proposed instead, in a sentence or as another offer.
    alternative_offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"))
    alternative_text: Mapped[str | None] = mapped_column(Encrypted("track_request.alternative_text"))
    withdraw_reason: Mapped[WithdrawReason | None] = mapped_column(Choice(WithdrawReason))
    # Until when the same programme is not asked again, by the reason of the no.
    cool_down_until: Mapped[date | None]
    # Which run of the answer clock this is: a request that is opened again climbs its ladder anew.
    clock_round: Mapped[int] = mapped_column(sa.SmallInteger, default=1, server_default="1")
    # To whom the lead has given a late one, and until when its ladder rests for that.
    given_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    given_until: Mapped[date | None]
    # Why the lead has put her first on the waiting list, for as long as she waits.
    priority_reason: Mapped[MarkReason | None] = mapped_column(Choice(MarkReason))

    referral: Mapped[Referral] = relationship()
    case: Mapped[Case] = relationship()
    offer: Mapped[Offer] = relationship(foreign_keys=[offer_id])
    alternative: Mapped[Offer | None] = relationship(foreign_keys=[alternative_offer_id])
    meanwhile: Mapped[Offer | None] = relationship(foreign_keys=[meanwhile_offer_id])
    organisation: Mapped[Organisation] = relationship()
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    programme_version: Mapped[ProgrammeVersion | None] = relationship()

    @property
    def rules(self) -> dict[str, Any]:
        """The rules that it began with (R-661). Needs the version loaded, or offer and programme."""
        return self.offer.programme.rules if self.programme_version is None else self.programme_version.content


class RequestEvent(Base):
    """The history of a request: from, to, who, when, why."""

    __tablename__ = "request_event"
    __table_args__ = (sa.Index("ix_request_event_request_id_id", "request_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("track_request.id"))
    from_state: Mapped[RequestState] = mapped_column(Choice(RequestState))
    to_state: Mapped[RequestState] = mapped_column(Choice(RequestState))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime]
    reason: Mapped[str | None]
