"""Which column is what, and what one row says."""

from datetime import date
from typing import Any

import pytest

from portal.core.errors import Invalid
from portal.core.imports import ImportField as F
from portal.domain.import_rows import Known, check_doubles, key_of, read_row
from portal.domain.imports import check_mapping, guess, heading_problems, is_cpr_heading

TODAY = date(2026, 11, 20)
KNOWN = Known(TODAY, {"ida@example.org": 7}, {"aarhus": "751", "751": "751"}, allow_invented_cpr=True)


def read(field: F, text: str) -> tuple[Any, list[str]]:
    """What one cell says, and what is wrong with it."""
    row = read_row(2, ["A-1", "Amira", text], [F.OWN_NUMBER, F.NAME, field], KNOWN)
    return row.values.get(field), [issue.code for issue in row.issues]


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["Sags-nr.", "NAVN", "Tlf. nr.", "Børn"], [F.OWN_NUMBER, F.NAME, F.PHONE, F.CHILDREN]),
        (["Case number", "Name", "Phone", "Children"], [F.OWN_NUMBER, F.NAME, F.PHONE, F.CHILDREN]),
        (["Navn", "Name", "Skostørrelse", ""], [F.NAME, None, None, None]),
        (["CPR-nr."], [None]),
    ],
)
def test_columns_are_guessed_in_both_languages(headings: list[str], fields: list[F | None]) -> None:
    assert guess(headings, {}, holds_cpr=False) == fields


def test_what_was_said_last_time_counts_before_the_heading() -> None:
    remembered = {"navn": "note", "telefon": "", "kode": "own_number"}
    assert guess(["Navn", "Telefon", "Kode"], remembered, holds_cpr=True) == [F.NOTE, None, F.OWN_NUMBER]
    assert guess(["CPR"], {}, holds_cpr=True) == [F.CPR]
    assert is_cpr_heading("Cpr nr.") and is_cpr_heading("Barnets CPR") and not is_cpr_heading("Navn")


def test_headings_that_are_missing_double_or_unknown_are_told() -> None:
    assert heading_problems(["Nr", "", "Navn", "navn ", "Sko"]) == [
        ("empty", "2"),
        ("double", "Navn"),
        ("unknown", "Sko"),
    ]
    assert heading_problems(["Nr", "Navn"]) == []


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ([F.NAME], "column_0"),
        ([F.OWN_NUMBER, F.NAME, F.NAME], "column_1"),
        ([F.OWN_NUMBER, F.CPR], "column_1"),
    ],
)
def test_columns_that_cannot_be_so(fields: list[F | None], at: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_mapping(fields, holds_cpr=False)
    assert refusal.value.field == at
    check_mapping([F.OWN_NUMBER, None, None], holds_cpr=False)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (F.CPR, "010157-4001", "0101574001"),
        (F.CPR, "101574001", "0101574001"),
        (F.BIRTH_DATE, "1984-05-02", date(1984, 5, 2)),
        (F.PHONE, "0045 20 30 40 50", "+4520304050"),
        (F.INTERPRETER, "X", True),
        (F.INTERPRETER, "Nej", False),
        (F.PROTECTION, "Navne- og  adressebeskyttelse", 1),
        (F.MUNICIPALITY, "Aarhus Kommune", "751"),
        (F.MUNICIPALITY, "0751", "751"),
        (F.CHILDREN, "0", 0),
        (F.CHILDREN, "2015, 2018 og 2020", [2015, 2018, 2020]),
        (F.CONTACT_PERSON, "Ida@Example.org", 7),
        (F.NOTE, "=HYPERLINK(1)", "=HYPERLINK(1)"),
        (F.PLANNED_MOVE_ON, "01.02.2027", date(2027, 2, 1)),
    ],
)
def test_cells_as_people_write_them(field: F, text: str, value: object) -> None:
    assert read(field, text) == (value, [])


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (F.ADMITTED_ON, "01.03.2026", "notice"),
        (F.CHILDREN, "3", "counted"),
        (F.NOTE, "Ring på 20 30 40 50", "told"),
    ],
)
def test_warnings_do_not_keep_a_row_out(field: F, text: str, code: str) -> None:
    row = read_row(2, ["A-1", "Amira", text], [F.OWN_NUMBER, F.NAME, field], KNOWN)
    assert [issue.code for issue in row.issues] == [code]
    assert not row.is_wrong


def test_what_does_not_fit_together() -> None:
    fields = [F.OWN_NUMBER, F.CPR, F.BIRTH_YEAR, F.BIRTH_DATE, F.CHILDREN]
    row = read_row(2, ["A-1", "010157-4001", "1985", "02.05.1984", "1990"], fields, KNOWN)
    assert {(issue.field, issue.code) for issue in row.issues if not issue.is_warning} == {
        (F.CPR, "birth_date"),
        (F.BIRTH_YEAR, "birth_date"),
        (F.CHILDREN, "not_a_child"),
    }
    row = read_row(2, ["A-1", "1999", "2010"], [F.OWN_NUMBER, F.BIRTH_YEAR, F.CHILDREN], KNOWN)
    assert [issue.code for issue in row.issues if not issue.is_warning] == ["older_than_mother"]


def test_the_same_twice_names_the_first_row() -> None:
    rows = [read_row(n, ["a 1", "Amira", "20304050"], [F.OWN_NUMBER, F.NAME, F.PHONE], KNOWN) for n in (2, 9)]
    check_doubles(rows)
    assert rows[0].issues == []
    assert [(one.code, one.is_warning) for one in rows[1].issues] == [("double_number", False), ("double_phone", True)]
    assert key_of("A-1 ") == key_of("a - 1")
