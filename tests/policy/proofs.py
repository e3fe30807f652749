"""Every route that changes something, and whether it asks for a fresh proof (M10): the second copy of that decision.

Whoever adds a route decides here. A route asks where it opens a protected value, hands out or makes an export, takes a
block away, says yes to money, or touches users, roles, factors and the organisation itself (field group 41).
"""

from collections.abc import Mapping

# What asks, by the clause of M10 or ASVS 7.5 that says so.
ASKS: Mapping[str, str] = {
    "a protected value is opened, or the number goes along (r, R, T)": """
        cases.ask_for_address cases.notice_file_with_number cases.notice_with_number cases.reveal_address
        children.ask_for_place children.reveal_place grants.account housing.reveal housing.reveal_home meetings.place
        referrals.reveal safety.allow_more safety.open_part tasks.address""",
    "a case is opened in an emergency, and that is looked at afterwards (2.8)": """
        safety.ask safety.open_case safety.review""",
    "a case that was closed is seen again (M6)": "cases.ask_to_reopen cases.reopen",
    "what is handed out of the portal (field group 39)": """
        documents.export documents.make leaving.ask_back leaving.give_back rights.build rights.change_span
        rights.fetch rights.prepare rights.strike rights.texts""",
    "two people say that something is erased, taken out, lowered, or kept for longer": """
        cases.take_note_out retention.agree rights.confirm rights.propose safety.agree_to_lower""",
    "a block or a watched person goes or comes by the safety officer (field group 17)": """
        cases.agree_to_lift cases.agree_to_take_off safety.answer safety.ask_to_lift safety.ask_to_take_off
        safety.keep_out""",
    "yes to money (field group 29)": "grants.approve",
    "users, roles and codes (field group 41)": """
        admin.confirm_lost admin.create admin.end admin.report_lost admin.reset admin.withdraw people.confirm_now
        people.link_code people.wake volunteers.create""",
    "the organisation freezes, and its key is destroyed (field group 41)": "leaving.ask leaving.step",
    "one's own ways of signing in, and sessions elsewhere (ASVS 7.5.1, 7.5.2)": """
        auth.add_passkey auth.app auth.begin_app auth.change_password auth.confirm_app auth.end_others
        auth.end_session auth.make_recovery_codes auth.new_passkey auth.passkey_options auth.remove_factor""",
}

# One form of several buttons: only this one asks.
ASKS_FOR_THE_BUTTON = {"people.hand_over_now": "end", "cases.create": "return"}

