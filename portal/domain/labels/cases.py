"""Words for cases, stays, consents, the journal and the work list."""

from collections.abc import Mapping

from portal.core.audit_tags import Audit
from portal.core.i18n import _
from portal.core.kinds import ConsentForm, ConsentPurpose, ContactMode, ContactResult, DeadlineKind, TeamScope
from portal.core.states import CaseState, DeadlineState
from portal.domain.labels.words import Words
from portal.domain.stays import Destination

WORDS: Words = (
    (CaseState.OPEN, _("Still open")),
    (CaseState.CLOSED, _("Closed")),
    (TeamScope.FULL, _("the whole case")),
    (TeamScope.MUNICIPAL, _("the municipality's part")),
    (ConsentPurpose.REFERRAL, _("Referral: the programme may get what it needs to answer")),
    (ConsentPurpose.PROGRESS_BACK, _("The referrer may see what becomes of it")),
    (ConsentPurpose.FOLLOW_UP, _("We may ask her how she is, also after the end")),
    (ConsentPurpose.STATISTICS, _("Her answers may be counted, without her name")),
    (ConsentForm.WRITTEN, _("In writing")),
    (ConsentForm.ORAL, _("Orally")),
    (ContactMode.PHONE, _("Telephone call")),
    (ContactMode.MESSAGE, _("Message")),
    (ContactMode.VISIT_HOME, _("Home visit")),
    (ContactMode.VISIT_OTHER, _("Meeting elsewhere")),
    (ContactMode.WITH_CLIENT_TO_SERVICE, _("Came along to an authority")),
    (ContactMode.PROVIDER_MEETING, _("Talk with a partner")),
    (ContactMode.NETWORK_MEETING, _("Network meeting")),
    (ContactMode.CHAT, _("Chat")),
    (ContactResult.REACHED, _("Reached")),
    (ContactResult.NOT_REACHED, _("Not reached")),
    (ContactResult.MESSAGE_LEFT, _("Message left")),
    (Destination.OWN_HOME, _("Her own home")),
    (Destination.FAMILY_FRIENDS, _("Family or friends")),
    (Destination.OTHER_CENTRE, _("Another centre")),
    (Destination.BACK_TO_PARTNER, _("Back to the partner")),
    (Destination.TRANSITION_HOME, _("A home for a time")),
    (Destination.OTHER, _("Somewhere else")),
    (Destination.UNKNOWN, _("Not known")),
    (DeadlineState.OPEN, _("To be done")),
    (DeadlineState.DONE, _("Done")),
    (DeadlineState.CANCELLED, _("No longer needed")),
    (DeadlineKind.REFERRAL_ANSWER, _("Answer a referral")),
    (DeadlineKind.REFERRAL_INFO, _("Give more information")),
    (DeadlineKind.REFERRAL_OFFER, _("Answer an offered place")),
    (DeadlineKind.REFERRAL_DRAFT, _("Finish a referral")),
    (DeadlineKind.ADMISSION_NOTICE, _("Notice of admission to the municipality")),
    (DeadlineKind.DISCHARGE_NOTICE, _("Notice of discharge to the municipality")),
    (DeadlineKind.STAY_PLAN, _("Stay plan")),
    (DeadlineKind.COUNSELLING_OFFER, _("Offer of coordinating counselling")),
    (DeadlineKind.COUNSELLING_END, _("Coordinating counselling ends")),
    (DeadlineKind.SAFE_CONTACT_CHECK, _("Ask again how she may be reached")),
    (DeadlineKind.RISK_REVIEW, _("Look at the safety assessment again")),
    (DeadlineKind.FIRST_CONTACT, _("First contact")),
    (DeadlineKind.CTI_PHASE_PLAN, _("CTI phase plan")),
    (DeadlineKind.CTI_PHASE_CHANGE, _("CTI phase change")),
    (DeadlineKind.CTI_LEGAL_BASIS, _("Legal basis for the rest of CTI")),
    (DeadlineKind.TENANCY_RUNG, _("The tenancy is coming to its end")),
    (DeadlineKind.TENANCY_EXTENSION, _("Decide on extending the tenancy")),
    (DeadlineKind.GROUP_ATTENDANCE, _("Register who came to the group")),
    (DeadlineKind.MEETING_OUTCOME, _("Register how the meeting went")),
    (DeadlineKind.WELFARE_CHECK, _("Ask how she is")),
    (DeadlineKind.TASK_CONFIRM, _("Confirm a volunteer")),
    (DeadlineKind.TASK_REPORT, _("Report on a task")),
    (DeadlineKind.FURNISHING_ANSWER, _("Answer about furnishing help")),
    (DeadlineKind.GRANT_ANSWER, _("Answer an application")),
    (DeadlineKind.GRANT_APPROVAL, _("Approve a grant")),
    (DeadlineKind.GRANT_PAYMENT, _("Pay out a grant")),
    (DeadlineKind.GRANT_RECEIPT, _("Receipt for a grant")),
    (DeadlineKind.FOLLOW_UP, _("Follow-up with her")),
    (DeadlineKind.COURSE_END, _("The course is coming to its end")),
    (DeadlineKind.PROTECTION_LAPSE, _("An address protection runs out")),
    (DeadlineKind.BREAK_GLASS_REVIEW, _("Look at an emergency access")),
    (DeadlineKind.SAMPLE_REVIEW, _("Answer a sample of look-ups")),
    (DeadlineKind.RIGHTS_ANSWER, _("Answer a request about own data")),
    (DeadlineKind.BREACH_NOTICE, _("Notify the authority of a breach")),
    (DeadlineKind.RETENTION_RUN, _("Look at what will be erased")),
    (DeadlineKind.ATTESTATION, _("Confirm who works here")),
    (DeadlineKind.CONSENT_RENEWAL, _("Ask her whether a consent still counts")),
    (DeadlineKind.TEAM_WANTED, _("A case waits for somebody to take it")),
    (DeadlineKind.WORKER_WANTED, _("A course waits for somebody to take it")),
    (DeadlineKind.COURSE_LEFT, _("Nobody gives a course any more: find her other help")),
    (DeadlineKind.MEETING_CALLED_OFF, _("A meeting was called off: tell her")),
    (DeadlineKind.SECOND_PERSON, _("Something waits for you as the second person")),
    (DeadlineKind.GOAL, _("A goal of hers is to be reached")),
    (DeadlineKind.GOAL_STEP, _("A step towards a goal of hers")),
    (DeadlineKind.OTHER, _("To be done")),
)

