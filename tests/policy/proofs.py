"""Every route that changes something, and whether it asks for a fresh proof (M10): the second copy of that decision.

Whoever adds a route decides here. A route asks where it opens a protected value, hands out or makes an export, takes a
block away, says yes to money, or touches users, roles, factors and the organisation itself (field group 41).
"""

from collections.abc import Mapping

# What asks, by the clause of M10 or ASVS 7.5 that says so.
ASKS: Mapping[str, str] = {
    "a protected value is opened, or the number goes along (r, R, T)": """
        cases.ask_for_address cases.reveal_address cases.notice_with_number housing.reveal meetings.place
        housing.reveal_home referrals.reveal grants.account tasks.address safety.open_part safety.allow_more""",
    "a case is opened in an emergency, and that is looked at afterwards (2.8)": """
        safety.ask safety.open_case safety.review""",
    "a case that was closed is seen again (M6)": "cases.ask_to_reopen cases.reopen",
    "what is handed out of the portal (field group 39)": """
        rights.build rights.fetch rights.texts rights.prepare rights.strike rights.change_span
        leaving.ask_back leaving.give_back""",
    "two people say that something is erased, lowered, or kept for longer": """
        rights.propose rights.confirm retention.agree safety.agree_to_lower""",
    "a block or a watched person goes or comes by the safety officer (field group 17)": """
        cases.agree_to_lift cases.agree_to_take_off safety.ask_to_lift safety.ask_to_take_off safety.keep_out
        safety.answer""",
    "yes to money (field group 29)": "grants.approve",
    "users, roles and codes (field group 41)": """
        admin.create admin.end admin.reset admin.withdraw admin.report_lost admin.confirm_lost
        people.wake people.confirm_now people.link_code volunteers.create""",
    "the organisation freezes, and its key is destroyed (field group 41)": "leaving.ask leaving.step",
    "one's own ways of signing in, and sessions elsewhere (ASVS 7.5.1, 7.5.2)": """
        auth.change_password auth.begin_app auth.app auth.confirm_app auth.new_passkey auth.passkey_options
        auth.add_passkey auth.remove_factor auth.make_recovery_codes auth.end_session auth.end_others""",
}

# One form of several buttons: only this one asks.
ASKS_FOR_THE_BUTTON = {"people.hand_over_now": "end"}

# What changes something and asks for nothing, by the reason why.
ASKS_NOT: Mapping[str, str] = {
    "before or around signing in: there is nothing yet to prove, or this is the proof": """
        auth.alive auth.code_now auth.forgotten_now auth.language auth.leave auth.lock auth.second_now
        auth.sign_in_now auth.sign_in_options auth.sign_in_with_passkey auth.sign_out auth.step_up_now
        auth.step_up_options identity.link home.policy_report""",
    "one's own: another role of one's own, a form that was kept, one's day, one's news, one's absence": """
        auth.switch_role auth.discard_kept home.done home.put_off messages.open_message messages.read_all
        people.plan people.end_absence""",
    "work in a case by whoever works in it; what is written shows nothing that was protected": """
        cases.add_child cases.add_colleague cases.close cases.correct_admission cases.create cases.end_stay
        cases.give_consent cases.hand_over cases.leave cases.log_contact cases.plan_move cases.record_move
        cases.record_stay cases.save_address cases.save_assessment cases.save_child cases.save_contact_card
        cases.save_identity cases.save_municipality cases.search cases.send_notice cases.withdraw_consent
        cases.write_note followups.no_answer followups.save plans.add_goal plans.add_step plans.finish_step
        plans.move_goal plans.save_goal""",
    "keeps out, protects or ends sight: it is never slowed down": """
        cases.set_block cases.add_watched safety.end_here safety.keep_protection""",
    "work on a course, a meeting, a home, a round of a group, a task": """
        counselling.answer counselling.begin counselling.correct counselling.end counselling.extend counselling.offer
        counselling.size counselling.use cti.advance cti.basis cti.change_t0 cti.plan cti.review
        enrolments.assign enrolments.complete enrolments.end enrolments.never enrolments.own_approach enrolments.pause
        enrolments.resume enrolments.start furnishing.add_item furnishing.plan furnishing.schedule furnishing.set_item
        furnishing.step furnishing.template groups.create groups.leave groups.mark groups.place groups.step
        housing.add_unit housing.ask housing.change housing.change_facts housing.close_down housing.decide
        housing.move_in housing.move_out housing.notice housing.release housing.reserve
        meetings.cancel meetings.create meetings.hold meetings.move meetings.not_met meetings.note
        programmes.set_accepting programmes.set_capacity tasks.act tasks.approve_address tasks.claim tasks.confirm
        tasks.create tasks.know_her tasks.release tasks.report tasks.take_back""",
    "what is known of a volunteer (field group 33), not her account": """
        volunteers.save volunteers.pause volunteers.start_match volunteers.end_match""",
    "referring, and answering": """
        referrals.accept referrals.ask referrals.close referrals.criteria referrals.decline referrals.discard
        referrals.give_info referrals.her_answer referrals.keep referrals.lapse referrals.offer referrals.plan_talk
        referrals.reassess referrals.redirect_on referrals.release referrals.reopen referrals.return_offer
        referrals.start referrals.step referrals.take referrals.waitlist referrals.withdraw""",
    "money before and after the yes": """
        grants.ask grants.decline grants.edit grants.new grants.order grants.pay grants.receipts grants.recommend
        grants.screen grants.withdraw""",
    "a case goes to a colleague or another house: the taker says yes, and sees it by need to know": """
        people.adopt people.give_course leaving.accept leaving.decline leaving.offer_now""",
    "a request is taken down and treated: nothing is handed out, made or erased by that": """
        cases.record_request rights.close rights.extend rights.grant rights.harm rights.lift_hold rights.recall
        rights.refuse rights.send_back rights.set_hold rights.take rights.verify rights.withdraw retention.ask""",
    "findings about alarms, looks and incidents, and mail that is tried again": """
        audit.answer_alert audit.answer_sample audit.forget_leaving audit.note_leaving incidents.close
        incidents.contain incidents.create incidents.describe incidents.not_required incidents.notified
        incidents.telling admin.try_again""",
}


def names(table: Mapping[str, str]) -> list[str]:
    """The endpoints of a table, as often as they are named."""
    return [name for block in table.values() for name in block.split()]
