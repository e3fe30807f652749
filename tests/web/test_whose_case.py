"""Whose case it is stands on every page that is about one: two of them are open beside each other all day."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core.clock import utc_now
from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
# Made for her to take along, without anything by which somebody else would know whose it is.
FOR_HER = {"plans.for_her", "cases.looks_report"}


@pytest.mark.usefixtures("session")
def test_every_page_about_a_case_says_which(app: Flask, as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member, now=utc_now())
    browser, adapter = as_user(member), app.url_map.bind("localhost")
    silent, seen = [], 0
    for rule in app.url_map.iter_rules():
        if rule.arguments != {"public_id"} or "GET" not in (rule.methods or ()) or rule.endpoint in FOR_HER:
            continue
        answer = browser.get(adapter.build(rule.endpoint, {"public_id": case.public_id}))
        if answer.status_code != 200 or answer.mimetype != "text/html" or "<main" not in answer.text:
            continue
        seen += 1
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        if case.reference not in main:
            silent.append(rule.endpoint)
    assert seen > 25
    assert "\n".join(silent) == ""
