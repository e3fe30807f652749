"""A problem speaks to machines by its code and to people by its sentence."""

from portal.core.problems import Problem


def test_a_problem_has_a_code_and_a_sentence() -> None:
    problem = Problem("code", "A sentence.")
    assert (problem.code, str(problem), isinstance(problem, ValueError)) == ("code", "A sentence.", True)
