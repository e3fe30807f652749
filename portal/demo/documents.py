"""Papers in the story: a decision, a letter from the court, a picture, and one that came into the wrong case.

Without lots of its own, so that the rest of the story stays what it is.
"""

import io
from datetime import datetime
from functools import partial

from PIL import Image

from portal import papers, uploads
from portal.core.papers import PaperKind
from portal.demo import women
from portal.demo.amira import KEY
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.services import documents

# Who puts it here, what it is, what it is about, and how many days after its own day.
PAPERS = (
    (60, "katrine", PaperKind.DECISION, "Afgørelse om indskud til lejligheden", 2),
    (41, "maja", PaperKind.COURT, "Indkaldelse til møde om samvær", 5),
    (12, "maja", PaperKind.HEALTH, "Henvisning til psykolog", 1),
)
WRONG = 9
REASON = "Brevet hører til en anden kvindes sag"


def tell(stage: Stage, cast: Cast) -> None:
    """Let it happen. The lots that others draw stay what they are."""
    lots = stage.random.getstate()
    woman = next(one for one in cast.women if one.key == KEY)
    for days, by, kind, theme, late in PAPERS:
        said = documents.Said(kind, theme, stage.day(days + late))
        stage.on(days, partial(_put, stage, woman, by, said, _letter(theme, stage, days + late)), hour=11)
    photo = documents.Said(PaperKind.PHOTO, "Billede af nøglekvitteringen", stage.day(30))
    stage.on(30, partial(_put, stage, woman, "katrine", photo, _picture()), hour=14)
    stage.on(WRONG, partial(_wrong, stage, woman), hour=15)
    stage.random.setstate(lots)


def _letter(theme: str, stage: Stage, days: int) -> bytes:
    section = {"heading": "Brev", "lines": ["Et opdigtet brev til fremvisning."], "rows": []}
    content = {"heading": theme, "lead": [], "sections": [section], "foot": ""}
    return papers.make("sections", content, language="da", made_on=stage.day(days))


def _picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (320, 240), (214, 222, 226)).save(held, "JPEG")
    return held.getvalue()


def _put(stage: Stage, woman: Woman, by: str, said: documents.Said, content: bytes, now: datetime) -> None:
    case, actor = women.get(stage, woman, by)
    documents.add(case, said, uploads.receive(content), actor=actor, now=now)


def _wrong(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, "maja")
    said = documents.Said(PaperKind.LETTER, "Brev om boligstøtte", stage.day(WRONG))
    document = documents.add(case, said, uploads.receive(_letter(said.theme, stage, WRONG)), actor=actor, now=now)
    documents.take_out(case, document, reason=REASON, actor=actor, now=now)
