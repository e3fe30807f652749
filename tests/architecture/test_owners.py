"""Every column that names somebody: handed over when she leaves, or with a reason why it stays.

A new column is decided on here: whoever is named in it and is later told something, or gets something to do, must not
be an account that has ended.
"""

from pathlib import Path

from portal import models  # noqa: F401 - all tables
from portal.db import Base
from portal.models.cases import TeamMember
from portal.models.groups import RoundLeader
from portal.services.hand_overs import OWNERS

ROOT = Path(__file__).parents[2] / "portal"
# Moved by the hand-over, row by row of its page.
MOVED = {f"{model.__tablename__}.{column}" for model, column in OWNERS.values()} | {
    f"{TeamMember.__tablename__}.user_id",
    f"{TeamMember.__tablename__}.membership_id",
    f"{RoundLeader.__tablename__}.user_id",
}
DONE = "who did it: history, by which nobody is told or asked later"
FIRST = "the first of two people, who must not be the second too; anybody else in the role can be the second"
ACCOUNT = "the account's or the role's own: it ends with that, and nobody else takes it"
LATER = "who did it is kept; whoever is told is found when it is sent (R-586), in "
STAYS = {
    **dict.fromkeys(
        (
            "account_code.user_id",
            "break_glass.membership_id",
            "break_glass.user_id",
            "factor.user_id",
            "half_sign_in.user_id",
            "kept_form.membership_id",
            "kept_form.user_id",
            "known_device.user_id",
            "link_code.user_id",
            "linked_identity.user_id",
            "membership.user_id",
            "message.recipient_id",
            "place_standard.user_id",
            "place_watch.user_id",
            "outgoing_mail.recipient_id",
            "passkey_challenge.user_id",
            "recovery_code.user_id",
            "reveal_allowance.user_id",
            "submission.user_id",
            "user_session.membership_id",
            "user_session.user_id",
            "volunteer.user_id",
        ),
        ACCOUNT,
    ),
    **dict.fromkeys(
        (
            "account_code.created_by_id",
            "case_block.lift_asked_by_id",
            "note_misplacement.asked_by_id",
            "organisation_exit.asked_by_id",
            "organisation_exit.destruction_asked_by_id",
            "protection_change.asked_by_id",
            "retention_setting.asked_by_id",
            "watched_person.lift_asked_by_id",
        ),
        FIRST,
    ),
    **dict.fromkeys(
        (
            "account_code.confirmed_by_id",
            "activity_attendance.set_by_id",
            "alert.answered_by_id",
            "apart_question.answered_by_id",
            "attendance.set_by_id",
            "audit_event.actor_id",
            "audit_event.membership_id",
            "audit_sample.answered_by_id",
            "break_glass.reviewed_by_id",
            "case_block.created_by_id",
            "case_block.ended_by_id",
            "case_transfer.answered_by_id",
            "child_consent.recorded_by_id",
            "child_setting.assessed_by_id",
            "child_setting.told_by_id",
            "child_step.noted_by_id",
            "case_import.made_by_id",
            "case_import.membership_id",
            "claim.confirmed_by_id",
            "client_case.opened_by_id",
            "concern_notice.author_id",
            "concern_notice.released_by_id",
            "consent.recorded_by_id",
            "coordinating_counselling.extension_approved_by_id",
            "coordinating_counselling.offered_by_id",
            "counselling_promise.noted_by_id",
            "deadline.done_by_id",
            "deadline.given_by_id",
            "deadline_change.answered_by_id",
            "deadline_change.asked_by_id",
            "departure.noted_by_id",
            "erasure.first_by_id",
            "erasure.second_by_id",
            "follow_up.completed_by_id",
            "goal.created_by_id",
            "goal_change.by_id",
            "keep_apart.ended_by_id",
            "keep_apart.set_by_id",
            "municipal_plan.noted_by_id",
            "need_rating.recorded_by_id",
            "stay_plan.written_by_id",
            "grant_application.ordered_by_id",
            "grant_application.recommended_by_id",
            "grant_approval.approver_id",
            "hand_over.made_by_id",
            "hand_over.membership_id",
            "hand_over_item.to_user_id",
            "hour_entry.registered_by_id",
            "incident.recorded_by_id",
            "legal_hold.lifted_by_id",
            "legal_hold.set_by_id",
            "link_code.made_by_id",
            "membership_absence.made_by_id",
            "enquiry.recorded_by_id",
            "municipality_period.recorded_by_id",
            "note.author_id",
            "note_misplacement.decided_by_id",
            "note_pin.pinned_by_id",
            "standing_mark.lifted_by_id",
            "standing_mark.set_by_id",
            "take_over.by_id",
            "take_over.from_id",
            "case_document.added_by_id",
            "case_document.removed_by_id",
            "outside_contact.author_id",
            "stay.decided_by_id",
            "stay_correction.corrected_by_id",
            "organisation_exit.destroyed_by_id",
            "organisation_exit.frozen_by_id",
            "organisation_return.made_by_id",
            "programme_version.created_by_id",
            "programme_version.edited_by_id",
            "programme_version.published_by_id",
            "protection_change.agreed_by_id",
            "request_event.actor_id",
            "retention_setting.agreed_by_id",
            "reveal_allowance.given_by_id",
            "rights_request.decided_by_id",
            "rights_request.recorded_by_id",
            "rights_request.seconded_by_id",
            "safe_contact_card.verified_by_id",
            "safety_assessment.assessed_by_id",
            "safety_assessment.responsible_id",
            "safety_check.asked_by_id",
            "safety_plan.written_by_id",
            "safety_review.asked_by_id",
            "safety_review.closed_by_id",
            "subject_export.built_by_id",
            "subject_export.fetched_by_id",
            "task.created_by_id",
            "tenancy.extension_decided_by_id",
            "track_request.decided_by_id",
            "violence_report.reported_by_id",
            "watch_hit.answered_by_id",
            "watched_person.created_by_id",
            "watched_person.ended_by_id",
        ),
        DONE,
    ),
    "passing_draft.begun_by_id": "a handover that nobody has made: whoever comes after begins her own",
    "activity.responsible_id": "an event of the house: whoever looks at the list gives it to somebody else",
    "place.told_by_id": DONE,
    "request_rung.owner_id": "whom the last rung named: what is to be done is on the work list and goes over with it",
    "track_request.given_to_id": "as the rung's: what waits is a deadline and moves; the ladder goes on by its day",
    "waiting_mark.made_by_id": DONE,
    "alert.about_user_id": "whom an alarm is about, not whose it is: it is told to those who answer alarms",
    "apart_question.asked_by_id": "the answer counts for her placement; whoever follows her asks anew",
    "keep_apart.user_id": "whom she must not meet, and stays kept apart from",
    "case_block.user_id": "who is kept out: she gets nothing by it, and stays kept out",
    "case_transfer.proposed_by_id": LATER + "services/transfers.py",
    "take_over.to_id": "whom a colleague asked: the answer of somebody who has left is waited for by nobody",
    "case_transfer.stays_id": "whom she wants to keep: ended with her role, and asked again when it is answered",
    "departure.membership_id": "whose looks are watched until her last day: it ends with the role",
    "goal.owner_id": "with whom it was agreed; what waits is a deadline and moves, and the team names another",
    "goal_step.owner_id": "as the goal's: what waits is a deadline and moves",
    "grant_application.applicant_id": LATER + "services/grants.py: she never recommends or approves her own",
    "membership_absence.deputy_id": "ended when she leaves; somebody else is chosen by whoever is away",
    "membership_absence.membership_id": "her own days away: they end with the role",
    "rights_request.taken_by_id": LATER + "services/rights_second.py: the first of two people",
    "tenancy.extension_asked_by_id": LATER + "services/tenancies.py",
    "watch_hit.user_id": "whom the list has met, not whose it is",
}


def named() -> set[str]:
    """Every column that leads to an account or a role."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("user_account", "membership")
    }


def test_every_column_that_names_somebody_is_handed_over_or_has_a_reason() -> None:
    assert named() - MOVED - STAYS.keys() == set(), "Who gets it when she leaves? Move it, or say here why it stays."
    assert (MOVED | STAYS.keys()) - named() == set(), "These columns are gone."
    assert not MOVED & STAYS.keys()


def test_each_that_is_found_later_is_found_where_it_says() -> None:
    for column, why in STAYS.items():
        if why.startswith(LATER):
            path = why.removeprefix(LATER).partition(":")[0]
            assert column.split(".")[1] in (ROOT / path).read_text(), column
