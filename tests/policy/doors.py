"""Every route with a parameter, and of which tables the ids are that belong there.

A word behind a stroke is the kind of course: `enrolment/cti`.
"""

from collections.abc import Iterator
from itertools import product

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

# The longest beginning that fits says what `public_id` names.
PUBLIC_ID = {
    "/account/factors": "factor",
    "/account/roles": "membership",
    "/account/sessions": "user_session",
    "/activities": "activity",
    "/admin/codes": "account_code",
    "/admin/mail": "outgoing_mail",
    "/admin/users": "membership user_account",
    "/apart": "client_case",
    "/audit/alerts": "alert",
    "/audit/leaving": "membership user_account",
    "/audit/samples": "audit_sample",
    "/bridge": "client_case",
    "/cases": "client_case",
    "/cases/notices": "statutory_notice",
    "/children": "client_case",
    "/contacts": "client_case",
    "/counselling": "client_case",
    "/counselling/hours": "enrolment/entitlement hour_entitlement",
    "/courses": "enrolment",
    "/courses/asked": "take_over",
    "/cti": "enrolment/cti cti_course",
    "/day": "deadline",
    "/deadlines": "client_case",
    "/deadlines/wishes": "deadline_change",
    "/documents": "client_case",
    "/enquiries": "enquiry",
    "/follow-ups": "follow_up",
    "/furnishing": "furnishing_project",
    "/grants": "grant_application",
    "/groups": "group_round",
    "/housing/tenancies": "tenancy",
    "/housing/units": "housing_unit",
    "/imports": "case_import",
    "/incidents": "incident",
    "/kept": "kept_form",
    "/leaving/cases": "client_case",
    "/leaving/certificates": "organisation_exit",
    "/leaving/returns": "organisation_return",
    "/meetings": "meeting",
    "/messages": "message",
    "/plans": "client_case",
    "/people": "membership user_account",
    "/people/hand-overs": "hand_over",
    "/people/house": "organisation",
    "/people/without-team": "client_case",
    "/people/without-team/courses": "enrolment",
    "/places/for": "client_case",
    "/places/offers": "offer",
    "/places/watches": "place_watch",
    "/programmes": "programme",
    "/programmes/offers": "offer",
    "/programmes/own": "programme",
    "/referrals": "referral",
    "/referrals/answers": "track_request",
    "/referrals/requests": "track_request",
    "/referrals/waiting": "offer",
    "/retention/of": "organisation",
    "/rights": "rights_request",
    "/risk": "client_case",
    "/safety/blocks": "case_block",
    "/safety/emergencies": "break_glass",
    "/safety/emergency": "client_case break_glass",
    "/safety/matches": "watch_hit",
    "/safety/protection": "protection_change",
    "/safety/watched": "watched_person",
    "/sign-in/municipality/go": "identity_provider organisation",
    "/tasks": "task",
    "/tasks/claims": "claim",
    "/transfers": "client_case",
    "/transfers/offered": "case_transfer",
    "/volunteers": "volunteer",
    "/volunteers/match": "enrolment/volunteer_network volunteer_match",
}
OTHERS = {
    "absence_id": "membership_absence",
    "block_id": "case_block",
    "case_id": "client_case",
    "child_id": "child",
    "concern_id": "concern_notice",
    "consent_id": "consent",
    "deadline_id": "deadline",
    "document_id": "case_document",
    "enrolment_id": "enrolment",
    "entry_id": "hour_entry",
    "flag_id": "keep_apart",
    "goal_id": "goal",
    "hold_id": "legal_hold",
    "item_id": "furnishing_item",
    "ledger_id": "hour_entitlement",
    "mark_id": "standing_mark",
    "member_id": "membership",
    "note_id": "note",
    "notice_id": "statutory_notice",
    "period_id": "municipality_period",
    "plan_id": "safety_plan",
    "promise_id": "counselling_promise",
    "question_id": "apart_question",
    "session_id": "meeting",
    "setting_id": "retention_setting",
    "stay_id": "stay",
    "stay_plan_id": "stay_plan",
    "step_id": "goal_step",
    "text_id": "dossier_text",
    "tick_id": "child_step",
    "user_id": "user_account team_member",
    "watched_id": "watched_person",
    "where_id": "child_period",
}
# What most forms take, so that as many as can be get as far as their ids.
TYPED = {
    "reason": "En grund, der er lang nok til at stå i loggen",
    "text": "En tekst", "note": "En note", "mode": "phone", "result": "reached", "kind": "visit",
    "minutes": "5", "version": "1", "date": "01 02 2026", "happened_on": "01 02 2026", "started_on": "01 02 2026",
    "held_on": "01 02 2026", "authorisation": "12-34567", "starts_on": "01 02 2030", "on": "01 02 2030",
    "starts": "10:00", "ends": "11:00", "from_on": "01 02 2030", "to_on": "02 02 2030", "month": "2026-02",
}  # fmt: skip
# What is asked for in other words than by an id; a number is a step of the wizard.
WORDS = {"number": ["1", "2", "3", "4", "5"], "question": ["new", "q5"], "action": ["undo", "redo", "freeze", "revoke"]}


def rules(app: Flask, method: str = "GET") -> list[Rule]:
    """The routes that take this method, the files of the browser left out."""
    every = (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static" and method in (rule.methods or ()))
    return sorted(every, key=lambda rule: (rule.rule, rule.endpoint))


def ids_in(rule: Rule) -> list[str]:
    """The parameters of a route that hold an id."""
    return sorted(name for name in rule.arguments if name.endswith("_id"))


def tables_of(rule: Rule, name: str) -> list[str]:
    """Of which tables the ids are that a parameter takes, the usual one first. Raises KeyError for a new parameter."""
    if name == "enrolment_id" and rule.rule.startswith("/groups/"):
        return ["enrolment/group"]
    if name in OTHERS:
        return OTHERS[name].split()
    fitting = [start for start in PUBLIC_ID if rule.rule.startswith(f"{start}/")]
    if not fitting:
        raise KeyError(f"say in tests/policy/doors.py what {name} names in {rule.rule}")
    return PUBLIC_ID[max(fitting, key=len)].split()


def words_of(rule: Rule) -> Iterator[dict[str, str]]:
    """What the other parameters of a route can say, each way once."""
    names = [name for name in rule.arguments if not name.endswith("_id")]
    converters = {name: rule._converters[name] for name in names}
    choices = [
        sorted(kind.items) if isinstance(kind, AnyConverter) else WORDS[name] for name, kind in converters.items()
    ]
    for chosen in product(*choices):
        yield dict(zip(names, chosen, strict=True))
