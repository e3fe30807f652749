"""The titles of messages in the inbox."""

from collections.abc import Mapping

from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.domain.labels.words import Words

# What calls for attention, by what it is about.
ATTENTION: Mapping[SubjectType, object] = {
    SubjectType.BLOCK: _("Somebody is kept out of a case from now on"),
    SubjectType.WATCH_HIT: _("An account may be somebody on the watch list"),
    SubjectType.ALERT: _("The audit trail has raised an alarm"),
}
WORDS: Words = (
    (MessageKind.REFERRAL_RECEIVED, _("A new referral has come in")),
    (MessageKind.REFERRAL_INFO_WANTED, _("A referral lacks something")),
    (MessageKind.REFERRAL_INFO_GIVEN, _("What was missing in a referral is here")),
    (MessageKind.REFERRAL_ANSWERED, _("A referral has been answered")),
    (MessageKind.REFERRAL_OFFERED, _("A place has been offered")),
    (MessageKind.REFERRAL_ACCEPTED, _("A programme has said yes")),
    (MessageKind.REFERRAL_WAITLISTED, _("A programme has put her on the waiting list")),
    (MessageKind.REFERRAL_DECLINED, _("A programme has said no")),
    (MessageKind.REFERRAL_WITHDRAWN, _("A referral has been withdrawn")),
    (MessageKind.REFERRAL_WAITS, _("A referral still waits for its answer")),
    (MessageKind.REFERRAL_LATE, _("The answer to a referral is late")),
    (MessageKind.PLACE_OPENED, _("A place that you watch for is free")),
    (MessageKind.CASE_SHARED, _("You are on the team of a case")),
    (MessageKind.ENROLMENT_ASSIGNED, _("You have been given a course")),
    (MessageKind.ENROLMENT_CHANGED, _("A course has changed")),
    (MessageKind.MEETING_CHANGED, _("A meeting has changed")),
    (MessageKind.TASK_PUBLISHED, _("There is a new task on the board")),
    (MessageKind.TASK_CLAIMED, _("A volunteer has taken a task")),
    (MessageKind.TASK_CONFIRMED, _("Your task has been confirmed")),
    (MessageKind.TASK_RELEASED, _("A volunteer has given a task back")),
    (MessageKind.TASK_CANCELLED, _("A task has been called off")),
    (MessageKind.TASK_POSTPONED, _("A task has been put off. Do not go there")),
    (MessageKind.TASK_RESUMED, _("A task that was put off is on again")),
    (MessageKind.SAFETY_REVIEW_WANTED, _("Her safety must be looked at by tomorrow")),
    (MessageKind.TASK_REPORTED, _("A volunteer has told how a task went")),
    (MessageKind.GRANT_SUBMITTED, _("A grant has been applied for")),
    (MessageKind.GRANT_INFO_WANTED, _("An application lacks something")),
    (MessageKind.GRANT_NEEDS_APPROVAL, _("An application waits for your approval")),
    (MessageKind.GRANT_NEEDS_PAYMENT, _("A grant waits to be paid")),
    (MessageKind.GRANT_APPROVED, _("An application has been approved")),
    (MessageKind.GRANT_DECLINED, _("An application has been declined")),
    (MessageKind.GRANT_PAID, _("A grant has been paid")),
    (MessageKind.TENANCY_CHANGED, _("A tenancy has changed")),
    (MessageKind.EXTENSION_ASKED, _("Somebody asks for a longer tenancy")),
    (MessageKind.EXTENSION_DECIDED, _("A longer tenancy has been decided on")),
    (MessageKind.DEADLINE_NEAR, _("Something is due soon")),
    (MessageKind.DEADLINE_PASSED, _("A deadline has passed")),
    (MessageKind.CONCERN_RAISED, _("Somebody is worried")),
    (MessageKind.MAIL_FAILED, _("A mail to a colleague did not get through")),
    (MessageKind.SAFETY_ALERT, _("Something calls for your attention")),
    (MessageKind.BREAK_GLASS_USED, _("Emergency access to a case was used")),
    (MessageKind.PROTECTION_LAPSES, _("An address protection runs out soon")),
    (MessageKind.PROTECTION_CHANGED, _("The protection of an address has changed")),
    (MessageKind.CASE_WITHOUT_TEAM, _("A case has nobody of this house on its team")),
    (MessageKind.CASE_HANDED_OVER, _("A case has been handed over to you")),
    (MessageKind.CASE_REOPENED, _("A case that you work on has been reopened")),
    (MessageKind.ACCOUNT_CHANGED, _("Your sign-in has changed")),
    (MessageKind.DEVICE_NEW, _("Somebody signed in as you from a device that you have not used before")),
    (MessageKind.ROLE_SLEEPS_SOON, _("Your role here was about to go to sleep, because it had not been used")),
    (MessageKind.SAMPLE_DRAWN, _("A sample of look-ups waits for your answer")),
    (MessageKind.RIGHTS_REQUESTED, _("Somebody asks about her own data")),
    (
        MessageKind.RIGHTS_WITHOUT_OFFICER,
        _("Somebody asks about her own data, and nobody here is data-protection officer"),
    ),
    (MessageKind.RIGHTS_SENT_BACK, _("The second person has sent a request back to you")),
    (MessageKind.SECOND_PERSON_NEEDED, _("Something waits for a second person")),
    (MessageKind.INCIDENT_OPENED, _("An incident has been registered")),
    (MessageKind.RETENTION_AHEAD, _("Something will be erased in 14 days")),
    (MessageKind.IMPORT_ENDED, _("An import of cases has ended")),
    (MessageKind.AUDIT_SEALED, _("The audit trail has been sealed outside the portal today")),
)
