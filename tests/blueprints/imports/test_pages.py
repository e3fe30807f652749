"""An import on the screen: a file, its columns, what is wrong, the press, how far it is, and what came of it."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.imports import ImportField as F
from portal.jobs.imports import run_imports
from portal.models.cases import Case
from portal.models.imports import CaseImport
from tests.factories.imports import AT, as_csv, as_xlsx, good_row, make_checked, make_house
from tests.factories.people import make_member

HTMX = {"HX-Request": "true"}


def hand_in(browser: Any, content: bytes) -> Any:
    """Send the form as a browser does. Put together here: the test client would use a file of its own."""
    head = "--mark\r\nContent-Disposition: form-data; name="
    fields = "".join(
        f'{head}"{key}"\r\n\r\n{value}\r\n' for key, value in browser.hidden("/imports/new", "/imports/new").items()
    )
    file = f'{head}"file"; filename="kvinder.xlsx"\r\nContent-Type: text/html\r\n\r\n'
    body = fields.encode() + file.encode() + content + b"\r\n--mark--\r\n"
    return browser.post("/imports/new", data=body, content_type="multipart/form-data; boundary=mark")


def page_of(session: Any) -> str:
    return f"/imports/{session.scalars(sa.select(CaseImport.public_id).order_by(CaseImport.id.desc())).first()}"


def test_from_the_file_to_the_cases(session: Any, as_user: Any) -> None:
    member, _colleague, mail = make_house()
    browser = as_user(member)
    assert "Du har ikke indleveret nogen fil" in browser.get("/imports/").text
    answer = hand_in(browser, as_xlsx([good_row(number, mail) for number in range(3)]))
    assert (answer.status_code, answer.location) == (303, f"{page_of(session)}/columns")
    page = page_of(session)
    columns = browser.get(f"{page}/columns").text
    assert "Amira Prøvesen" in columns and "Jeres eget sagsnummer" in columns
    chosen = {f"column_{number}": field.value for field, number in AT.items() if field}
    assert browser.submit(f"{page}/columns", data=chosen).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0
    assert browser.submit(page, f"{page}/start").status_code == 303
    shown = browser.get(page).text
    assert 'hx-trigger="every 3s"' in shown and "0 af 3 sager" in shown
    part = browser.get(page, headers=HTMX).text
    assert part.lstrip().startswith('<div id="import-progress"') and "<html" not in part
    assert run_imports(utc_now()) == 3
    part = browser.get(page, headers=HTMX).text
    assert "hx-trigger" not in part and "Færdig" in part
    assert "Færdig" in browser.get("/imports/").text
    assert "En import af sager er slut" in browser.get("/messages/").text


def test_what_is_wrong_stands_with_row_and_field_and_can_be_fetched(session: Any, as_user: Any) -> None:
    member, _colleague, mail = make_house()
    rows = [good_row(number, mail) for number in range(130)]
    for row in rows:
        row[AT[F.PHONE]] = "1234567"
    rows[0][AT[F.MUNICIPALITY]] = "=cmd|' /C calc'!A0"
    make_checked(member, as_csv(rows))
    browser, page = as_user(member), page_of(session)
    first = browser.get(page).text
    assert "Et dansk nummer har 8 cifre" in first and "page=2" in first and f"{page}/start" not in first
    assert browser.get(f"{page}?page=3").status_code == 200
    for bad in ("0", "99", "x", "-1", "²"):
        assert browser.get(f"{page}?page={bad}").status_code == 400
    fetched = browser.get(f"{page}/problems")
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="fejl.xlsx"'
    lines = list(load_workbook(BytesIO(fetched.data)).active.values)
    assert lines[0] == ("Række", "Felt", "Hvad der er galt", "Type")
    assert len([line for line in lines[1:] if line[3] == "Fejl"]) == 131
    assert not any(str(cell).startswith(("=", "+", "@")) for line in lines for cell in line)


def test_a_notice_that_will_be_late_is_called_what_it_is(session: Any, as_user: Any) -> None:
    """The notice of an admission; a notice of concern for a child is another thing, with another word."""
    member, _colleague, mail = make_house()
    row = good_row(1, mail)
    row[AT[F.ADMITTED_ON]] = "01.03.2026"
    make_checked(member, as_csv([row]))
    browser, page = as_user(member), page_of(session)
    shown = browser.get(page).text
    assert "Orienteringen om optagelsen står som forsinket" in shown
    assert "Indskrevet" in shown
    assert "Flyttet ind her" not in shown


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"%PDF-1.7 \n%%EOF", 415),
        (b"PK\x03\x04 nothing", 415),
        (b"x" * (10 * 1024 * 1024 + 1), 413),
        (b"Sagsnr;Navn\r\n", 422),
        (b"Sagsnr\r\n" + b"1\r\n" * 10_001, 422),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(as_user: Any, content: bytes, status: int) -> None:
    answer = hand_in(as_user(make_member()), content)
    assert answer.status_code == status
    assert "file-error" in answer.text


def test_columns_that_do_not_fit_stand_beside_their_field(session: Any, as_user: Any) -> None:
    member, _colleague, _mail = make_house()
    browser = as_user(member)
    hand_in(browser, as_csv([["1", "Amira", "x", "y"]], heads=["Nr", "Navn", "Navn", "Skostørrelse"]))
    page = page_of(session)
    shown = browser.get(f"{page}/columns").text
    assert "Flere kolonner hedder Navn" in shown and "Skostørrelse er ikke en overskrift" in shown
    twice = {"column_0": "own_number", "column_1": "name", "column_2": "name", "column_3": ""}
    answer = browser.submit(f"{page}/columns", data=twice)
    assert answer.status_code == 422 and 'id="column_1-error"' in answer.text
    missing = browser.submit(f"{page}/columns", data={"column_0": "", "column_1": "name", "column_2": ""})
    assert missing.status_code == 422
    assert browser.submit(f"{page}/columns", data={"column_0": "nonsense"}).status_code == 422


def test_strangers_colleagues_and_wrong_roles(session: Any, as_user: Any) -> None:
    member, colleague, mail = make_house()
    make_checked(member, as_csv([good_row(1, mail)]))
    page = page_of(session)
    for other in (colleague, make_member()):
        browser = as_user(other)
        for path in (page, f"{page}/columns", f"{page}/problems"):
            assert browser.get(path).status_code == 404
        for step in ("columns", "start", "drop"):
            assert browser.post(f"{page}/{step}", data={}).status_code == 404
        assert page not in browser.get("/imports/").text
    for role in (Role.PROGRAMME_LEAD, Role.INTAKE, Role.ADMINISTRATOR, Role.VOLUNTEER):
        for path in ("/imports/", "/imports/new", page):
            assert as_user(make_member(role)).get(path).status_code == 403


def test_wrong_moments_and_an_old_page(session: Any, as_user: Any) -> None:
    member, _colleague, mail = make_house()
    make_checked(member, as_csv([good_row(1, mail)]))
    browser, page = as_user(member), page_of(session)
    old = browser.hidden(page, f"{page}/start")
    chosen = {f"column_{number}": field.value for field, number in AT.items() if field}
    chosen |= {f"column_{AT[F.NOTE]}": ""}
    assert browser.submit(f"{page}/columns", data=chosen).status_code == 303
    assert browser.post(f"{page}/start", data=old).status_code == 409
    assert browser.submit(page, f"{page}/drop").status_code == 303
    assert browser.get(f"{page}/columns").status_code == 409
    for step in ("columns", "start", "drop"):
        assert browser.post(f"{page}/{step}", data={}).status_code == 409
    assert browser.get(f"{page}/problems").status_code == 404


def test_pages_cost_the_same_for_one_row_and_for_a_hundred(session: Any, as_user: Any, count_queries: Any) -> None:
    member, _colleague, mail = make_house()
    browser, spent = as_user(member), []
    for number in (1, 100):
        make_checked(member, as_csv([good_row(one, mail) for one in range(number)]))
        page = page_of(session)
        for path in (page, f"{page}/columns", "/imports/"):
            session.commit()
            count_queries.start()
            browser.get(path)
            spent.append(count_queries.stop())
    assert spent[:3] == spent[3:]
    assert max(spent) <= 12
