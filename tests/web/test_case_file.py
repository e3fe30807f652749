"""The row of links that each page of a case begins with."""

from flask import Flask

from portal.web.case_file import PARTS


def test_each_part_has_a_name_and_pages_of_its_own(app: Flask) -> None:
    with app.test_request_context():
        names = [str(part.label) for part in PARTS]
    pages = [page for part in PARTS for page in (part.endpoint, *part.under)]
    assert len(names) == len(set(names))
    assert len(pages) == len(set(pages))
    assert set(pages) <= set(app.view_functions)
