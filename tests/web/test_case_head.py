"""Every page within a case says whose it is, by the number that its reader knows (R-872)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core.enums import Role
from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TEMPLATES = Path(__file__).parents[2] / "portal" / "templates"
AREAS = {
    *("apart", "bridge", "cases", "children", "contacts", "counselling", "deadlines", "documents", "plans", "risk"),
    "transfers",
}
# Lists of the house, rules, and papers that leave it.
NOT_OF_A_CASE = {
    *("bridge/alone.html", "cases/index.html", "cases/looks_report.html", "risk/paper.html", "transfers/offered.html"),
    *("counselling/desk.html", "counselling/figure_list.html", "counselling/figures.html", "counselling/unmet.html"),
    *("deadlines/late.html", "deadlines/rules.html"),
}
# The parts say it where the view gives the number along; the others say it in their head.
SAYS_IT = re.compile(
    r'block (heading|chips) %}.*\bref(erence)?=|include "(cases/_head|cases/_parts|risk/_violence)\.html"'
)
# What is handed to her names no number.
WITHOUT = {"cases.looks_report", "risk.paper"}


def pages() -> list[str]:
    found = (path for area in sorted(AREAS) for path in sorted((TEMPLATES / area).rglob("*.html")))
    names = (str(path.relative_to(TEMPLATES)) for path in found if '{% extends "base.html"' in path.read_text())
    return [name for name in names if name not in NOT_OF_A_CASE]


@pytest.mark.parametrize("name", pages())
def test_a_page_of_a_case_has_a_head(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert SAYS_IT.search(text), "Include cases/_head.html at the begin of its main."


def test_each_page_that_a_case_leads_to_names_it(app: Flask, as_user: AsUser) -> None:
    contact = make_member()
    case = make_case(contact, name="Mona Vestergaard")
    reference, public_id = case.reference, case.public_id
    browser, silent, seen = as_user(contact), [], 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in AREAS or rule.arguments != {"public_id"} or "GET" not in rule.methods:
            continue
        answer = browser.get(rule.rule.replace("<public_id>", public_id))
        if answer.status_code == 200 and answer.mimetype == "text/html" and rule.endpoint not in WITHOUT:
            seen += 1
            if reference not in answer.text:
                silent.append(rule.endpoint)
    assert silent == []
    assert seen > 25


def test_a_form_with_a_mistake_names_it_too_and_a_stranger_learns_no_number(as_user: AsUser) -> None:
    contact = make_member()
    case = make_case(contact)
    reference, page = case.reference, f"/plans/{case.public_id}/goals/new"
    answer = as_user(contact).post(page, data={})
    assert (answer.status_code, reference in answer.text) == (422, True)
    assert reference not in as_user(make_member(Role.CONTACT_PERSON)).get(page).text
