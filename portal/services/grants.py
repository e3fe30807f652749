"""Start-up grants: applied for, read, sent back, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id, new_reference
from portal.core.kinds import GrantCategory, PayeeKind, SubjectType
from portal.core.messages import MessageKind
from portal.core.states import GrantState
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.grants import STEPS, GrantAction
from portal.domain.workflow import Step, check_step, check_version
from portal.models.enrolments import Enrolment
from portal.models.grants import Fund, GrantApplication, GrantLine
from portal.models.users import Membership
from portal.queries import absences, receivers
from portal.queries.barriers import blocked_cases
from portal.services import audit, deadlines, messages
from portal.services.case_marks import must_be_open

MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose and one amount in øre, as typed."""

    category: GrantCategory
    amount_ore: int
    purpose: str | None = None


def open_application(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Begin the application that belongs to an enrolment in a grant programme. Nothing happens without a fund."""
    fund = db.session.scalar(sa.select(Fund).where(Fund.offer_id == enrolment.offer_id))
    if fund is not None:
        draft(case_id=enrolment.case_id, fund=fund, actor=actor, now=now, enrolment_id=enrolment.id)


def draft(
    *, case_id: int, fund: Fund, actor: Actor, now: datetime, enrolment_id: int | None = None
) -> GrantApplication:
    """Begin an application. Raises Conflict when one to the same fund is under way for this case."""
    must_be_open(case_id)
    application = GrantApplication(
        public_id=new_public_id(),
        reference=new_reference(),
        case_id=case_id,
        fund_id=fund.id,
        enrolment_id=enrolment_id,
        applicant_id=actor.user_id,
        applicant_organisation_id=actor.organisation_id,
        state=GrantState.DRAFT,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(application)
    except IntegrityError as already:
        raise Conflict(_("There is an application to this fund under way already.")) from already
    audit.record_about(Audit.GRANT_DRAFTED, application, actor=actor, now=now)
    return application


def fill_in(
    application: GrantApplication,
    *,
    lines: Sequence[Line],
    other_support: str | None,
    payee_kind: PayeeKind,
    account: str | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Write lines and payee, in a draft or when more was asked for. NotNow later, Invalid without lines, Stale.

    Whoever applies never reads the account again: without a new one it stays, but only for the same kind of payee.
    """
    if application.state not in (GrantState.DRAFT, GrantState.NEEDS_INFO):
        raise NotNow
    check_version(version, application.version)
    if not lines:
        raise Invalid(_("Write at least one purpose with an amount."), field="lines")
    if len(lines) > MOST_LINES:
        raise Invalid(_("Write at most 12 purposes."), field="lines")
    db.session.execute(sa.delete(GrantLine).where(GrantLine.application_id == application.id))
    db.session.add_all(
        GrantLine(
            application_id=application.id, category=line.category, purpose=line.purpose, requested_ore=line.amount_ore
        )
        for line in lines
    )
    if account is not None or payee_kind is not application.payee_kind:
        application.account = account
    application.other_support, application.payee_kind = other_support, payee_kind
    db.session.flush()
    audit.record_about(Audit.GRANT_DRAFTED, application, actor=actor, now=now)


def submit(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Send the application to the fund, which answers within ten weekdays (R-075). Invalid when it is not filled in."""
    action = GrantAction.GIVE_INFO if application.state is GrantState.NEEDS_INFO else GrantAction.SUBMIT
    step = check_step(STEPS, action, application.state, actor)
    if application.payee_kind is None:
        raise Invalid(_("Fill in the application before you send it."))
    application.state = step.target
    application.submitted_at = application.submitted_at or now
    application.answer_due_on = due_on(ClockKey.GRANT_ANSWER, local_date(now))
    finish(application, step, actor, now)
    deadlines.put_up(
        DeadlineKind.GRANT_ANSWER,
        SubjectType.GRANT,
        application.public_id,
        due_on=application.answer_due_on,
        organisation_id=application.fund.organisation_id,
        queue_role=Role.GRANT_OFFICER,
        case_id=application.case_id,
        now=now,
    )
    tell_role(MessageKind.GRANT_SUBMITTED, Role.GRANT_OFFICER, application, actor=actor, now=now)


def screen(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Take the application up for reading."""
    step = check_step(STEPS, GrantAction.SCREEN, application.state, actor)
    application.state = step.target
    finish(application, step, actor, now)
    deadlines.hand_over(application.public_id, owner_id=actor.user_id)


def ask_info(application: GrantApplication, *, wanted: str, actor: Actor, now: datetime) -> None:
    """Ask the applicant for what is missing."""
    step = check_step(STEPS, GrantAction.ASK_INFO, application.state, actor)
    application.state, application.info_wanted = step.target, wanted
    finish(application, step, actor, now)
    deadlines.call_off(application.public_id, actor=actor, now=now)
    tell_applicant(MessageKind.GRANT_INFO_WANTED, application, actor=actor, now=now)


def withdraw(application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Take the application back, by her wish."""
    step = check_step(STEPS, GrantAction.WITHDRAW, application.state, actor)
    application.state = step.target
    finish(application, step, actor, now)
    deadlines.call_off(application.public_id, actor=actor, now=now)


def finish(application: GrantApplication, step: Step[GrantState], actor: Actor, now: datetime) -> None:
    """Flush what was changed and write the step into the audit trail."""
    db.session.flush()
    audit.record_about(step.audit, application, actor=actor, now=now)


def applicant_today(application: GrantApplication) -> int | None:
    """Who looks after the application now: the applicant, or whoever works on the case after her (R-586).

    The applicant herself stays written down: she never approves, also when somebody else has taken over.
    """
    return receivers.find_on_case(application.case_id, application.applicant_id, application.applicant_organisation_id)


def tell_applicant(kind: MessageKind, application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Tell whoever looks after the application now, and who stands in for her."""
    house = application.applicant_organisation_id
    for user_id in absences.with_deputies(applicant_today(application), house, application.case_id):
        tell(kind, user_id, application, actor=actor, now=now)


def tell(kind: MessageKind, user_id: int, application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Tell one person that something has happened with the application."""
    messages.notify(
        kind,
        user_id,
        SubjectType.GRANT,
        application.public_id,
        actor=actor,
        now=now,
        case_id=application.case_id,
        dedupe_key=f"{kind.value}:{application.public_id}:{application.version}:{user_id}",
    )


def tell_role(kind: MessageKind, role: Role, application: GrantApplication, *, actor: Actor, now: datetime) -> None:
    """Tell everybody in one role at the fund that something has happened with the application."""
    people = db.session.scalars(
        sa.select(Membership.user_id).where(
            Membership.organisation_id == application.fund.organisation_id,
            Membership.role == role,
            Membership.is_live,
            sa.literal(application.case_id).not_in(blocked_cases(Membership.user_id)),
        )
    )
    for user_id in people:
        tell(kind, user_id, application, actor=actor, now=now)
