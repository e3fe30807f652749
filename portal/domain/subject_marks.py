"""Whose data each column holds: one row a table with a way to a woman or a child (R-520).

Letters: `h` hers (in a row about a child: the child's) · `l` hers, and tells where she is · `k` hers, and kept after an
erasure because a law asks for it · `c` the child's · `d` the child's, and tells where the child is · `t` about somebody
else or judged by others, never handed out · `s` about staff or volunteers · `i` inner working of the portal.

Keys, public ids, versions, keyed indexes and links need no letter: links to people who work here are `s`, the rest `i`.
A link that she may know of by name, such as the organisation of a stay, is named here.
"""

from collections.abc import Mapping

from portal.domain.subject_headings import Heading as H

# fmt: off
TABLES: Mapping[str, tuple[H, dict[str, str]]] = {
    "client": (H.WHO, {
        "h": "name cpr_number birth_year phone protection_level protection_until language needs_interpreter "
             "needs_accessible",
        "l": "address"}),
    "child": (H.CHILDREN, {
        "c": "name birth_year birth_date needs custody language needs_interpreter last_spoken_on", "d": "is_along",
        "t": "contact contact_text"}),
    "child_period": (H.CHILDREN, {"d": "kind period"}),
    "child_setting": (H.CHILDREN, {
        "d": "place", "t": "kind may_collect may_say told_on assessed_on assessment"}),
    "former_child_place": (H.CHILDREN, {"d": "place", "t": "kind replaced_at"}),
    "child_step": (H.CHILDREN, {"c": "step done_on"}),
    "child_consent": (H.CHILDREN, {"c": "question is_yes given_by given_on"}),
    "note_child": (H.CHILDREN, {"i": "was_spoken_with"}),
    "meeting_child": (H.CHILDREN, {}),
    # No parent reads of it in what is handed out, neither hers nor the child's: the law lets the municipality tell.
    "concern_notice": (H.CHILDREN, {
        "t": "state duty drafted_at text violence_suspected is_kept_back released_at sent_on sent_how "
             "municipality_code receipt_due_on receipted_on"}),
    "safe_contact_card": (H.CONTACT, {
        "h": "is_device_shared code_word note verified_at"}),
    "client_case": (H.CASE, {
        "h": "planned_move_on moved_on responsible_municipality_code paying_municipality_code",
        "k": "reference state opened_at closed_at owner_organisation_id", "i": "lead_reference erased_at"}),
    "standing_mark": (H.CASE, {"h": "kind since_on source set_at lifted_at", "t": "note lift_reason"}),
    "stay": (H.STAYS, {
        "h": "admitted_on discharged_on previous_stay_ever destination admission_reasons link_reason delay_reason "
             "main_activity permit is_reported counselling", "l": "organisation_id", "i": "codes_version"}),
    "statutory_notice": (H.STAYS, {"h": "kind due_on sent_on is_anonymous told_on"}),
    "safety_assessment": (H.SAFETY, {
        "h": "level assessed_on review_on created_at moment is_safe_to_move", "t": "reason tool result children",
        "i": "method", "s": "is_trained"}),
    "consent": (H.CONSENTS, {"h": "purpose scope recipient_organisation_id form given_on expires_on withdrawn_at"}),
    "note": (H.JOURNAL, {
        "h": "happened_at written_at mode talk result minutes themes took_part text organisation_id is_withdrawal",
        "i": "is_day_only readers aside is_moved_in"}),
    # What was written about somebody else is not handed out, nor why: the note itself is left out with it.
    "note_misplacement": (H.JOURNAL, {
        "t": "held remark answer reason", "i": "state asked_at decided_at length target_case_id"}),
    "note_pin": (H.JOURNAL, {"i": "pinned_at"}),
    "case_document": (H.DOCUMENTS, {
        "h": "kind state media dated_on added_at theme content removed_at recipient_organisation_id basis",
        "t": "removal_reason digest", "i": "size", "s": "organisation_id"}),
    "passing_draft": (H.DOCUMENTS, {"i": "language basis sections begun_at", "t": "texts reason"}),
    "referral": (H.REFERRALS, {
        "h": "reference source created_at edited_at sent_at needs own_words planned_move_on stale_safety_reason "
             "may_see_progress organisation_id", "i": "step"}),
    "track_request": (H.REFERRALS, {
        "h": "offer_id organisation_id state answers sent_at answer_due_on info_wanted info_given info_before criteria "
             "steps her_answer offered_at offer_expires_on waiting_since decided_at decline_reason decline_text "
             "alternative_text meanwhile_text wait_reason withdraw_reason cool_down_until priority_reason",
        "i": "paused_days_left clock_round given_until", "s": "held_until"}),
    "request_event": (H.REFERRALS, {"h": "from_state to_state at reason"}),
    "enrolment": (H.COURSES, {
        "h": "offer_id organisation_id kind state created_at started_on planned_end_on ended_on end_reason end_note "
             "unchecked_reason checked_by pause_review_on"}),
    "cti_course": (H.COURSES, {"h": "t0 phase late_basis"}),
    "phase_plan": (H.COURSES, {"h": "phase areas plan written_on reviewed_on review"}),
    "volunteer_match": (H.COURSES, {"h": "started_on ended_on"}),
    "attendance": (H.COURSES, {"h": "presence set_at"}),
    "coordinating_counselling": (H.COUNSELLING, {
        "h": "left_on municipality_code state offered_on offered_from_id offered_how has_interpreter attempts "
             "ask_again_on answered_on started_on planned_end_on extension_reason ended_on end_reason areas",
        "i": "is_current missed_on missed_lead_on"}),
    "hour_entitlement": (H.COUNSELLING, {"h": "minutes_total minutes_used"}),
    "hour_entry": (H.COUNSELLING, {"h": "held_on minutes registered_at", "s": "authorisation"}),
    "meeting": (H.MEETINGS, {
        "h": "kind talk state starts_at ends_at place_kind theme has_interpreter cancel_reason moved_from "
             "registered_at note step number organisation_id", "l": "place"}),
    "tenancy": (H.HOMES, {
        "h": "state period months gap_reason extension_asked_at extension_wish extension_decided_at extension_reason "
             "moved_out_on destination"}),
    "furnishing_project": (H.FURNISHING, {
        "h": "state budget_ore work_day_on wishes organisation_id", "i": "held_at"}),
    "furnishing_item": (H.FURNISHING, {"h": "room what quantity is_must state source cost_ore"}),
    "task": (H.TASKS, {
        "h": "kind state region week_of part_of_day starts_at ends_at has_children is_accompanied alias created_at "
             "organisation_id", "l": "meeting_point address", "i": "reference skills places taken held_at"}),
    "claim": (H.TASKS, {"h": "outcome report", "t": "worry worried_at",
              "s": "state claimed_at confirmed_at may_see_address released_at knows_her done_at minutes"}),
    "grant_application": (H.GRANTS, {
        "h": "other_support account info_wanted recommendation decline_text",
        "k": "reference state created_at submitted_at answer_due_on payee_kind recommended_ore approved_ore decided_at "
             "decline_reason paid_on payment_reference receipt_due_on"}),
    "grant_line": (H.GRANTS, {"h": "purpose", "k": "category requested_ore approved_ore"}),
    "grant_approval": (H.GRANTS, {"s": "amount_ore approved_at"}),
    "follow_up": (H.MEASURES, {"h": "point span state opens_on due_on closes_on completed_at mode"}),
    "measure": (H.MEASURES, {"h": "instrument taken_on answers score band"}),
    "measure_value": (H.MEASURES, {"h": "item value"}),
    "rights_request": (H.RIGHTS, {
        "h": "asked_by_note extension_reason decision_reason harm harm_reason harm_before return_reason wishes",
        "k": "kind state refusal_ground capacity identity_check received_on due_on recorded_at decided_at delivery "
             "closed_at",
        "s": "seconded_at taken_at"}),
    "subject_export": (H.RIGHTS, {"t": "content", "i": "built_at fetched_at deleted_at"}),
    "dossier_text": (H.RIGHTS, {"i": "source text spans number"}),
    "legal_hold": (H.RIGHTS, {"h": "reason lift_reason", "k": "set_at lifted_at"}),
    "former_address": (H.WHO, {"l": "address", "h": "replaced_at"}),
    "protection_change": (H.PROTECTION, {"h": "to_level asked_at agreed_at closed_at", "t": "reason"}),
    "case_block": (H.PROTECTION, {"t": "email reason", "i": "created_at lift_asked_at ended_at"}),
    # Whom she must not meet is about somebody else, and where she must not live tells where the danger is.
    "watched_person": (H.PROTECTION, {
        "t": "relation name phone email reason created_at ended_at", "i": "lift_asked_at"}),
    "watch_hit": (H.PROTECTION, {"t": "matched_by found_at told_at state answered_at"}),
    "break_glass": (H.TRAIL, {
        "k": "category organisation_id started_at ended_at", "t": "reason remark", "s": "ends_at reviewed_at verdict"}),
    "team_member": (H.TRAIL, {"s": "is_primary scope joined_at ended_at"}),
    "audit_event": (H.TRAIL, {
        "s": "kind at role relation action page subject_type subject_public_id fields shown reason_category reason "
             "outcome rule request_id session device network policy",
        "i": "chain seq prev_hash hash sealed_at"}),
    "alert": (H.TRAIL, {"i": "rule key window_from window_to raised_at", "t": "remark", "s": "answered_at answer"}),
    "audit_sample": (H.TRAIL, {"i": "drawn_at due_on", "t": "remark", "s": "answered_at answer"}),
    "take_over": (H.CASE, {"h": "hand_over asked_at", "i": "state reason answered_at"}),
    "case_transfer": (H.CASE, {
        "h": "from_organisation_id to_organisation_id state basis note hand_over decline_reason proposed_at "
             "answered_at"}),
    "case_access": (H.TRAIL, {}),
    "deadline": (H.TRAIL, {
        "i": "source_key kind state queue_role subject_type subject_public_id due_on created_at done_at reminded_at "
             "remind_attempts"}),
    "deadline_change": (H.TRAIL, {"i": "cause from_on to_on at state answered_at", "t": "reason"}),
    "message": (H.TRAIL, {
        "i": "kind subject_type subject_public_id deadline_kind dedupe_key created_at read_at held_until"}),
    "retention_item": (H.TRAIL, {"i": "rule subject_key due_on found_at told_on acted_at state rows"}),
    "safety_review": (H.SAFETY, {"h": "reason asked_at due_on closed_at"}),
    "safety_plan": (H.SAFETY, {"h": "number home sections has_code_word confirmed_on written_at"}),
    "violence_report": (H.SAFETY, {
        "h": "happened_on kinds police is_order_breached did_children_see reported_at", "t": "by_whom text"}),
    "safety_check": (H.SAFETY, {"h": "asked_at new_violence unwanted_contact feels_safe"}),
    "stay_correction": (H.STAYS, {"h": "original corrected_at", "t": "reason"}),
    "leaving_bridge": (H.STAYS, {
        "h": "receiver received_on first_contact_on address_checked_on grant_answer civil_offer civil_reason"
        " psychologist_offer"}),
    "outside_contact": (H.JOURNAL, {
        "h": "happened_at written_at direction channel party party_name themes basis minutes text organisation_id",
        "i": "codes_version"}),
    "enquiry": (H.ENQUIRIES, {
        "h": "received_at channel asker name phone child_count child_bands violence_forms region wish conclusions "
             "reject_reasons offered_instead call_back_on organisation_id",
        "i": "codes_version recorded_at called_back_at"}),
    "activity_attendance": (H.MEETINGS, {"h": "activity_id set_at"}),
    "municipality_period": (H.CASE, {"h": "duty municipality_code from_on reason recorded_at"}),
    "counselling_promise": (H.COUNSELLING, {
        "h": "area authority promised promised_on due_on settled_on is_kept organisation_id"}),
    "request_rung": (H.REFERRALS, {"i": "clock_round rung", "h": "fired_at"}),
    "waiting_mark": (H.REFERRALS, {"h": "kind reason text made_at"}),
    "goal": (H.PLAN, {"h": "area wish sign is_hers helper due_on state attainment created_at"}),
    "goal_step": (H.PLAN, {"h": "text due_on done_on"}),
    "goal_change": (H.PLAN, {"h": "state attainment at reason"}),
    "need_rating": (H.PLAN, {"i": "recorded_at", "h": "area point rated_by score rated_on"}),
    "stay_plan": (H.PLAN, {
        "i": "written_at",
        "h": "number state wish offers children next_review_on confirmed_how confirmed_on agreed_at"}),
    "stay_plan_goal": (H.PLAN, {"h": "wish"}),
    "municipal_plan": (H.PLAN, {"i": "noted_at", "h": "kind plan_on consent_on sent_on next_meeting_on"}),
    "import_key": (H.CASE, {"h": "own_number organisation_id", "i": "fingerprints"}),
    "keep_apart": (H.PROTECTION, {
        "t": "kind named areas note review_on set_at", "i": "state other_case_id looked_at ended_at"}),
    "apart_question": (H.PROTECTION, {
        "i": "flag_id path place_key whom_key asked_at answer answered_at used_at"}),
    "safe_contact_way": (H.CONTACT, {
        "h": "channel days from_hour to_hour may_answer may_leave_voicemail may_say_who_calls verified_at"}),
}
# fmt: on