OPEN = _("Open")

# The word on the one button of a row in the work list, where "Open" does not say enough.
BUTTONS: Mapping[DeadlineKind, object] = {
    DeadlineKind.FOLLOW_UP: _("Fill in"),
    DeadlineKind.MEETING_OUTCOME: _("Register"),
    DeadlineKind.GROUP_ATTENDANCE: _("Register"),
    DeadlineKind.REFERRAL_ANSWER: _("Answer"),
    DeadlineKind.REFERRAL_INFO: _("Answer"),
    DeadlineKind.REFERRAL_OFFER: _("Answer"),
    DeadlineKind.REFERRAL_DRAFT: _("Go on"),
    DeadlineKind.SAFE_CONTACT_CHECK: _("Confirm"),
    DeadlineKind.RISK_REVIEW: _("Assess"),
    DeadlineKind.CONSENT_RENEWAL: _("Ask her"),
    DeadlineKind.GRANT_APPROVAL: _("Approve"),
}

# The same seen by somebody whose turn it is not.
WAITS: Mapping[DeadlineKind, object] = {
    DeadlineKind.REFERRAL_ANSWER: _("A referral waits for its answer"),
    DeadlineKind.REFERRAL_INFO: _("A referral waits for more information"),
    DeadlineKind.REFERRAL_OFFER: _("An offered place waits for her answer"),
    DeadlineKind.TENANCY_EXTENSION: _("The extension of the tenancy waits for a decision"),
    DeadlineKind.TASK_CONFIRM: _("A volunteer waits to be confirmed"),
    DeadlineKind.FURNISHING_ANSWER: _("Furnishing help waits for an answer"),
    DeadlineKind.GRANT_ANSWER: _("A start-up grant waits for an answer"),
    DeadlineKind.GRANT_APPROVAL: _("A start-up grant waits for approval"),
    DeadlineKind.GRANT_PAYMENT: _("A start-up grant waits for payment"),
}

EVENTS: Mapping[Audit, object] = {
    Audit.CASE_OPENED: _("The case was opened"),
    Audit.CASE_CLOSED: _("The case was closed"),
    Audit.CASE_REOPENED: _("The case was reopened"),
    Audit.CASE_OWNER_CHANGED: _("The case was handed over"),
    Audit.STAY_RECORDED: _("Admitted to the centre"),
    Audit.STAY_ENDED: _("Discharged from the centre"),
    Audit.MOVED_IN: _("Moved into her own home"),
    Audit.CTI_PHASE_CHANGED: _("CTI phase change"),
    Audit.SAFETY_ASSESSED: _("Safety assessment"),
    Audit.GOAL_REACHED: _("A goal was reached"),
    Audit.BREAK_GLASS_OPENED: _("Emergency access opened"),
}
