"""A house that brings its own list along: a few cases that came in by it, and a file that waits to be put right."""

from datetime import datetime

from portal.core.imports import ImportField
from portal.demo.stage import Stage
from portal.services import import_runs, imports
from portal.uploads.sheets import Sheet

HEADINGS = ["Journalnr", "Navn", "Fødselsår", "Telefon", "Sprog", "Tolk", "Kommune", "Børn", "Bemærkninger"]
LIST = (
    ["LÆ-118", "Nadia Opdigtsen", "1991", "", "Arabisk", "ja", "Aarhus", "2017, 2020", "Kom fra den gamle liste."],
    ["LÆ-119", "Birgitte Fiktivgaard", "1984", "", "Dansk", "nej", "Aarhus", "", ""],
    ["LÆ-121", "Sofie Eksempelsen", "1996", "", "Dansk", "nej", "Aarhus", "1", "Vil helst skrives til."],
)
# Two that cannot come in as they stand: no such municipality, and a number that is too short.
LATER = (
    ["LÆ-121", "Sofie Eksempelsen", "1996", "", "Dansk", "nej", "Aarhus", "1", "Vil helst skrives til."],
    ["LÆ-122", "Mona Opdigtsen", "1989", "", "Somali", "ja", "Andeby", "", ""],
    ["LÆ-123", "Lea Fiktivgaard", "1993", "1234567", "Dansk", "nej", "Aarhus", "", ""],
)
WHO = "tove"


def tell(stage: Stage) -> None:
    """Let the list come in, and the next one be checked."""
    lots = stage.random.getstate()
    stage.on(4, lambda now: _bring_in(stage, now), hour=10)
    stage.on(1, lambda now: _wait(stage, now), hour=15)
    stage.random.setstate(lots)


def _check(stage: Stage, rows: tuple[list[str], ...], now: datetime) -> imports.CaseImport:
    sheet = Sheet(HEADINGS, list(enumerate(rows, start=2)))
    taken = imports.take_in(sheet, actor=stage.actors[WHO], now=now)
    fields = [ImportField(field) if field else None for field in taken.fields]
    imports.check(taken, fields, actor=stage.actors[WHO], now=now)
    return taken


def _wait(stage: Stage, now: datetime) -> None:
    _check(stage, LATER, now)


def _bring_in(stage: Stage, now: datetime) -> None:
    taken = _check(stage, LIST, now)
    imports.start(taken, with_alike=True, actor=stage.actors[WHO], now=now)
    claim = import_runs.claim(now=now)
    assert claim is not None
    references = import_runs.references_for(claim, now=now)
    import_runs.run(claim, references, now=now, progress=lambda _done: None)
