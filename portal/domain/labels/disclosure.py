"""Words for the table of who sees what: its groups of fields, its letters, its raised numbers, its questions."""

from collections.abc import Mapping

from portal.core.i18n import _
from portal.domain.disclosure import FieldGroup, Relation
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
    (FieldGroup.TASK_PRIVATE, _("First name, time and meeting place of a task")),
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
    "¹": _("only where a course takes an address: homes and furnishing"),
    "²": _("the region only, and nothing when her address is protected"),
    "³": _("only where children take part"),
    "⁴": _("adds and sees; to lift a block takes the safety officer too"),
    "⁵": _("only in the own course and the own work"),
    "⁶": _("volunteers only"),
    "⁷": _("without anything that points to a case"),
}

# What a reader asks, one question for each column.
QUESTIONS: Mapping[Relation, object] = {
    Relation.AN: _("What does somebody see who is not signed in?"),
    Relation.RF: _("What does somebody see who has made a referral?"),
    Relation.RC: _("What does a colleague see of the one who made the referral?"),
    Relation.IN: _("What does intake see before the yes or no?"),
    Relation.CT: _("What does the case's team see?"),
    Relation.CN: _("What does a caseworker see who is not on the team?"),
    Relation.TT: _("What does somebody see who leads one of her courses?"),
    Relation.TN: _("What does somebody see who leads other courses?"),
    Relation.PL: _("What does a programme lead see?"),
    Relation.VC: _("What does a volunteer coordinator see?"),
    Relation.VO: _("What does a volunteer see who is offered a task?"),
    Relation.VW: _("What does a volunteer see at the time of the task?"),
    Relation.VN: _("What does a volunteer see otherwise?"),
    Relation.GO: _("What does grant staff see?"),
    Relation.SO: _("What does a safety officer see?"),
    Relation.DP: _("What does a data-protection officer see?"),
    Relation.OA: _("What does an administrator see?"),
    Relation.SA: _("What does somebody see who runs the system?"),
    Relation.BG: _("What is seen with emergency access?"),
    Relation.BX: _("What does somebody see who is kept out of the case?"),
    Relation.XO: _("What does everybody else see who works here?"),
}

_PLACE = _("the time and the meeting place already from the confirmation on")
# What the cell alone would not tell: when and where to meet is known before the window opens.
REMARKS: Mapping[tuple[FieldGroup, Relation], object] = {
    (FieldGroup.TASK_PRIVATE, Relation.VO): _PLACE,
    (FieldGroup.TASK_PRIVATE, Relation.VW): _PLACE,
    (FieldGroup.TASK_ADDRESS, Relation.VW): _(
        "only if the contact person has said yes to this volunteer for this task"
    ),
}
_TASK = (
    _("Offered: the kind of task, the week and the part of the day, the region. No name, no place."),
    _("Confirmed: also the exact time, and the meeting place if one is used."),
    _(
        "From 24 hours before the start until two hours after the end, or until it is done: "
        "also the first name, and the address where the contact person has said yes."
    ),
    _("Afterwards: the own hours, the kind of task and the month. Nothing else."),
)
# How it goes step by step, where what is shown changes with time.
STEP_BY_STEP: Mapping[Relation, tuple[object, ...]] = dict.fromkeys((Relation.VO, Relation.VW, Relation.VN), _TASK)
