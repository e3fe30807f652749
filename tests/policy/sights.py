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
    Row("view", "enrol_track_state", "cases.detail vacancies.fits"),
    Row("view", "audit_case_access", "cases.looks cases.looks_report"),
    Row("reveal", "addr_exact", "cases.ask_for_address cases.reveal_address"),
    Row("replace", "addr_exact", "cases.address cases.save_address"),
    Row("reveal", "person_cpr", "cases.notice_file_with_number cases.notice_with_number"),
    Row("edit", "person_name", """
        cases.identity cases.notice cases.notice_file cases.open_notice cases.save_identity cases.send_notice
        cases.correct_notice cases.prepare_notice"""),
    Row("edit", "addr_area", """
        cases.correct_period cases.move cases.municipality cases.period cases.plan_move cases.record_move
        cases.save_municipality"""),
    Row("edit", "contact_safe_rules", "cases.contact_card cases.save_contact_card"),
    # With whom she stays at the centre: her stay and her children are one matter.
    Row("edit", "child_identity", """
        cases.admission cases.correct_admission cases.correct_ended_stay cases.end_stay cases.ended_stay
        cases.record_stay cases.stay children.add children.ask_for_place children.change children.child
        children.concern children.draft_concern children.index children.letter children.new children.new_concern
        children.note_consent children.note_step children.receipt children.release_concern children.remove_step
        children.remove_where children.reveal_place children.save children.save_concern children.save_setting
        children.send_concern children.set_where children.setting"""),
    Row("edit", "risk_narrative_perpetrator", """
        risk.assess risk.event risk.old_plan risk.overview risk.paper risk.plan risk.record_violence
        risk.save_assessment risk.save_event risk.save_plan risk.violence"""),
    Row("edit", "block_list", """
        cases.add_watched cases.agree_to_lift cases.agree_to_take_off cases.keep_out cases.set_block""", is_whole=True),
    Row("edit", "note_case", """
        cases.call_note_back cases.leave_note cases.misplaced cases.name_another_case cases.put_aside
        cases.take_note_out""", is_whole=True),
    Row("edit", "note_case", """
        cases.journal cases.pin_note cases.unpin_note cases.write_note contacts.index contacts.log"""),
    Row("view", "document_file", """
        documents.export documents.file documents.index documents.records"""),
    Row("edit", "document_file", """
        documents.add documents.edit documents.new documents.save documents.take_out"""
        ),
    Row("edit", "document_file", """
        documents.begin documents.drop documents.handover documents.make documents.review documents.stretch
        documents.strike""", is_whole=True),
    Row("edit", "consent_record", """
        cases.consents_page cases.give_consent cases.withdraw_consent"""),
    Row("create", "export_subject_access", "cases.record_request cases.rights_page", is_whole=True),
    # Work in the case: who works in it, what was tried, what begins.
    Row("edit", "enrol_track_state", """
        cases.add_colleague cases.log_contact cases.team cases.undo_contact counselling.answer counselling.begin
        counselling.coordinating counselling.end counselling.extend counselling.log_contact counselling.note_promise
        counselling.offer counselling.settle_promise enrolments.own_approach"""),
    Row("edit", "enrol_track_state", """
        cases.ask_to_close cases.ask_to_reopen cases.close cases.hand_over cases.leave cases.record_standing
        cases.reopen cases.standing cases.take_standing_back plans.add_goal
        plans.add_step plans.agree_stay_plan plans.edit_goal plans.finish_step plans.for_her plans.goal plans.goals
        plans.move_goal plans.municipal_plan plans.needs plans.new_goal plans.rate_needs plans.save_goal
        plans.save_municipal_plan plans.save_stay_plan plans.stay_plan plans.stay_plan_version plans.write_stay_plan
        transfers.of_case transfers.offer transfers.withdraw""", is_whole=True),
    Row("edit", "grant_application", "grants.new"),
    Row("edit", "enrol_track_state", "deadlines.ask_longer deadlines.longer deadlines.of_case"),
    Row("edit", "calendar_entry", "meetings.create meetings.new meetings.sheet"),
    Row("edit", "cti_phase_contacts", "bridge.answer bridge.index", is_whole=True),
    Row("edit", "risk_narrative_perpetrator", """
        apart.answer apart.change apart.from_areas apart.from_case apart.from_person apart.index""", is_whole=True),
)  # fmt: skip

