"""What she has agreed to: given, withdrawn."""

from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import ConsentForm, ConsentPurpose
from portal.core.states import CaseState
from portal.db import db
from portal.domain.consent import LONGEST_MONTHS, MONTHS, expires_on
from portal.domain.permissions import require
from portal.models.cases import Case, Consent
from portal.services import case_marks


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
) -> Consent:
    """Record what she has agreed to, for one purpose and one receiver; six months unless she said otherwise (R-100).

    Raises Invalid (field named), NotNow when the case is closed.
    """
    require(actor, Permission.CASE_EDIT)
    if case.state is not CaseState.OPEN:
        raise NotNow
    if given_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="given_on")
    if not 1 <= months <= LONGEST_MONTHS:
        raise Invalid(_("A consent lasts from 1 to 12 months."), field="months")
    consent = Consent(
        case_id=case.id,
        purpose=purpose,
        recipient_organisation_id=recipient_organisation_id,
        form=form,
        given_on=given_on,
        expires_on=expires_on(given_on, months),
        recorded_by_id=actor.user_id,
    )
    db.session.add(consent)
    case_marks.record(Audit.CONSENT_GIVEN, case, actor=actor, now=now, fields=[purpose.value])
    db.session.flush()
    return consent


def withdraw_consent(case: Case, consent: Consent, *, actor: Actor, now: datetime) -> None:
    """Record that she has taken a consent back: it counts no more from today (R-101). Raises NotNow the second time.

    Also possible in a closed case: her right does not end with it.
    """
    require(actor, Permission.CASE_EDIT)
    if consent.withdrawn_at is not None:
        raise NotNow(_("The consent was withdrawn before."))
    consent.withdrawn_at = now
    case_marks.record(Audit.CONSENT_WITHDRAWN, case, actor=actor, now=now, fields=[consent.purpose.value])
    db.session.flush()
