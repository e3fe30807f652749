"""What a draft of a programme may hold, what its lint says, and which questions a form shows."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from portal.core.errors import Invalid
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint
from portal.core.scan import SensitiveKind, scan_asked
from portal.core.states import EnrolmentState
from portal.domain import programme_drafts as drafts
from portal.domain.disclosure import Relation, opens
from portal.domain.followups import Asked, read_asked, span_after
from portal.domain.programme_clocks import clock_due_on, sample
from portal.domain.programme_forms import is_answered, is_complete, kept, most_visible, unreachable, visible
from portal.domain.programme_lint import FIELD_BUDGET, lint
from portal.domain.programmes import Rules, read
from portal.domain.tracks import TRACKS, Facts
from tests.factories.programmes import MENTOR

CLOCK = {"key": "k1", "da": "a", "en": "a", "start": "sent", "unit": "days", "who": "intake", "amount": 1}


def question(key: str, kind: str = "yesno", on: str = "", *answers: str, **more: Any) -> dict[str, Any]:
    """One question as it is stored."""
    when = {"when": {"question": on, "answers": list(answers)}} if on else {}
    return {"key": key, "type": kind, "da": f"{key}?", "en": f"{key}?", **when, **more}


def form(*questions: dict[str, Any]) -> Rules:
    """The rules of a programme with these questions."""
    return read({"question": list(questions)})


def content(**more: Any) -> dict[str, Any]:
    """A whole draft: the peer mentor with something put over it."""
    return drafts.blank(TrackKind.COURSE) | MENTOR | more


def stops(given: dict[str, Any]) -> list[str]:
    """What keeps a draft from being published."""
    return [str(finding.section) for finding in lint(given) if finding.stops]


CHAIN = form(
    question("a"),
    question("b", "text", "a", "yes", required=True),
    question("c", "several", "", choices=[{"key": k, "da": k, "en": k} for k in "xyz"]),
    question("d", "text", "c", "x", "y"),
    question("e", "yesno", "a", "yes"),
    question("f", "text", "e", "no"),
)


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({}, "ac"),
        ({"a": "no"}, "ac"),
        ({"a": "yes"}, "abce"),
        ({"a": "yes", "e": "no"}, "abcef"),
        ({"a": "no", "e": "no"}, "ac"),
        ({"c": ["z"]}, "ac"),
        ({"c": ["x", "z"]}, "acd"),
        ({"c": "y"}, "acd"),
    ],
)
def test_a_question_is_shown_when_another_is_answered_so(answers: dict[str, Any], keys: str) -> None:
    assert "".join(one.key for one in visible(CHAIN, answers)) == keys


def test_what_is_hidden_is_neither_kept_nor_needed() -> None:
    assert kept(CHAIN, {"a": "no", "b": "skjult", "x": "ukendt", "d": ""}) == {"a": "no"}
    assert is_complete(CHAIN, {"a": "no"}) and not is_complete(CHAIN, {"a": "yes"})
    assert is_complete(CHAIN, {"a": "yes", "b": "svar"})
    assert [is_answered(value) for value in (0, "x", ["x"], "", None, [])] == [True, True, True, False, False, False]


def test_every_way_through_a_form_is_within_the_longest() -> None:
    ways = product(("yes", "no", None), ([], ["x"], ["x", "y", "z"]), ("yes", "no"))
    longest = max(len(visible(CHAIN, {"a": a, "c": c, "e": e})) for a, c, e in ways)
    assert longest == most_visible(CHAIN) == 6


def test_a_question_that_nobody_sees_is_found() -> None:
    lost = form(
        question("a", "text", "b", "yes"),
        question("b"),
        question("c", "text", "b", "maybe"),
        question("d", "text", "z", "x"),
    )
    assert [one.key for one in unreachable(lost)] == ["a", "c", "d"]
    assert unreachable(CHAIN) == []


def test_a_whole_draft_is_in_order() -> None:
    drafts.check(content())
    assert stops(content()) == []
    assert set(stops(drafts.blank(TrackKind.COURSE))) == {"about"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": [question("q1"), question("q1")]}, "question"),
        ({"question": [question("")]}, "question"),
        ({"criteria": [{"key": "c1", "da": "a", "en": "a"}] * 2}, "criteria"),
        ({"question": [question(f"q{n}") for n in range(201)]}, "question"),
        ({"criteria": [{"key": f"c{n}", "da": "a", "en": "a"} for n in range(41)]}, "criteria"),
        ({"question": [question("q1", "yesno", "q2", "yes"), question("q2", "yesno", "q1", "yes")]}, "when"),
        ({"question": [question("q1", "yesno", "q1", "yes")]}, "when"),
        ({"question": [question("q1") | {"da": "x" * 201}]}, "da"),
        ({"summary_da": "x" * 2001}, "summary_da"),
        ({"summary_da": None}, "summary_da"),
        ({"question": [question("q1", "dropdown")]}, "type"),
        ({"kind": "housing"}, "kind"),
        ({"eligibility": ["applied_for"]}, "eligibility"),
        ({"hidden": ["referral_content"]}, "hidden"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 10_001}, "capacity"),
        ({"recontact_days": 31}, "recontact_days"),
        ({"facts": {"duration_weeks": 261}}, "duration_weeks"),
        ({"waiting_order": "whoever_shouts"}, "waiting_order"),
        ({"follow_up": ["start+0w"]}, "follow_up"),
        ({"follow_up": ["end+3m", "after_3"]}, "follow_up"),
        ({"follow_up": [f"start+{n}w" for n in range(1, 16)]}, "follow_up"),
        ({"clock": [CLOCK | {"who": "worker"}]}, "clock"),
        ({"clock": [CLOCK | {"start": "never"}]}, "clock"),
        ({"clock": [CLOCK | {"amount": 0}]}, "clock"),
    ],
)
def test_what_a_draft_cannot_hold_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        drafts.check(content(**given))
    assert refusal.value.field == field


def test_two_hundred_questions_are_the_most() -> None:
    drafts.check(content(question=[question(f"q{n}") for n in range(200)]))


def test_a_key_is_never_used_twice() -> None:
    made = drafts.with_keys(content(criteria=[]), "criteria", [{"key": "", "da": "a", "en": "a"}])
    again = drafts.with_keys(made | {"criteria": []}, "criteria", [{"key": "", "da": "b", "en": "b"}])
    assert (made["criteria"][0]["key"], again["criteria"][0]["key"]) == ("c9", "c10")


@pytest.mark.parametrize(
    ("given", "section"),
    [
        ({"name_en": ""}, "about"),
        ({"summary_da": ""}, "about"),
        ({"criteria": [{"key": "c1", "da": "Kun dansk", "en": ""}]}, "criteria"),
        ({"question": [question("q1") | {"da": ""}]}, "questions"),
        ({"question": [question("q1") | {"hint_da": "Hjælp"}]}, "questions"),
        ({"question": [question("q1", "choice")]}, "questions"),
        ({"question": [question("q1", "text", "q9", "yes")]}, "questions"),
        ({"question": [question("q1", "text") | {"da": "Hvad er hendes cpr-nummer?"}]}, "questions"),
        ({"kind": "group", "facts": {"duration_months": 3}}, "course"),
    ],
)
def test_the_lint_says_what_stops(given: dict[str, Any], section: str) -> None:
    assert stops(content(**given)) == [section]


def test_what_is_only_a_thought_stops_nothing() -> None:
    many = [question(f"q{n}") for n in range(FIELD_BUDGET + 1)]
    thoughts = [finding for finding in lint(content(question=many, criteria=[], facts={})) if not finding.stops]
    assert [finding.section for finding in thoughts] == ["questions", "course", "criteria"]
    assert stops(content(question=many)) == []


def test_a_question_that_says_why_it_asks_may_ask() -> None:
    asks = question("q1", "text", purpose="Mentoren møder hende der") | {"da": "Hvilken adresse mødes de på?"}
    assert stops(content(question=[asks])) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hvad er hendes CPR?", SensitiveKind.CPR),
        ("Skriv personnummeret", SensitiveKind.CPR),
        ("Hvor bor hun nu?", SensitiveKind.ADDRESS),
        ("What is her address?", SensitiveKind.ADDRESS),
        ("Telefonnummer til skolen", SensitiveKind.PHONE),
        ("Her phone number", SensitiveKind.PHONE),
        ("Hvornår kan hun mødes?", None),
        ("Hvad ønsker hun at få ud af gruppen?", None),
    ],
)
def test_words_that_ask_for_what_is_protected_are_known(text: str, kind: SensitiveKind | None) -> None:
    assert scan_asked(text) is kind


def test_a_programme_hides_only_what_the_policy_shows_intake() -> None:
    assert len(drafts.HIDEABLE) == 10
    assert all(opens(group, Relation.IN) or opens(group, Relation.IN, "reveal") for group in drafts.HIDEABLE)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("start", Asked(FollowUpPoint.START)),
        ("after_3", Asked(FollowUpPoint.AFTER_3)),
        ("end+12m", Asked(FollowUpPoint.AFTER_12)),
        ("end+5m", Asked(FollowUpPoint.LATER, "5m")),
        ("end+3w", Asked(FollowUpPoint.LATER, "3w")),
        ("start+6w", Asked(FollowUpPoint.BETWEEN, "6w")),
    ],
)
def test_a_point_of_a_plan_is_read(text: str, asked: Asked) -> None:
    assert read_asked(text) == asked


@pytest.mark.parametrize("text", ["start+", "start+6", "start+06w", "phase_2+6w", "start+1000w", "now", "+6w"])
def test_a_point_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_asked(text)


def test_spans_are_counted_from_the_day_itself() -> None:
    assert span_after(date(2026, 1, 31), "1m") == date(2026, 2, 28)
    assert span_after(date(2026, 1, 31), "6w") == date(2026, 3, 14)


@pytest.mark.parametrize("kind", [TrackKind.COURSE, TrackKind.INDIVIDUAL_COUNSELLING, TrackKind.TRANSITION_SUPPORT])
def test_a_course_lasts_as_long_as_its_programme_says(kind: TrackKind) -> None:
    facts = Facts(EnrolmentState.ACTIVE, created_on=date(2026, 1, 1), started_on=date(2026, 1, 5))
    track = TRACKS[kind]
    assert track.end_rule({"facts": {"duration_weeks": 12}}, facts).on == date(2026, 3, 30)
    assert track.end_rule({"facts": {"duration_months": 2}}, facts).on == date(2026, 3, 5)
    assert track.end_rule({"facts": {}}, facts).on is None


def test_the_sample_case_tells_the_days() -> None:
    clock = CLOCK | {"start": "accepted", "unit": "weeks", "who": "worker"}
    given = content(clock=[clock], answer_weekdays=2, first_contact_days=3, follow_up=["start+6w", "end", "after_3"])
    seen = sample(given, date(2026, 3, 2))
    assert (seen.answer_on, seen.contact_on, seen.end_on) == (date(2026, 3, 4), date(2026, 3, 7), date(2026, 5, 30))
    assert [due for _one, due in seen.asked] == [date(2026, 4, 18), date(2026, 5, 30), date(2026, 8, 30)]
    assert [due for _clock, due in seen.clocks] == [date(2026, 3, 11)]


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        ("weekdays", date(2026, 3, 10)),
        ("days", date(2026, 3, 8)),
        ("weeks", date(2026, 3, 20)),
        ("months", date(2026, 5, 6)),
    ],
)
def test_an_own_clock_counts_in_its_unit(unit: str, due: date) -> None:
    row = {"key": "k1", "da": "a", "en": "a", "start": "sent", "unit": unit, "who": "intake", "amount": 2}
    assert clock_due_on(read({"clock": [row]}).clocks[0], date(2026, 3, 6)) == due


def test_a_programme_says_from_whom_it_takes_referrals_before_it_is_published() -> None:
    assert lint(content(sources=[])) and stops(content(sources=[])) == ["about"]
    assert stops(content(sources=["self"])) == []
    with pytest.raises(Invalid) as refused:
        drafts.check(content(sources=["neighbour"]))
    assert refused.value.field == "sources"
    assert read(drafts.blank(TrackKind.COURSE)).sources == read({}).sources