# Something of the case is named. It is not there for whoever may not do this with it; in an emergency neither: that
# opens the page of the case and what is sealed on it.
THINGS = (
    Row("edit", "enrol_track_state", """
        enrolments.assign enrolments.call_back enrolments.complete enrolments.detail enrolments.end enrolments.never
        enrolments.pause enrolments.resume enrolments.start""", leads="TT"),
    Row("edit", "enrol_track_state", """
        counselling.correct counselling.hours counselling.size counselling.use"""),
    Row("edit", "enrol_track_state", """
        furnishing.add_item furnishing.detail furnishing.item furnishing.plan furnishing.schedule furnishing.set_item
        furnishing.step furnishing.template""", leads="VC"),
    Row("edit", "enrol_track_state", """
        volunteers.end_match volunteers.match volunteers.start_match""", leads="VC"),
    Row("edit", "cti_phase_contacts", "cti.detail cti.advance cti.basis cti.change_t0 cti.plan cti.review"),
    Row("edit", "outcome_scores", "followups.detail followups.no_answer followups.save"),
    Row("view", "housing_offer_state", "housing.ask housing.tenancy housing.unit", leads="TT"),
    Row("reveal", "housing_unit_identity", "housing.reveal_home", leads="TT"),
    Row("edit", "housing_offer_state", """
        housing.change housing.change_facts housing.close_down housing.decide housing.move_in housing.move_out
        housing.notice housing.release housing.reserve""", leads="TT"),
    Row("view", "grant_application", "grants.detail"),
    Row("edit", "grant_application", "grants.edit grants.withdraw"),
    Row("edit", "grant_decision_payment", """
        grants.approve grants.ask grants.decline grants.order grants.pay grants.receipts grants.recommend
        grants.screen"""),
    Row("reveal", "grant_bank_details", "grants.account"),
    Row("edit", "calendar_entry", """
        meetings.cancel meetings.detail meetings.hold meetings.move meetings.not_met meetings.note
        meetings.place""", leads="TT"),
    Row("edit", "referral_content", """
        referrals.accept referrals.ask referrals.close referrals.criteria referrals.decline referrals.her_answer
        referrals.offer referrals.plan_talk referrals.reassess referrals.redirect_on referrals.release
        referrals.request referrals.return_offer referrals.skip referrals.still_wanted referrals.take
        referrals.undo referrals.waitlist"""),
    Row("reveal", "person_name", "referrals.reveal"),
    Row("view", "task_private", """
        tasks.claim_page tasks.detail tasks.know_her tasks.release tasks.report tasks.voice_worry tasks.worry"""),
    Row("view", "task_card_public", "tasks.claim"),
    Row("edit", "task_card_public", "tasks.act tasks.confirm tasks.take_back"),
    Row("reveal", "task_address", "tasks.address tasks.approve_address"),
    Row("edit", "export_subject_access", """
        rights.build rights.certificate rights.change_span rights.close rights.confirm rights.detail rights.extend
        rights.fetch rights.grant rights.harm rights.lift_hold rights.prepare rights.propose rights.recall
        rights.refusal rights.refuse rights.send_back rights.strike rights.take rights.texts rights.verify
        rights.withdraw"""),
    Row("edit", "addr_protection_level", "safety.agree_to_lower safety.keep_protection"),
    Row("edit", "block_list", "safety.answer safety.ask_to_lift safety.ask_to_take_off"),
    Row("view", "audit_case_access", "safety.review"),
)  # fmt: skip

