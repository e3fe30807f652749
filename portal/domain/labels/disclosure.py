"""Words for the table of who sees what: its groups of fields, its letters, its raised numbers."""

from portal.core.i18n import _
from portal.domain.disclosure import FieldGroup
from portal.domain.labels.words import Words

WORDS: Words = (
    (FieldGroup.CASE_EXISTS, _("That there is a case")),
    (FieldGroup.CASE_REF, _("The case's reference")),
    (FieldGroup.PERSON_NAME, _("Her name")),
    (FieldGroup.PERSON_CPR, _("Her CPR number")),
    (FieldGroup.PERSON_AGE_BAND, _("Her age, in bands")),
    (FieldGroup.ADDR_EXACT, _("Her address")),
    (FieldGroup.ADDR_AREA, _("Her municipality or region")),
    (FieldGroup.ADDR_PROTECTION_LEVEL, _("How her address is protected")),
    (FieldGroup.CONTACT_PHONE_EMAIL, _("Telephone and e-mail")),
    (FieldGroup.CONTACT_SAFE_RULES, _("How she may be reached safely")),
    (FieldGroup.PERSON_LANGUAGE_NEEDS, _("Language and interpreter")),
    (FieldGroup.CHILD_COUNT_BAND, _("Number and age of children")),
    (FieldGroup.CHILD_IDENTITY, _("The children's names")),
    (FieldGroup.CHILD_CUSTODY, _("Custody and visits")),
    (FieldGroup.RISK_LEVEL, _("How great the danger is")),
    (FieldGroup.RISK_NARRATIVE_PERPETRATOR, _("The account of violence, and of him")),
    (FieldGroup.BLOCK_LIST, _("Who is kept out of the case")),
    (FieldGroup.NOTE_CASE, _("Notes in the journal")),
    (FieldGroup.NOTE_TRACK, _("Notes of a course")),
    (FieldGroup.REFERRAL_CONTENT, _("What a referral says")),
    (FieldGroup.REFERRAL_STATUS, _("What became of a referral")),
    (FieldGroup.CONSENT_RECORD, _("Her consents")),
    (FieldGroup.ENROL_TRACK_STATE, _("Her courses and where they stand")),
    (FieldGroup.CTI_PHASE_CONTACTS, _("CTI phases and contacts")),
    (FieldGroup.HOUSING_UNIT_IDENTITY, _("Which home she lives in")),
    (FieldGroup.HOUSING_OFFER_STATE, _("Whether a home is offered to her")),
    (FieldGroup.GRANT_APPLICATION, _("Applications for a start-up grant")),
    (FieldGroup.GRANT_BANK_DETAILS, _("The account that a grant is paid to")),
    (FieldGroup.GRANT_DECISION_PAYMENT, _("Decisions and payments of grants")),
    (FieldGroup.TASK_CARD_PUBLIC, _("The open card of a volunteer task")),
    (FieldGroup.TASK_PRIVATE, _("First name, time and meeting point of a task")),
    (FieldGroup.TASK_ADDRESS, _("The address of a task")),
    (FieldGroup.VOLUNTEER_PROFILE, _("The volunteers' own papers")),
    (FieldGroup.OUTCOME_SCORES, _("Her answers in follow-ups")),
    (FieldGroup.DOCUMENT_FILE, _("Documents")),
    (FieldGroup.CALENDAR_ENTRY, _("Meetings in the calendar")),
    (FieldGroup.MESSAGE_TASK_THREAD, _("Messages about a task")),
    (FieldGroup.STATS_RELEASED, _("Released figures")),
    (FieldGroup.EXPORT_SUBJECT_ACCESS, _("The export of everything about her")),
    (FieldGroup.AUDIT_CASE_ACCESS, _("Who has opened the case")),
    (FieldGroup.USER_MEMBERSHIP, _("Who works here and as what")),
    (FieldGroup.AUDIT_SYSTEM, _("The trail of users and system")),
)

# In the order in which a page lists them: the most open first.
LETTERS: dict[str, object] = {
    "e": _("sees and changes"),
    "v": _("sees"),
    "R": _("opens one at a time with a reason, and replaces"),
    "r": _("opens one at a time with a reason"),
    "t": _("sees for a time"),
    "T": _("opens with a reason, for a time"),
    "m": _("sees initials and area only"),
    "p": _("sees a reference only"),
    "c": _("hands in and never reads back"),
    "a": _("sees released figures only"),
    "-": _("does not see, and is not told that there is anything"),
}

RAISED: dict[str, object] = {
    "¹": _("only on tracks that need an address: homes and furnishing"),
    "²": _("the region only, and nothing from protection level 1"),
    "³": _("only on tracks that involve children"),
    "⁴": _("adds and sees; to lift a block takes the safety officer too"),
    "⁵": _("only on the own track and in the own work"),
    "⁶": _("volunteers only"),
    "⁷": _("without anything that points to a case"),
}
