"""What she has agreed to: given, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import ConsentForm, ConsentPurpose, SubjectType, WithdrawReason
from portal.core.rights import ConsentScope
from portal.core.states import CaseState
from portal.db import db
from portal.domain.consent import LONGEST_MONTHS, MONTHS, expires_on, renewal_on
from portal.domain.permissions import require
from portal.models.cases import Case, Consent
from portal.models.messages import Message
from portal.queries import consents as queries
from portal.queries import requests as request_queries
from portal.services import case_marks, consent_losses, deadlines, request_endings
from portal.wall import as_system


def give_consent(
    case: Case,
    *,
    purpose: ConsentPurpose,
    form: ConsentForm,
    given_on: date,
    actor: Actor,
    now: datetime,
    recipient_organisation_id: int | None = None,
    months: int = MONTHS,
    scope: Sequence[ConsentScope] = (),
) -> Consent:
    """Record what she has agreed to, for one purpose and one receiver; six months unless she said otherwise (R-100).

    `scope`: what may be shared, as she said it. Thirty days before the end it stands on the work list, and an earlier
    one of the same kind stands there no more (R-541). Raises Invalid (field named), NotNow when the case is closed.
    """
    require(actor, Permission.CASE_EDIT)
    _check_new(case, given_on, months, now)
    consent = Consent(
        public_id=new_public_id(),
        case_id=case.id,
        purpose=purpose,
        recipient_organisation_id=recipient_organisation_id,
        scope=[ConsentScope(one).value for one in scope],
        form=form,
        given_on=given_on,
        expires_on=expires_on(given_on, months),
        recorded_by_id=actor.user_id,
    )
    db.session.add(consent)
    _ask_again(case, consent, actor=actor, now=now)
    case_marks.record(Audit.CONSENT_GIVEN, case, actor=actor, now=now, fields=[purpose.value])
    db.session.flush()
    return consent


def _check_new(case: Case, given_on: date, months: int, now: datetime) -> None:
    if case.state is not CaseState.OPEN:
        raise NotNow
    if given_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="given_on")
    if not 1 <= months <= LONGEST_MONTHS:
        raise Invalid(_("A consent lasts from 1 to 12 months."), field="months")


def withdraw_consent(case: Case, consent: Consent, *, actor: Actor, now: datetime) -> None:
    """Record that she has taken a consent back: it counts no more from today (R-101). Raises NotNow the second time.

    So do all others that she has given for the same purpose towards the same receiver: written down twice, it is still
    one wish. What is on its way to the receiver is stopped, and news of it that nobody has read is taken back (R-540);
    its people lose the case (R-840). Also possible in a closed case: her right does not end with it.
    """
    require(actor, Permission.CASE_EDIT)
    if consent.withdrawn_at is not None:
        raise NotNow(_("The consent was withdrawn before."))
    for one in queries.list_same(consent):
        one.withdrawn_at = now
        case_marks.record(Audit.CONSENT_WITHDRAWN, case, actor=actor, now=now, fields=[one.purpose.value])
        deadlines.finish(DeadlineKind.CONSENT_RENEWAL, case.public_id, suffix=one.public_id, actor=actor, now=now)
    db.session.flush()
    if consent.purpose is ConsentPurpose.REFERRAL and consent.recipient_organisation_id is not None:
        _stop(case, consent.recipient_organisation_id, now=now)
    if queries.lets_in(case, consent):
        consent_losses.end_part(case, consent.recipient_organisation_id or 0, actor=actor, now=now)


def _stop(case: Case, organisation_id: int, *, now: datetime) -> None:
    """Take back what is on its way to an organisation."""
    unread = sa.delete(Message).where(queries.unread_about(case.id, organisation_id))
    with as_system():  # what others have been told, and nobody but they may read
        db.session.execute(unread, execution_options={"synchronize_session": False})
    for request_id in queries.list_in_flight(case.id, organisation_id):
        request = request_queries.get_by_id(request_id)
        request_endings.withdraw(request, WithdrawReason.HER_WISH, actor=SYSTEM, now=now)


def _ask_again(case: Case, consent: Consent, *, actor: Actor, now: datetime) -> None:
    for earlier in queries.list_renewals(case, consent.purpose, consent.recipient_organisation_id):
        deadlines.finish(DeadlineKind.CONSENT_RENEWAL, case.public_id, suffix=earlier, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.CONSENT_RENEWAL,
        SubjectType.CASE,
        case.public_id,
        due_on=renewal_on(consent.expires_on),
        organisation_id=case.owner_organisation_id,
        owner_id=case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        suffix=consent.public_id,
        now=now,
    )