ALL = "everybody who comes in"
# What belongs to somebody, and not to whoever has to do with a case: whose it is, and which routes name it.
OWNED: Mapping[str, tuple[str, str]] = {
    "the page of a referral is its sender's; her colleagues see that it was sent": (
        "RF RC", """
        referrals.detail referrals.discard referrals.give_info referrals.keep referrals.receipt referrals.step
        referrals.withdraw"""),
    "a request lies with the receiving house, whose lead may close it or take it up again: none is here": (
        "", """
        referrals.end_first referrals.give referrals.lapse referrals.put_first referrals.reopen"""),
    "the emergency is ended by whoever asked for it": ("BG", "safety.end_here"),
    "a line of somebody's work list": ("CT", "home.done home.drop home.give home.put_off home.row"),
    "a case is offered by the lead of its house, and answered by the lead of the other": (
        "PL", "leaving.offer leaving.offer_now"),
    "a case that is offered to her house": ("PB", "transfers.accept transfers.decline"),
    "a course is taken over by whoever was asked for it": ("PW", "enrolments.refuse enrolments.take"),
    "nobody takes over what has its people: this case has a team, and this course a worker": (
        "", """
        enrolments.reopen people.adopt people.give_course"""),
    "where a home is, is asked on the page of the home, by whoever looks after it": ("TT", "housing.reveal"),
    "a round of a group: who leads it, and whoever has a woman in it": ("GL G2 CT", "groups.detail"),
    "the meetings and places of a round: who leads it": (
        "GL G2", """
        groups.ask_leave groups.leave groups.mark groups.place groups.session groups.step"""
        ),
    "an alarm that is the safety officer's": ("SO", "audit.alert audit.answer_alert"),
    "drawn looks, and who is about to leave": (
        ALL, "audit.answer_sample audit.forget_leaving audit.sample"),
    "somebody's role: her own, and those who look after the people of the house": (
        "CT PL SO OA", """
        people.away people.end_absence people.hand_over people.hand_over_now people.plan people.receipt
        people.receipts"""),
    "somebody's role, for those who end it or give it back": (
        ALL, """
        admin.confirm_lost admin.end admin.report_lost admin.reset admin.withdraw people.link_code people.wake"""),
    "her own sessions, factors, roles and kept forms": (
        "CT", """
        auth.discard_kept auth.end_session auth.remove_factor auth.switch_role"""),
    "a message, for whom it was written": ("GO", "messages.open_message"),
    "mail that could not be sent": (ALL, "admin.try_again"),
    "an organisation as a page: one's own": ("IN TT VC VO VW VN BX GL G2", "people.house"),
    "settings of an organisation: its own officers'": ("", "retention.of_organisation"),
    "what the house has set, returned and recorded": (
        ALL, """
        incidents.close incidents.contain incidents.describe incidents.detail incidents.not_required incidents.notice
        incidents.notified incidents.telling leaving.certificate leaving.receipt retention.agree"""),
    "volunteers of the own pool": (ALL, "volunteers.detail volunteers.pause volunteers.save"),
    "a programme stands open to all who work here": (ALL, "programmes.detail"),
    "an offer of another house than any of theirs": (
        "", """
        programmes.set_accepting programmes.set_capacity referrals.waiting vacancies.facts
        vacancies.tell_facts"""),
    "every municipality is a door": (ALL, "identity.go"),
    "an enquiry that became a case, for whoever takes them down and works in that case": (
        "CT", """
        enquiries.called_back enquiries.change enquiries.detail enquiries.edit enquiries.link
        enquiries.open_case"""),
    "an event of the own house": (
        "CT CN BG PL", """
        activities.cancel activities.change activities.detail activities.edit activities.register"""),
    "a programme of the reference file is no lead's to change": (
        "", """
        programmes.built programmes.change programmes.discard programmes.move_question programmes.publish
        programmes.question programmes.questions programmes.retire programmes.section programmes.take_back
        programmes.version"""),
    "what somebody watches for is hers": ("CT", "vacancies.stop"),
    "nobody asks for more time here": ("", "deadlines.answer_wish"),
    "a file of cases, for whoever has handed it in": (
        "CT", """
        imports.check imports.columns imports.detail imports.drop imports.problems imports.start"""),
}  # fmt: skip
