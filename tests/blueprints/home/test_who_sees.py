"""The table of who sees what, as everybody who has signed in reads it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from portal.core.enums import Role
from portal.domain.disclosure import Relation
from portal.domain.labels.disclosure import QUESTIONS
from portal.domain.relations import usual_relation
from tests.factories.people import make_member
from tests.policy.matrix import CELLS, GROUPS

AsUser = Callable[..., Any]
PAGE = "/who-sees-what"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_everybody_reads_her_own_part_first(as_user: AsUser, role: Role) -> None:
    answer = as_user(make_member(role)).get(PAGE)
    assert answer.status_code == 200
    assert f'value="{usual_relation(role).value}" selected' in answer.text


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_may_be_looked_at(as_user: AsUser, relation: Relation) -> None:
    text = as_user(make_member()).get(f"{PAGE}?as={relation.value}").text
    assert f'value="{relation.value}" selected' in text
    opened = [group for group in GROUPS if CELLS[group, relation.value].letter != "-"]
    main = text.partition("<main")[2].partition("</main>")[0]
    shown = main.partition('id="takes-away"')[0].partition('id="steps"')[0].count("<li>")
    assert shown == len(opened)


def test_the_whole_table_has_every_cell(as_user: AsUser) -> None:
    text = as_user(make_member()).get(f"{PAGE}?as=all").text
    assert text.count("<td") == 882
    assert 'class="quiet">-</td>' in text


@pytest.mark.parametrize("asked", ["", "nobody", "A" * 500, "ct"])
def test_a_question_about_nothing_shows_the_own_part(as_user: AsUser, asked: str) -> None:
    text = as_user(make_member()).get(f"{PAGE}?as={asked}").text
    assert 'value="CT" selected' in text


def test_it_is_linked_from_the_foot_and_closed_to_nobody_in_particular(as_user: AsUser, client: Any) -> None:
    assert f'href="{PAGE}"' in as_user(make_member()).get(PAGE).text
    assert client.get(PAGE).status_code == 303


@pytest.mark.parametrize("relation", [*Relation, "all"])
def test_all_that_takes_away_is_there_in_words(as_user: AsUser, relation: str) -> None:
    text = as_user(make_member()).get(f"{PAGE}?as={relation}").text
    rows = text.partition('id="takes-away"')[2]
    assert re.findall(r">(M\d+)<", rows) == [f"M{number}" for number in range(1, 12)]
    assert not re.findall(r"<dt>[^<]*M\d", rows), "the number is a reference, never the words"


@pytest.mark.parametrize("relation", Relation)
def test_one_list_has_no_signs_to_be_looked_up(as_user: AsUser, relation: Relation) -> None:
    text = as_user(make_member()).get(f"{PAGE}?as={relation.value}").text
    main = text.partition("<main")[2].partition("</main>")[0]
    assert not re.search("[¹²³⁴⁵⁶⁷]", main)
    assert str(QUESTIONS[relation]) in unescape(main)


def test_the_table_is_explained_before_it_begins_and_is_a_list_on_a_telephone(as_user: AsUser) -> None:
    text = as_user(make_member()).get(f"{PAGE}?as=all").text
    assert text.index("Sådan læses tabellen") < text.index("<table")
    narrow = text.partition('class="for-narrow"')[2]
    assert all(f'href="{PAGE}?as={one.value}"' in narrow for one in Relation)


def test_a_volunteer_reads_when_the_meeting_place_and_when_the_address_is_shown(as_user: AsUser) -> None:
    text = as_user(make_member(Role.VOLUNTEER)).get(f"{PAGE}?as=VW").text
    assert "Fornavn, tid og mødested for en opgave (tid og mødested allerede fra bekræftelsen)" in text
    assert "Adressen på en opgave (kun hvis kontaktpersonen har sagt ja til netop denne frivillige" in text
