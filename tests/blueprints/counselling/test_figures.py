"""The figures on a page and in a file: the house's own, in words, numbers and nobody's name."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.states import CounsellingState as S
from portal.db import db
from portal.models.counselling import CoordinatingCounselling
from portal.models.users import Membership
from tests.factories.people import make_case, make_member, make_municipality, make_organisation

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


@pytest.fixture
def adviser() -> Membership:
    make_municipality()
    town = make_organisation(OrganisationKind.MUNICIPALITY, name="=SUM(A1)", municipality_code="751")
    adviser = make_member(Role.MUNICIPAL_ADVISER, town)
    for member, state in ((adviser, S.DECLINED), (make_member(), S.DECLINED), (make_member(), S.NOT_OFFERED)):
        db.session.add(
            CoordinatingCounselling(
                case_id=make_case(member).id,
                left_on=TODAY - timedelta(days=3),
                municipality_code="751",
                state=state,
            )
        )
    db.session.flush()
    return adviser


def test_the_figures_count_everybody_and_say_few(as_user: AsUser, adviser: Membership) -> None:
    page = as_user(adviser).get("/counselling/figures").text
    assert "3 kvinder flyttede ud" in page
    assert "(få)" in page
    assert "figure=declined" in page


def test_the_list_behind_a_figure_says_how_many_more_there_are(as_user: AsUser, adviser: Membership) -> None:
    page = as_user(adviser).get("/counselling/figures/list?figure=declined").text
    assert "n = 2" in page
    assert "Én mere er talt med" in page
    assert page.count("<td data-label") == 2


def test_a_period_that_cannot_be_is_told_beside_the_field(as_user: AsUser, adviser: Membership) -> None:
    browser = as_user(adviser)
    for asked in ("from=i+morgen", "from=02.10.2026&to=01.10.2026"):
        answer = browser.get(f"/counselling/figures?{asked}")
        assert answer.status_code == 422
        assert 'id="from-error"' in answer.text
        assert browser.get(f"/counselling/figures/list?figure=declined&{asked}").status_code == 400
        assert browser.get(f"/counselling/figures/file?{asked}").status_code == 400
    assert "0 kvinder" in browser.get("/counselling/figures?from=01.01.2020&to=31.12.2020").text


def test_the_file_holds_the_numbers_and_nothing_that_is_reckoned(as_user: AsUser, adviser: Membership) -> None:
    answer = as_user(adviser).get("/counselling/figures/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tal.xlsx"'
    sheet = load_workbook(BytesIO(answer.data)).active
    cells = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value}
    assert (cells["Kvinder, der flyttede ud"], cells["Sagde nej"], cells["Ikke tilbudt"], cells["Sagde ja"]) == (
        3,
        2,
        1,
        0,
    )
    assert sheet["A1"].value == "=SUM(A1)"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_others_are_refused_and_an_unknown_figure_is_not_there(as_user: AsUser, adviser: Membership) -> None:
    for address in ("/counselling/figures", "/counselling/figures/file", "/counselling/figures/list?figure=declined"):
        for role in (Role.CONTACT_PERSON, Role.VOLUNTEER, Role.GRANT_OFFICER):
            assert as_user(make_member(role)).get(address).status_code == 403
    assert as_user(adviser).get("/counselling/figures/list?figure=everybody").status_code == 404
    other = make_member(Role.PROGRAMME_LEAD)
    assert "0 kvinder" in as_user(other).get("/counselling/figures").text