# What changes something and asks for nothing, by the reason why.
ASKS_NOT: Mapping[str, str] = {
    "before or around signing in: there is nothing yet to prove, or this is the proof": """
        auth.alive auth.code_now auth.forgotten_now auth.language auth.leave auth.lock auth.second_now
        auth.sign_in_now auth.sign_in_options auth.sign_in_with_passkey auth.sign_out auth.step_up_now
        auth.step_up_options home.policy_report identity.link""",
    "one's own: another role of one's own, a form that was kept, one's day, one's news, one's absence": """
        auth.discard_kept auth.keep_draft auth.switch_role home.done home.drop home.give home.put_off
        messages.open_message messages.read_all people.end_absence people.plan""",
    "a note in the wrong case: who asks, takes that back or says no opens and loses nothing": """
        cases.call_note_back cases.leave_note cases.name_another_case cases.put_aside""",
    "work in a case by whoever works in it; what is written shows nothing that was protected": """
        apart.answer apart.change apart.from_areas apart.from_case apart.from_person bridge.answer cases.add_colleague
        cases.close cases.correct_admission cases.correct_ended_stay cases.correct_notice cases.correct_period
        cases.end_stay
        cases.give_consent cases.hand_over cases.leave cases.log_contact cases.pin_note cases.plan_move
        cases.prepare_notice
        cases.record_move cases.record_standing cases.record_stay cases.save_address cases.save_contact_card
        cases.save_identity
        cases.save_municipality cases.send_notice cases.take_standing_back cases.undo_contact cases.unpin_note
        cases.withdraw_consent
        cases.write_note children.add children.draft_concern
        children.note_consent children.note_step children.receipt children.release_concern children.remove_step
        children.remove_where children.save children.save_concern children.save_setting children.send_concern
        children.set_where contacts.log deadlines.ask_longer documents.add documents.begin documents.drop
        documents.save documents.stretch documents.strike documents.take_out followups.no_answer followups.save
        imports.add imports.check imports.drop imports.start plans.add_goal plans.add_step plans.agree_stay_plan
        plans.finish_step plans.move_goal plans.rate_needs plans.save_goal risk.record_violence risk.save_assessment
        risk.save_event risk.save_plan""",
    "enquiries and events of the house, and more time that its lead gives: nothing of a case is opened by it": """
        activities.cancel activities.change activities.create activities.register deadlines.answer_wish
        enquiries.called_back enquiries.change enquiries.create enquiries.link enquiries.open_case""",
    "looking for something by the one box": "plans.save_municipal_plan plans.save_stay_plan search.find",
    "keeps out, protects or ends sight: it is never slowed down": """
        apart.ask cases.add_watched cases.set_block safety.end_here safety.keep_protection""",
    "work on a course, a meeting, a home, a round of a group, a task": """
        counselling.answer counselling.begin counselling.correct counselling.end counselling.extend
        counselling.log_contact counselling.note_promise counselling.offer counselling.settle_promise counselling.size
        counselling.use cti.advance cti.basis cti.change_t0 cti.plan cti.review enrolments.assign enrolments.call_back
        enrolments.complete
        enrolments.end enrolments.never enrolments.own_approach enrolments.pause enrolments.reopen enrolments.resume
        enrolments.start furnishing.add_item furnishing.plan furnishing.schedule furnishing.set_item furnishing.step
        furnishing.template groups.create groups.leave groups.mark groups.place groups.step housing.add_unit
        housing.ask housing.change housing.change_facts housing.close_down housing.decide housing.move_in
        housing.move_out housing.notice housing.release housing.reserve meetings.cancel meetings.create meetings.hold
        meetings.move meetings.not_met meetings.note programmes.change programmes.discard programmes.move_question
        programmes.new programmes.publish programmes.question programmes.retire programmes.section
        programmes.set_accepting programmes.set_capacity programmes.take_back tasks.act tasks.approve_address
        tasks.claim tasks.confirm tasks.create tasks.know_her tasks.release tasks.report tasks.take_back
        tasks.voice_worry""",
    "what is known of a volunteer (field group 33), not her account": """
        volunteers.end_match volunteers.pause volunteers.save volunteers.start_match""",
    "referring, and answering": """
        referrals.accept referrals.ask referrals.change_reason referrals.close referrals.criteria referrals.decline
        referrals.discard referrals.end_first referrals.give referrals.give_info referrals.her_answer referrals.keep
        referrals.lapse referrals.offer referrals.plan_talk referrals.put_first referrals.reassess
        referrals.redirect_on referrals.release referrals.reopen referrals.return_offer referrals.skip referrals.start
        referrals.step referrals.still_wanted referrals.take referrals.undo referrals.waitlist referrals.withdraw""",
    "what has room, and being told of it: nothing of any woman": """
        vacancies.save_standard vacancies.stop vacancies.tell_facts vacancies.tell_rooms vacancies.watch""",
    "money before and after the yes": """
        grants.ask grants.decline grants.edit grants.new grants.order grants.pay grants.receipts grants.recommend
        grants.screen grants.withdraw""",
    "a case goes to a colleague or another house: the taker says yes, and sees it by need to know": """
        enrolments.refuse enrolments.take leaving.offer_now people.adopt people.give_course transfers.accept
        transfers.decline transfers.offer transfers.withdraw""",
    "a request is taken down and treated: nothing is handed out, made or erased by that": """
        cases.record_request retention.ask rights.close rights.extend rights.grant rights.harm rights.lift_hold
        rights.recall rights.refuse rights.send_back rights.set_hold rights.take rights.verify rights.withdraw""",
    "findings about alarms, looks and incidents, and mail that is tried again": """
        admin.try_again audit.answer_alert audit.answer_sample audit.forget_leaving audit.note_leaving incidents.close
        incidents.contain incidents.create incidents.describe incidents.not_required incidents.notified
        incidents.telling""",
}


def names(table: Mapping[str, str]) -> list[str]:
    """The endpoints of a table, as often as they are named."""
    return [name for block in table.values() for name in block.split()]
