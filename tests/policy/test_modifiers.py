"""What takes away from the table: exactly these cells, and never does anything give."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.disclosure import FieldGroup, Relation, code
from portal.domain.modifiers import MODIFIERS, ORDINARY, Circumstances, code_now
from tests.policy.matrix import CELLS, GROUPS, PERMITTED, RELATIONS
from tests.support.sizes import size

# Letters: `open` are the groups that a relation opens at all, as the second copy has them.
OPEN = {one: {group for group in GROUPS if CELLS[group, one].letter != "-"} - {"stats_released"} for one in RELATIONS}
PLACES = {"addr_exact", "housing_unit_identity", "task_address"}
Change = dict[str, dict[str, str]]


def change(**circumstances: object) -> Change:
    """Relation, group and new letter of every cell that is another than in an ordinary case."""
    case = replace(ORDINARY, **circumstances)  # type: ignore[arg-type]
    found: Change = {}
    for cell in CELLS.values():
        letter = code_now(FieldGroup(cell.group), Relation(cell.relation), case)
        if letter != cell.letter:
            found.setdefault(cell.relation, {})[cell.group] = letter
    return found


def gone(**groups: set[str]) -> Change:
    """These groups become "no" for these relations."""
    return {relation: dict.fromkeys(taken, "-") for relation, taken in groups.items()}


def test_in_an_ordinary_case_nothing_is_taken() -> None:
    assert change() == {}


RAISED_5 = {
    "note_track", "enrol_track_state", "cti_phase_contacts", "housing_unit_identity", "housing_offer_state",
    "grant_application", "grant_decision_payment", "task_card_public", "task_private", "outcome_scores",
    "document_file", "calendar_entry", "message_task_thread",
}  # fmt: skip


@pytest.mark.parametrize(
    ("circumstances", "expected"),
    [
        ({"needs_address": False}, gone(TT={"addr_exact", "task_address"})),
        ({"involves_children": False}, gone(TT={"child_identity"})),
        ({"is_own_track": False}, gone(TT=RAISED_5, GO={"document_file"})),
    ],
    ids=["1: the track needs no address", "3: no children on the track", "5: not the own track"],
)
def test_a_raised_number_is_a_condition(circumstances: dict[str, object], expected: Change) -> None:
    assert change(**circumstances) == expected


def test_raised_numbers_without_a_condition_of_the_case_take_nothing() -> None:
    """⁴ removal needs the officer, ⁶ volunteers only, ⁷ without case identifiers: kept where the thing is done."""
    assert {cell.number for cell in CELLS.values()} == {"", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷"}
    assert {(cell.group, cell.relation) for cell in CELLS.values() if cell.number in tuple("⁴⁶⁷")} == {
        ("block_list", "CT"), ("user_membership", "VC"), ("audit_system", "OA"), ("audit_system", "SA"),
    }  # fmt: skip


def test_m2_an_erased_case_is_gone_for_everybody_but_its_trail() -> None:
    expected = {one: dict.fromkeys(groups, "-") for one, groups in OPEN.items() if groups}
    del expected["DP"]["audit_case_access"]
    assert change(is_erased=True) == expected


def test_m3_a_blocked_person_has_the_column_of_a_stranger() -> None:
    for group in set(GROUPS) - {"stats_released"}:
        assert {CELLS[group, "BX"].letter, CELLS[group, "XO"].letter, CELLS[group, "AN"].letter} == {"-"}


LEVEL_1 = gone(RF={"addr_area"}, TT={"addr_area"}, PL={"addr_area"})


@pytest.mark.parametrize(
    ("is_approved", "is_accompanied", "sees_address"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_m4_level_1_keeps_the_area_and_asks_for_approval_and_company(
    is_approved: bool, is_accompanied: bool, sees_address: bool
) -> None:
    expected = dict(LEVEL_1) if sees_address else LEVEL_1 | gone(VW={"task_address"})
    assert change(protection_level=1, is_approved=is_approved, is_accompanied=is_accompanied) == expected


def test_without_protection_a_volunteer_needs_the_teams_word_and_no_company() -> None:
    assert change(is_accompanied=False) == {}
    assert change(is_approved=False) == gone(VW={"task_address"})


def test_m5_level_2_hides_every_place_from_everybody() -> None:
    expected = gone(CT=PLACES, SO={"addr_exact", "housing_unit_identity"}, BG=PLACES, VW={"task_address"})
    expected |= gone(RF={"addr_area", "addr_exact"}, TT=PLACES | {"addr_area"}, PL={"addr_area"})
    assert change(protection_level=2) == expected
    for relation in Relation:
        assert code_now(FieldGroup.ADDR_EXACT, relation, replace(ORDINARY, protection_level=2)) == "-"


CUT_OFF = {relation: OPEN[relation] for relation in ("TT", "VC", "VO", "VW", "GO")}
# The team for thirty days: what was edited is read, what was replaced is opened, what was handed in is shut.
READS = {group: "v" for group in GROUPS if CELLS[group, "CT"].letter == "e"} | {
    "person_cpr": "r", "addr_exact": "r", "housing_unit_identity": "r", "task_address": "r", "grant_bank_details": "-",
}  # fmt: skip
KEPT = {"case_exists", "case_ref", "referral_status", "export_subject_access"}


@pytest.mark.parametrize("days", [0, 1, 29])
def test_m6_the_team_reads_for_thirty_days_and_everybody_else_is_cut_off(days: int) -> None:
    team = {group: letter for group, letter in READS.items() if group not in KEPT | {"consent_record"}}
    assert change(days_closed=days) == gone(**CUT_OFF) | {"CT": team}


@pytest.mark.parametrize("days", [30, 31, 4000])
def test_m6_after_thirty_days_there_was_a_case_and_no_more(days: int) -> None:
    assert change(days_closed=days) == gone(**CUT_OFF, CT=OPEN["CT"] - KEPT)


def test_m6_a_planned_follow_up_keeps_what_asking_her_takes() -> None:
    asked = {"person_name": "v", "contact_phone_email": "v", "contact_safe_rules": "v"}
    rest = dict.fromkeys(OPEN["CT"] - KEPT - set(asked) - {"outcome_scores"}, "-")
    assert change(days_closed=40, has_follow_up=True) == gone(**CUT_OFF) | {"CT": rest | asked}


def test_m7_without_consent_the_track_is_cut_off() -> None:
    assert change(has_consent=False) == gone(**{one: OPEN[one] for one in ("TT", "VC", "VO", "VW")})


def test_m9_outside_the_window_what_is_shown_in_it_is_shut() -> None:
    referrer = {group for group in GROUPS if CELLS[group, "RF"].letter == "t"}
    assert referrer == {"person_name", "person_age_band", "addr_area", "person_language_needs", "child_count_band",
                        "referral_content"}  # fmt: skip
    assert change(is_in_window=False) == gone(RF=referrer, VW={"task_private", "task_address", "calendar_entry"})


def test_released_figures_are_never_taken() -> None:
    worst = Circumstances(is_erased=True, protection_level=2, days_closed=4000)
    for relation in Relation:
        assert code_now(FieldGroup.STATS_RELEASED, relation, worst) == "a"


def test_unsaid_means_the_narrower_answer() -> None:
    """Whoever forgets to say something about a case sees less than in an ordinary one, never more."""
    for cell in CELLS.values():
        group, relation = FieldGroup(cell.group), Relation(cell.relation)
        assert code_now(group, relation, Circumstances()) in ("-", code_now(group, relation, ORDINARY))


def opened_by(letter: str) -> set[str]:
    return {act for act, letters in PERMITTED.items() if letter in letters}


def narrower(letter: str, than: str) -> bool:
    return letter == "-" or opened_by(letter) <= opened_by(than)


ANY_CASE = st.builds(
    Circumstances,
    is_erased=st.booleans(),
    protection_level=st.integers(0, 3),
    days_closed=st.one_of(st.none(), st.integers(0, 5000)),
    has_consent=st.booleans(),
    is_in_window=st.booleans(),
    needs_address=st.booleans(),
    involves_children=st.booleans(),
    is_own_track=st.booleans(),
    is_approved=st.booleans(),
    is_accompanied=st.booleans(),
    has_follow_up=st.booleans(),
)


@pytest.mark.soak
@settings(max_examples=size(60, 5000), deadline=None)
@given(case=ANY_CASE)
def test_nothing_ever_gives(case: Circumstances) -> None:
    for group in FieldGroup:
        for relation in Relation:
            before, after = code(group, relation), code_now(group, relation, case)
            assert narrower(after, before), f"{group} for {relation}: {before} became {after}"


@pytest.mark.soak
@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda one: one.name)
@settings(max_examples=size(20, 1000), deadline=None)
@given(case=ANY_CASE)
def test_no_single_row_gives_whatever_came_before_it(modifier: object, case: Circumstances) -> None:
    for group in FieldGroup:
        for relation in Relation:
            for letter in {code(group, relation), "v", "r"} - {"-"}:
                after = modifier.take(letter, group, relation, case)  # type: ignore[attr-defined]
                if letter == code(group, relation):
                    assert narrower(after, letter), f"{group} for {relation}: {letter} became {after}"


def test_every_row_says_in_words_when_and_what() -> None:
    for modifier in MODIFIERS:
        assert modifier.name and str(modifier.when) and str(modifier.effect)
    assert [modifier.name for modifier in MODIFIERS] == ["¹ ² ³ ⁵", "M2", "M4", "M5", "M6", "M7", "M9"]
