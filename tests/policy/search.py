"""Looks for marks in everything that one person was sent."""

import io
import re
import zipfile
from collections import Counter

from werkzeug.test import TestResponse

from portal.domain.disclosure import Relation
from tests.policy.marks import Marks, Place
from tests.policy.opens import Opened
from tests.support.pdf import everything_in

# Whatever a page says of where to go on, also with other methods.
ADDRESS = re.compile(r"\b(?:href|src|hx-[a-z-]+|action|formaction|data-[a-z-]+)=\"([^\"]*)")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Kinds of answers whose text can be read. What a house is given back is sealed for its own certificate, and read by its
# own tests; a picture holds no text, and a table of errors is read by the tests of what it is about.
READABLE = {"text/html", "text/plain", "application/json", "application/zip", "application/pkcs7-mime"}
READABLE |= {"application/pdf", "image/jpeg", "image/png", SHEET}


class Search:
    """What was found, where it must not stand, and how often there was which answer."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.found: dict[str, tuple[Place, str]] = {}
        self.revealed: dict[str, tuple[Place, str]] = {}
        self.astray: list[str] = []
        self.statuses: Counter[int] = Counter()

    def read(self, path: str, answer: TestResponse, *, is_reveal: bool = False, typed: str = "") -> None:
        """Look through one answer; its headers and addresses are looked at on their own.

        `is_reveal`: she has asked for one value behind a proof of who she is, and the trail has a line of it.
        `typed`: what she sent herself, which stands in its field again and tells her nothing.
        """
        self.statuses[answer.status_code] += 1
        body = text_of(answer)
        if answer.mimetype not in READABLE:
            self.astray.append(f"{answer.mimetype} of {path} cannot be looked through: teach text_of to read it")
        for mark, place in self.marks.found_in(body).items():
            if mark not in typed:
                (self.revealed if is_reveal else self.found).setdefault(mark, (place, path))
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")
        # What stays in a browser's history or in somebody's log.
        addresses, title = "\n".join(ADDRESS.findall(body)), "".join(TITLE.findall(body)[:1])
        here = {"the head": head, "a title": title, "an address": addresses, "what was asked for": path}
        for where, text in here.items():
            # The trail is asked for by the reference of a case, as somebody says it on the telephone.
            may_be_named = path.startswith("/audit/") and where != "a title"
            astray = [place for place in self.marks.found_in(text).values() if not (may_be_named and is_clear(place))]
            self.astray += [f"{place} in {where} of {path}" for place in astray]

    def unknown(self, opened: Opened | None) -> list[str]:
        """Everything that was found and is not open to this person, with what she is to that case."""
        shown = [(place, path) for place, path in self.found.values() if not (opened and opened.shows(place))]
        shown += [one for one in self.revealed.values() if not (opened and opened.reveals(one[0]))]
        return [f"{place} in {path}, {what_she_is(opened, place)}" for place, path in shown]


def is_clear(place: Place) -> bool:
    """Whether a mark is what a case is called, which stands open in the database."""
    return place.table == "client_case"


def text_of(answer: TestResponse) -> str:
    """The whole body as text; of a packed file, what is in it and the names of its parts."""
    content = answer.get_data()
    if answer.mimetype == "application/pdf":
        return _part(content)
    # Who asks for the head alone gets no file.
    if not content or answer.mimetype not in ("application/zip", SHEET):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(name + "\n" + _part(packed.read(name)) for name in packed.namelist())


def _part(content: bytes) -> str:
    # What the tests' world keeps as a paper is a mark, and no paper: it is read as it stands.
    return everything_in(content) if content.startswith(b"%PDF") else content.decode(errors="replace")


def what_she_is(opened: Opened | None, place: Place) -> str:
    """Her relation to the case of a mark, and which case that is."""
    if opened is None:
        return Relation.AN.value
    if place.case_id is None:
        return f"of no case, row {place.key}"
    cases = opened.names.world.cases
    name = next(name for name, case_id in cases.items() if case_id == place.case_id)
    return f"{opened.sight.seen(place.case_id).relation.value} of the case {name}"
