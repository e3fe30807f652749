"""To whom each thing that a route names is there, and who may do what with it: asked for behind the gate (R-372).

The second copy of that decision, as `matrix.txt` is of the cells: written by hand, never read from the portal. Whoever
adds a route that names something writes here which group of fields it opens, or whose thing it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# What somebody is to the ordinary case who stands in no column of `test_relations.EXPECTED`.
MORE_RELATIONS = {"GL": "TT", "G2": "TT", "PW": "CN", "IC": "CN", "PB": "XO", "ST": "BX", "GA": "GO", "GP": "GO"}
# Her municipality has its own part of a case that a centre owns: what is its own it reads and writes.
HAS_A_PART = {"BX at K2"}
# What a role sees less of than its relation opens, as far as a route below asks for it.
NARROWED: Mapping[str, str] = {
    "BX at K2": "addr_exact child_identity consent_record risk_narrative_perpetrator",
    "GL": "addr_exact",
    "G2": "addr_exact",
}


@dataclass(frozen=True)
class Row:
    """What a route opens: it is there for whom the table permits this act with this group of fields of the case."""

    act: str
    group: str
    routes: str
    # Not for whoever has only a part of the case.
    is_whole: bool = False
    # Whose course it is about: those are to it what the column TT says, and no other lead is (raised number 5).
    leads: str = ""


# The case itself is named. Whoever works in it and may not do this is told so (403); for all others it is not there.
CASES = (
    Row("view", "enrol_track_state", "cases.detail"),
    Row("view", "audit_case_access", "cases.looks cases.looks_report"),
    Row("reveal", "addr_exact", "cases.ask_for_address cases.reveal_address"),
    Row("replace", "addr_exact", "cases.address cases.save_address"),
    Row("reveal", "person_cpr", "cases.notice_with_number"),
    Row("edit", "person_name", "cases.identity cases.save_identity cases.notice cases.send_notice cases.open_notice"),
    Row("edit", "addr_area", """cases.municipality cases.save_municipality cases.move cases.plan_move
        cases.record_move"""),
    Row("edit", "contact_safe_rules", "cases.contact_card cases.save_contact_card"),
    # With whom she stays at the centre: her stay and her children are one matter.
    Row("edit", "child_identity", """cases.children cases.child cases.add_child cases.edit_child cases.save_child
        cases.stay cases.record_stay cases.end_stay cases.admission cases.correct_admission"""),
    Row("edit", "risk_narrative_perpetrator", "cases.assess cases.save_assessment"),
    Row("edit", "block_list", """cases.keep_out cases.set_block cases.add_watched cases.agree_to_lift
        cases.agree_to_take_off""", is_whole=True),
    Row("edit", "note_case", "cases.journal cases.write_note"),
    Row("edit", "consent_record", "cases.consents_page cases.give_consent cases.withdraw_consent"),
    Row("create", "export_subject_access", "cases.rights_page cases.record_request", is_whole=True),
    # Work in the case: who works in it, what was tried, what begins.
    Row("edit", "enrol_track_state", """cases.team cases.add_colleague cases.log_contact enrolments.own_approach
        counselling.coordinating counselling.answer counselling.offer counselling.begin counselling.end
        counselling.extend"""),
    Row("edit", "enrol_track_state", """cases.ask_to_close cases.close cases.ask_to_reopen cases.reopen
        cases.hand_over cases.leave plans.goals plans.new_goal plans.add_goal plans.goal plans.edit_goal
        plans.save_goal plans.move_goal plans.add_step plans.finish_step""", is_whole=True),
    Row("edit", "grant_application", "grants.new"),
    Row("edit", "calendar_entry", "meetings.sheet meetings.new meetings.create"),
)  # fmt: skip

# Something of the case is named. It is not there for whoever may not do this with it; in an emergency neither: that
# opens the page of the case and what is sealed on it.
THINGS = (
    Row("edit", "enrol_track_state", """enrolments.detail enrolments.assign enrolments.complete enrolments.end
        enrolments.never enrolments.pause enrolments.resume enrolments.start""", leads="TT"),
    Row("edit", "enrol_track_state", "counselling.hours counselling.correct counselling.size counselling.use"),
    Row("edit", "enrol_track_state", """furnishing.detail furnishing.item furnishing.add_item furnishing.plan
        furnishing.schedule furnishing.set_item furnishing.step furnishing.template""", leads="VC"),
    Row("edit", "enrol_track_state", "volunteers.match volunteers.start_match volunteers.end_match", leads="VC"),
    Row("edit", "cti_phase_contacts", "cti.detail cti.advance cti.basis cti.change_t0 cti.plan cti.review"),
    Row("edit", "outcome_scores", "followups.detail followups.save followups.no_answer"),
    Row("view", "housing_offer_state", "housing.tenancy housing.ask housing.unit", leads="TT"),
    Row("reveal", "housing_unit_identity", "housing.reveal_home", leads="TT"),
    Row("edit", "housing_offer_state", """housing.decide housing.move_in housing.move_out housing.notice
        housing.release housing.change housing.change_facts housing.close_down housing.reserve""", leads="TT"),
    Row("view", "grant_application", "grants.detail"),
    Row("edit", "grant_application", "grants.edit grants.withdraw"),
    Row("edit", "grant_decision_payment", """grants.screen grants.ask grants.recommend grants.approve grants.decline
        grants.order grants.pay grants.receipts"""),
    Row("reveal", "grant_bank_details", "grants.account"),
    Row("edit", "calendar_entry", """meetings.detail meetings.cancel meetings.hold meetings.move meetings.not_met
        meetings.note meetings.place""", leads="TT"),
    Row("edit", "referral_content", """referrals.request referrals.accept referrals.ask referrals.close
        referrals.criteria referrals.decline referrals.her_answer referrals.offer referrals.plan_talk
        referrals.reassess referrals.redirect_on referrals.release referrals.return_offer referrals.take
        referrals.waitlist"""),
    Row("reveal", "person_name", "referrals.reveal"),
    Row("view", "task_private", "tasks.detail tasks.claim_page tasks.know_her tasks.release tasks.report"),
    Row("view", "task_card_public", "tasks.claim"),
    Row("edit", "task_card_public", "tasks.act tasks.confirm tasks.take_back"),
    Row("reveal", "task_address", "tasks.approve_address tasks.address"),
    Row("edit", "export_subject_access", """rights.detail rights.texts rights.prepare rights.change_span rights.strike
        rights.build rights.fetch rights.certificate rights.refusal rights.close rights.confirm rights.extend
        rights.grant rights.harm rights.lift_hold rights.propose rights.recall rights.refuse rights.send_back
        rights.take rights.verify rights.withdraw"""),
    Row("edit", "addr_protection_level", "safety.agree_to_lower safety.keep_protection"),
    Row("edit", "block_list", "safety.ask_to_lift safety.ask_to_take_off safety.answer"),
    Row("view", "audit_case_access", "safety.review"),
)  # fmt: skip

ALL = "everybody who comes in"
# What belongs to somebody, and not to whoever has to do with a case: whose it is, and which routes name it.
OWNED: Mapping[str, tuple[str, str]] = {
    "the page of a referral is its sender's; her colleagues see that it was sent": (
        "RF RC", """referrals.detail referrals.receipt referrals.discard referrals.keep referrals.step
        referrals.give_info referrals.withdraw"""),
    "a request lies with the receiving house, whose lead may close it or take it up again: none is here": (
        "", "referrals.lapse referrals.reopen"),
    "the emergency is ended by whoever asked for it": ("BG", "safety.end_here"),
    "a line of somebody's work list": ("CT", "home.done home.put_off"),
    "a case is offered by the lead of its house, and answered by the lead of the other": (
        "PL", "leaving.offer leaving.offer_now"),
    "a case that is offered to her house": ("PB", "leaving.accept leaving.decline"),
    "nobody takes over what has its people: this case has a team, and this course a worker": (
        "", "people.adopt people.give_course"),
    "where a home is, is asked on the page of the home, by whoever looks after it": ("TT", "housing.reveal"),
    "a round of a group: who leads it, and whoever has a woman in it": ("GL G2 CT", "groups.detail"),
    "the meetings and places of a round: who leads it": (
        "GL G2", """groups.ask_leave groups.leave groups.mark groups.place groups.session groups.step"""),
    "an alarm that is the safety officer's": ("SO", "audit.alert audit.answer_alert"),
    "drawn looks, and who is about to leave": (
        ALL, "audit.sample audit.answer_sample audit.forget_leaving"),
    "somebody's role: her own, and those who look after the people of the house": (
        "CT PL SO OA", """people.away people.plan people.end_absence people.hand_over people.hand_over_now
        people.receipt people.receipts"""),
    "somebody's role, for those who end it or give it back": (
        ALL, "admin.end admin.reset admin.report_lost admin.withdraw admin.confirm_lost people.link_code people.wake"),
    "her own sessions, factors, roles and kept forms": (
        "CT", "auth.end_session auth.remove_factor auth.switch_role auth.discard_kept"),
    "a message, for whom it was written": ("GO", "messages.open_message"),
    "mail that could not be sent": (ALL, "admin.try_again"),
    "an organisation as a page: one's own": ("IN TT VC VO VW VN BX GL G2", "people.house"),
    "settings of an organisation: its own officers'": ("", "retention.of_organisation"),
    "what the house has set, returned and recorded": (
        ALL, """retention.agree leaving.certificate leaving.receipt incidents.detail incidents.notice incidents.close
        incidents.contain incidents.describe incidents.not_required incidents.notified incidents.telling"""),
    "volunteers of the own pool": (ALL, "volunteers.detail volunteers.save volunteers.pause"),
    "a programme stands open to all who work here": (ALL, "programmes.detail"),
    "an offer of another house than any of theirs": ("", "programmes.set_accepting programmes.set_capacity"),
    "every municipality is a door": (ALL, "identity.go"),
}  # fmt: skip
