"""What comes back of a form that was filled in, of a search, of a proof that is asked for: nothing unknown (R-003).

The crawl only looks, and the grid sends empty forms. Here each form is sent as somebody would send it: with mistakes,
so that its page comes again, and well, so that it leads on; where a fresh proof is wanted, also without one.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from portal.core.audit_tags import REVEALS
from portal.db import db
from portal.models.cases import Case
from portal.models.clients import Client
from portal.web.access import declaration_of
from portal.web.fields import PortalForm
from tests.policy import doors, picks
from tests.policy.asking import Asker, undone
from tests.policy.crawler import Ids, comes_in, row_of
from tests.policy.everything import MORE, Filled
from tests.policy.marks import Marks
from tests.policy.opens import Names, Opened
from tests.policy.search import Search
from tests.policy.test_relations import TABLE
from tests.support.sizes import size

pytestmark = pytest.mark.soak

# One of each part of the portal, and him who is kept out of a case that he worked on.
PEOPLE = size(("CT", "BX at K2", "XO", "TT", "VW", "GO", "SO"), (*TABLE, *MORE))
# So many values are shown on demand at least: a reveal that nobody succeeds with proves nothing.
FEWEST_REVEALED = {"TT": 2}
# Whoever says yes to a course works in that case from then on: where she is led is held against what she is by then.
TAKES_OVER = "enrolments.take"


def paths(app: Flask, filled: Filled, ids: Ids, code: str, cases: tuple[str, ...]) -> Iterator[tuple[Rule, str]]:
    """Every form behind the gate, about things of these cases."""
    adapter = app.url_map.bind("localhost")
    for rule in (one for one in doors.rules(app, "POST") if comes_in(app, filled, one.endpoint, code)):
        for case in cases if doors.ids_in(rule) else cases[:1]:
            case_id = filled.world.cases[case]
            named = {name: row_of(ids, doors.tables_of(rule, name)[0], case_id) for name in doors.ids_in(rule)}
            yield rule, adapter.build(rule.endpoint, next(doors.words_of(rule)) | named, method="POST")


@pytest.mark.parametrize("code", PEOPLE)
def test_a_form_that_is_filled_in_brings_nothing_unknown(
    app: Flask, filled: Filled, marks: Marks, ids: Ids, taken_in: list[PortalForm], code: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member, search, taken_over = filled.people[code], Search(marks), Search(marks)
    asker, unproved = Asker(app, member), Asker(app, member, has_proved=False)
    kept_out = size(("blocked_person",), ("ordinary", "blocked_person"))
    cases = kept_out if code == "BX at K2" else ("ordinary",)

    def send(path: str, declared: Any, data: dict[str, str]) -> Any:
        answer = asker.ask(path, "POST", data=data)
        search.read(path, answer, is_reveal=declared.audit in REVEALS and answer.status_code == 200)
        return answer

    with undone(app):
        for rule, path in paths(app, filled, ids, code, cases):
            declared = declaration_of(app, rule.endpoint)
            assert declared is not None
            taken_in.clear()
            with undone(app):
                send(path, declared, doors.TYPED)
                with app.test_request_context():
                    well = {one.name: text for form in taken_in[:1] for one in form for text in picks.filled_in(one)}
            with undone(app):
                answer = send(path, declared, doors.TYPED | well)
                # Where it leads is a page like any other: what was shown a moment ago does not stand there.
                if answer.location:
                    there = taken_over if rule.endpoint == TAKES_OVER else search
                    there.read(answer.location, asker.ask(answer.location))
                if rule.endpoint == TAKES_OVER:
                    assert "\n".join(taken_over.unknown(Opened(code, filled, Names(filled)))) == ""
            if declared.step_up:
                search.read(path, unproved.ask(path, "POST", data=doors.TYPED | well))
    opened = Opened(code, filled, Names(filled))
    assert "\n".join(search.unknown(opened)) == ""
    assert bool(taken_over.found) is (code == "PW")
    assert "\n".join(search.astray + taken_over.astray) == ""
    assert [status for status in search.statuses if status >= 500] == []
    assert len(search.revealed) >= FEWEST_REVEALED.get(code, 0)


@pytest.mark.parametrize("code", [*TABLE, *MORE])
def test_a_search_finds_nothing_unknown(app: Flask, filled: Filled, marks: Marks, code: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    asker, search = Asker(app, filled.people[code]), Search(marks)
    opened, shown = Opened(code, filled, Names(filled)), 0
    if not comes_in(app, filled, "search.find", code):
        return
    for case in db.session.scalars(sa.select(Case)).all():
        client = db.session.get_one(Client, case.client_id)
        for text in (case.reference, case.lead_reference, client.name, client.cpr_number, client.phone):
            before = len(search.found)
            with undone(app):
                answer = asker.ask("/search", "POST", data={"sought": text or "-"})
                search.read("/search", answer, typed=text or "")
                if answer.location:
                    search.read(answer.location, asker.ask(answer.location))
            shown += len(search.found) > before
    assert "\n".join(search.unknown(opened)) == ""
    assert "\n".join(search.astray) == ""
    assert shown > 0 or code not in ("CT", "TT", "BX at K2")
