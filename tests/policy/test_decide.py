"""Every line of the procedure, in its order (security rule 2.4)."""

from dataclasses import replace

import pytest

from portal.domain.decisions import ASKS_PROOF, DAILY_REVEALS, Act, Decision, Outcome, Person, decide
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.modifiers import ORDINARY, Circumstances
from tests.policy.matrix import CELLS, PROVED

F, R = FieldGroup, Relation
REVEALED = [cell for cell in CELLS.values() if cell.letter in "rRT"]


def test_line_1_whoever_has_not_signed_in_for_good_is_asked_to_even_about_figures() -> None:
    nobody = Person(is_account_ok=False, has_proved=True)
    for group in FieldGroup:
        for act in Act:
            assert decide(act, group, R.CT, nobody, ORDINARY) == Decision(Outcome.SIGN_IN, "-", 1)


@pytest.mark.parametrize("case", [None, ORDINARY, Circumstances(is_erased=True)])
@pytest.mark.parametrize("relation", [R.BX, R.XO, R.CT, R.PL])
def test_line_2_released_figures_are_bound_to_no_case(case: Circumstances | None, relation: Relation) -> None:
    assert decide(Act.VIEW, F.STATS_RELEASED, relation, Person(), case) == Decision(Outcome.ALLOW, "a", 2)
    for act in set(Act) - {Act.VIEW}:
        assert decide(act, F.STATS_RELEASED, relation, Person(), case).outcome is Outcome.FORBIDDEN


def test_line_2_no_case_and_a_blocked_person_are_one_answer() -> None:
    for group in set(FieldGroup) - {F.STATS_RELEASED}:
        for act in Act:
            nothing = decide(act, group, R.CT, PROVED, None)
            assert nothing == decide(act, group, R.BX, PROVED, ORDINARY) == Decision(Outcome.NOT_FOUND, "-", 6)


def test_line_2_an_erased_case_is_not_there_but_its_trail_is() -> None:
    erased = replace(ORDINARY, is_erased=True)
    for cell in CELLS.values():
        if cell.group == F.STATS_RELEASED:
            continue
        keeps = (cell.group, cell.relation) == ("audit_case_access", "DP")
        found = decide(Act.VIEW, F(cell.group), R(cell.relation), PROVED, erased)
        assert found.outcome is (Outcome.ALLOW if keeps else Outcome.NOT_FOUND), cell


def test_line_6_no_is_not_found_for_whoever_may_not_know_and_forbidden_for_whoever_does() -> None:
    assert decide(Act.EDIT, F.NOTE_CASE, R.TT, PROVED, ORDINARY).outcome is Outcome.FORBIDDEN
    assert decide(Act.VIEW, F.NOTE_CASE, R.CN, PROVED, ORDINARY).outcome is Outcome.NOT_FOUND
    # The track is cut off: what she knew a moment ago is not there any more.
    cut_off = replace(ORDINARY, has_consent=False)
    assert decide(Act.EDIT, F.NOTE_CASE, R.TT, PROVED, cut_off).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("cell", REVEALED, ids=lambda cell: f"{cell.group}-{cell.relation}")
def test_line_7_a_reveal_asks_for_proof_first_and_then_for_the_quota(cell: object) -> None:
    group, relation = F(cell.group), R(cell.relation)  # type: ignore[attr-defined]

    def asked(**person: object) -> Outcome:
        return decide(Act.REVEAL, group, relation, Person(**person), ORDINARY).outcome  # type: ignore[arg-type]

    assert asked() is Outcome.PROVE
    assert asked(reveals_left=0) is Outcome.PROVE
    assert asked(has_proved=True, reveals_left=0) is Outcome.QUOTA
    assert asked(has_proved=True, reveals_left=1) is Outcome.ALLOW
    assert Person().reveals_left == DAILY_REVEALS == 10


def test_line_7_exports_money_and_users_ask_for_proof_without_a_quota() -> None:
    asking = [
        (Act.EDIT, F.EXPORT_SUBJECT_ACCESS, R.DP),
        (Act.VIEW, F.EXPORT_SUBJECT_ACCESS, R.DP),
        (Act.CREATE, F.EXPORT_SUBJECT_ACCESS, R.CT),
        (Act.EDIT, F.GRANT_DECISION_PAYMENT, R.GO),
        (Act.EDIT, F.USER_MEMBERSHIP, R.OA),
        (Act.CREATE, F.USER_MEMBERSHIP, R.VC),
    ]
    for act, group, relation in asking:
        assert decide(act, group, relation, Person(), ORDINARY).outcome is Outcome.PROVE
        assert decide(act, group, relation, Person(has_proved=True, reveals_left=0), ORDINARY).is_yes
    assert set(ASKS_PROOF) == {F.EXPORT_SUBJECT_ACCESS, F.GRANT_DECISION_PAYMENT, F.USER_MEMBERSHIP}
    assert decide(Act.VIEW, F.GRANT_DECISION_PAYMENT, R.GO, Person(), ORDINARY).is_yes
    assert decide(Act.VIEW, F.USER_MEMBERSHIP, R.SO, Person(), ORDINARY).is_yes


def test_a_stranger_is_never_asked_to_prove_anything() -> None:
    """Being asked would tell her that there is something to see."""
    for cell in CELLS.values():
        if cell.letter == "-":
            for act in Act:
                assert decide(act, F(cell.group), R(cell.relation), Person(), ORDINARY).outcome in (
                    Outcome.NOT_FOUND,
                    Outcome.FORBIDDEN,
                )


def test_line_9_the_rest_is_yes_and_says_by_which_letter() -> None:
    assert decide(Act.VIEW, F.PERSON_NAME, R.CT, Person(), ORDINARY) == Decision(Outcome.ALLOW, "e", 9)
    assert decide(Act.REVEAL, F.PERSON_NAME, R.IN, PROVED, ORDINARY) == Decision(Outcome.ALLOW, "r", 9)
