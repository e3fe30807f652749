"""What whoever comes in is answered when she sends nothing but the form's token: said of every route once.

A page opens (200) and a form without its fields is not taken (422), unless it stands here. A route that answers
otherwise because somebody is not to see it stands in `sights.py`.
"""

from collections.abc import Mapping

# Pages that lead on to another one.
LEADS_ON: Mapping[str, str] = {
    "to her day, to the page of her house, to the case of a notice": "cases.open_notice home.start people.house",
    "nothing has been begun that could go on here": "auth.app auth.second identity.callback",
    "to the municipality's own sign-in": "identity.go",
    "whoever is signed in is sent to her day": "auth.sign_in",
    "an open case needs no opening": "cases.ask_to_reopen",
}
# One press is enough, and this world lets it be done: sent on to the page (303).
DONE = """
        activities.cancel admin.end admin.report_lost admin.withdraw apart.change audit.forget_leaving auth.begin_app
        auth.confirm_app auth.discard_kept auth.end_others auth.end_session auth.language auth.leave auth.second_now
        auth.sign_out auth.switch_role cases.call_note_back cases.hand_over cases.pin_note cases.unpin_note
        cases.prepare_notice cases.withdraw_consent
        children.remove_step children.remove_where counselling.correct documents.drop
        enrolments.take
        grants.screen grants.withdraw
        imports.drop incidents.contain messages.open_message messages.read_all people.end_absence people.hand_over_now
        plans.finish_step referrals.take retention.agree rights.verify rights.withdraw safety.agree_to_lower
        safety.ask_to_lift safety.end_here safety.keep_protection tasks.approve_address tasks.claim tasks.know_her
        tasks.take_back transfers.withdraw vacancies.save_standard vacancies.stop vacancies.watch volunteers.pause"""
# It is not the time for it in this world: a step before it is missing, it is done already, or a page was too old (409).
NOT_NOW = """
        activities.register bridge.answer cases.agree_to_lift cases.agree_to_take_off cases.close cases.leave
        cases.plan_move cases.save_identity cases.save_municipality cases.undo_contact children.release_concern
        children.save documents.make
        documents.stretch enquiries.called_back enquiries.open_case enrolments.call_back
        enrolments.resume furnishing.template grants.approve
        grants.order grants.receipts home.done housing.release imports.check imports.start incidents.close leaving.ask
        meetings.hold meetings.not_met meetings.note referrals.accept referrals.discard referrals.keep referrals.offer
        referrals.reassess referrals.return_offer referrals.step referrals.undo rights.build rights.confirm rights.grant
        rights.prepare rights.propose rights.recall safety.ask_to_take_off"""
# What was asked for comes back at once (200), or nothing does (204).
SHOWN = """
        admin.reset auth.make_recovery_codes auth.passkey_options auth.sign_in_options auth.step_up_options
        people.link_code rights.fetch"""
# Takes a file, and asks first how long it is: a request that does not say so is refused before it is read (413).
TAKES_FILES = {"documents.add", "imports.add"}
SILENT = "auth.alive"
# One address for several presses: some are done, some come too early. The only answers that are not a single one.
BY_THE_WORD: Mapping[str, frozenset[int]] = {
    "furnishing.step": frozenset({303, 409}),
    # Of a school something is known that a page has seen already, of a daycare nothing.
    "children.save_setting": frozenset({303, 409}),
    "groups.step": frozenset({303, 409}),
    "housing.change": frozenset({303, 409}),
    "tasks.act": frozenset({303, 409}),
    # The house has not asked to leave: freezing is the one step that there is.
    "leaving.step": frozenset({303, 404}),
}


# Who is answered otherwise though she may come here, and why: the answer, the people, the routes.
EVERYBODY = ""
OTHERWISE: Mapping[str, tuple[int, str, str]] = {
    "an emergency opens the page of the case, and what is sealed on it": (404, "BG", "vacancies.fits"),
    "nobody is signed in: here is the place for it": (200, "AN", "auth.sign_in"),
    "nobody's session can be kept alive": (401, "AN", "auth.alive"),
    "what a browser sends by itself, without what it would say": (
        400, EVERYBODY, "auth.keep_draft auth.lock home.policy_report"),
    "it is a demo's page, and this is none": (404, EVERYBODY, "demo.mail"),
    "she has a second factor, and has not confirmed with it": (
        403, "CT", "auth.begin_app auth.make_recovery_codes auth.remove_factor"),
    "a meeting is held, noted and not met by whoever is responsible for it": (
        403, "CT", "meetings.hold meetings.not_met meetings.note"),
    "a contact is undone by whoever logged it": (403, "BX_at_K2", "cases.undo_contact"),
    "who has put a note aside is not the second person": (403, "CT", "cases.take_note_out"),
    "a question about a course is taken back by its worker or its lead": (403, "CT", "enrolments.call_back"),
    "a course that rests is taken up again by its lead": (403, "CT", "enrolments.resume"),
    "only the referrer herself answers for her referral, not her colleague": (
        403, "RC", "referrals.give_info referrals.withdraw"),
    "a request is given back by whoever has taken it": (403, "IN", "referrals.release"),
    "the number goes along only from a house that may keep it (R-605)": (
        403, EVERYBODY, "cases.notice_file_with_number cases.notice_with_number"),
    "the referral was sent: it is not written any more": (409, EVERYBODY, "referrals.step"),
    "the team has not let him see the address of this task (M4)": (404, "VW", "tasks.address"),
    "this meeting is none of a group, and none of its places": (
        404, EVERYBODY, "groups.mark groups.place groups.session"),
    "the request is none for a copy with a dossier, nor erased, nor refused": (
        404, EVERYBODY, """
        rights.certificate rights.change_span rights.refusal rights.strike rights.texts"""),
    "this document is shared with no course of theirs, and they have not put it there (R-686)": (
        404, "GL G2 BX_at_K2", "documents.file"),
    "she has a part of the case and reads what others have put there": (
        404, "BX_at_K2", "documents.edit documents.save documents.take_out"),
    "their house is no centre and has no rooms to tell of": (
        404, "XO IN RF RC BX_at_K2", "vacancies.rooms vacancies.tell_rooms"),
    "her stay in this world has not ended": (409, EVERYBODY, "cases.correct_ended_stay cases.ended_stay"),
    "no clock of this world gives more time": (409, EVERYBODY, "deadlines.ask_longer deadlines.longer"),
    "nobody was refused a placement that could be asked about (R-754)": (404, EVERYBODY, "apart.ask"),
    "no code waits for a second person, no mail waits, nobody sleeps, no house has left": (
        404, EVERYBODY, """
        admin.confirm_lost admin.try_again leaving.certificate people.wake"""),
}  # fmt: skip
