"""She has died, or has moved abroad: which rows of the work list rest then, by kind, and which do not."""

from datetime import date

import pytest

from portal.core.deadlines import DeadlineKind as K
from portal.core.errors import Invalid
from portal.core.kinds import MeetingKind
from portal.core.standing import StandingKind
from portal.domain.standing import REACHES_HER, RESTS, check_since, is_with_her, rests_under

TODAY = date(2026, 3, 20)
# Asks for her, or for something that is done with her: every one of them is written here by hand.
HERS = """
    first_contact silence follow_up welfare_check safe_contact_check contact_blocked note_follow_up still_wanted
    consent_renewal meeting_called_off risk_review safety_review safety_plan stay_plan goal goal_step course_left
    cti_phase_plan cti_phase_change programme_clock counselling_ask_again counselling_offer counselling_missed
    counselling_missed_lead bridge_receiver bridge_first_contact bridge_address bridge_grant bridge_civil_offer
    psychologist_start first_municipal_meeting"""
# Goes on without her: what others owe, decide, count, pay or end.
OTHERS = """
    referral_answer referral_info referral_offer referral_draft referral_late admission_notice discharge_notice
    counselling_end counselling_promise cti_legal_basis tenancy_rung tenancy_extension group_attendance
    meeting_outcome task_confirm task_report furnishing_answer grant_answer grant_approval grant_payment grant_receipt
    course_end protection_lapse break_glass_review sample_review rights_answer breach_notice retention_run attestation
    team_wanted worker_wanted second_person extension_wanted concern_receipt child_unseen transfer_answer
    transfer_waits enquiry_call_back apart_question apart_review course_offered course_unanswered note_aside
    shelter_statistics other"""


def test_every_kind_of_row_has_been_thought_of() -> None:
    assert sorted([*HERS.split(), *OTHERS.split()]) == sorted(kind.value for kind in K)
    assert len(REACHES_HER) == len(set(REACHES_HER))


@pytest.mark.parametrize("kind", K)
def test_after_a_death_what_would_reach_her_rests_and_nothing_else(kind: K) -> None:
    assert (StandingKind.DIED in rests_under(kind)) == (kind.value in HERS.split())


def test_abroad_only_what_her_municipality_owes_her_rests() -> None:
    assert RESTS[StandingKind.MOVED_ABROAD] == {
        K.COUNSELLING_OFFER,
        K.COUNSELLING_MISSED,
        K.COUNSELLING_MISSED_LEAD,
        K.FIRST_MUNICIPAL_MEETING,
    }


@pytest.mark.parametrize("kind", MeetingKind)
def test_meetings_of_those_who_worked_with_her_and_the_childrens_own_talks_are_not_hers(kind: MeetingKind) -> None:
    between_others = kind.value in {"cooperation", "network_meeting", "residents", "group_session"}
    assert is_with_her(kind, ()) is not between_others
    assert not is_with_her(kind, ["a child"])


@pytest.mark.parametrize(
    ("day", "birth_year", "is_taken"),
    [
        (TODAY, 1990, True),
        (TODAY, None, True),
        (date(1990, 1, 1), 1990, True),
        (date(1989, 12, 31), 1990, False),
        (date(1889, 12, 31), None, True),
        (date(2026, 3, 21), None, False),
    ],
)
def test_the_day_lies_between_her_birth_and_today(day: date, birth_year: int | None, is_taken: bool) -> None:
    if is_taken:
        check_since(day, birth_year=birth_year, today=TODAY)
        return
    with pytest.raises(Invalid) as refused:
        check_since(day, birth_year=birth_year, today=TODAY)
    assert refused.value.field == "since_on"
