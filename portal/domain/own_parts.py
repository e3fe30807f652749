"""How what a woman reads of herself is divided: what each part holds, and what its rows are (R-560)."""

from collections.abc import Mapping

from portal.core.i18n import _
from portal.domain.subject_headings import Heading

# What stands under a heading, for the list of contents.
HOLDS: Mapping[Heading, object] = {
    Heading.WHO: _("Your name, your language, your address, and whether it is protected."),
    Heading.CONTACT: _("How and when you may be contacted, as agreed with you each time."),
    Heading.CASE: _("Who has your case, when it began, and when you moved."),
    Heading.STAYS: _("Your stays at a centre, and the notices that must be sent about them."),
    Heading.SAFETY: _("How dangerous it was judged to be, your safety plans, and what you told of new violence."),
    Heading.CONSENTS: _("What you have said yes to, for whom, and for how long it counts."),
    Heading.DOCUMENTS: _("Letters, decisions and pictures that are kept about you, and what was sent on about you."),
    Heading.JOURNAL: _("What staff have written down about talks and contacts with you."),
    Heading.REFERRALS: _("The help you were referred to, what was told about you for it, and the answers."),
    Heading.COURSES: _("The help you have got or get now, with the plans for it and how it went."),
    Heading.PLAN: _("Your goals, the steps on the way, and what became of them."),
    Heading.ENQUIRIES: _("When somebody asked for a place or for advice for you, and what came of it."),
    Heading.COUNSELLING: _("Counselling by the municipality, and hours with a psychologist."),
    Heading.MEETINGS: _("Meetings with you: when, where, and whether they were held."),
    Heading.HOMES: _("Your tenancy: how long it runs, and whether more time was asked for."),
    Heading.FURNISHING: _("What you wished for your home, and what was found for it."),
    Heading.TASKS: _("What volunteers were asked to help you with, and how it went."),
    Heading.GRANTS: _("Money that was applied for to help you, and the answers."),
    Heading.MEASURES: _("When you were asked how you are, your answers, and what staff judged."),
    Heading.RIGHTS: _("What you have asked for about your own data, and whether your case must be kept."),
    Heading.PROTECTION: _("When another level of protection was asked for."),
    Heading.TRAIL: _("When somebody opened your case because it was urgent."),
}
# What a reader must know before she reads a part.
READ_SO: Mapping[Heading, object] = {
    Heading.REFERRALS: _(
        "Questions and demands of the programmes' own forms stand here as the staff see them. That is why they speak "
        "about you, and not to you."
    ),
}
# What the rows of a table are, where a part has several kinds of them.
ROWS: Mapping[str, object] = {
    "client": _("Who you are now"),
    "former_address": _("Earlier addresses"),
    "client_case": _("The case itself"),
    "safe_contact_card": _("What holds however you are reached"),
    "safe_contact_way": _("Ways in which you may be reached"),
    "import_key": _("The number that your case had before it came here"),
    "municipality_period": _("Which municipality must act, and which one pays"),
    "standing_mark": _("What was recorded: death, or that you moved abroad"),
    "case_transfer": _("When your case was to move to another organisation"),
    "take_over": _("When a colleague was asked to take a course of yours over"),
    "stay": _("Stays"),
    "stay_correction": _("What was corrected about a stay"),
    "leaving_bridge": _("What was made ready before you left"),
    "statutory_notice": _("Notices"),
    "note": _("Notes and contacts with you"),
    "outside_contact": _("Contacts with others about you"),
    "meeting": _("Meetings"),
    "activity_attendance": _("Events of the house that you came to"),
    "goal": _("Goals"),
    "goal_step": _("Steps on the way"),
    "goal_change": _("What became of the goals"),
    "need_rating": _("What you need help with"),
    "stay_plan": _("Plans for your stay"),
    "stay_plan_goal": _("Your goals, as they stood in the plan"),
    "municipal_plan": _("The plan that your municipality has made"),
    "safety_assessment": _("How dangerous it was judged to be"),
    "safety_review": _("What asked for a new look at it"),
    "safety_plan": _("Safety plans"),
    "violence_report": _("New violence that you told of"),
    "safety_check": _("What you answered about your safety"),
    "referral": _("Referrals"),
    "track_request": _("Each programme that was asked, and its answer"),
    "request_event": _("Step by step, for each programme"),
    "request_rung": _("Reminders while you waited for an answer"),
    "waiting_mark": _("While you were on a waiting list"),
    "enrolment": _("Courses that were begun"),
    "cti_course": _("CTI: the course"),
    "phase_plan": _("CTI: the plans"),
    "volunteer_match": _("With a volunteer"),
    "attendance": _("Whether you came to the group"),
    "coordinating_counselling": _("Counselling"),
    "counselling_promise": _("What other authorities have promised"),
    "hour_entitlement": _("Psychologist hours: how many"),
    "hour_entry": _("Psychologist hours: those that were held"),
    "furnishing_project": _("The help as a whole"),
    "furnishing_item": _("The things"),
    "task": _("What you were to be helped with"),
    "claim": _("How it went"),
    "grant_application": _("Applications"),
    "grant_line": _("What the money was for"),
    "follow_up": _("When you were asked"),
    "measure": _("What was answered"),
    "rights_request": _("Requests"),
    "legal_hold": _("Why the case must be kept"),
}
# Rows that are short and many: read as lines of one table.
LINES = frozenset({"attendance", "furnishing_item", "grant_line", "hour_entry", "request_event", "statutory_notice"})
