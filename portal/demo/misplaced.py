"""What a colleague wrote in the wrong case late one evening: put aside, and waiting for a second person."""

from datetime import datetime

from portal.core.kinds import NeedArea
from portal.core.notes import TalkKind, TookPart, WrongCase
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.notes import NoteFacts
from portal.services import cases, misplaced, notes
from portal.services.misplaced import Wish

# The second person, and the colleague who was tired.
WHO, BESIDE = "katrine", "tove"
TEXT = "Hun har fået tid hos bankrådgiveren på torsdag og er lettet. Jeg går med. Hun vil gerne have papirerne med."


def tell(stage: Stage, cast: Cast) -> None:
    """Let her write about one woman in the case of another, and see it the next morning."""
    hers = [woman for woman in cast.women if woman.contact == WHO and woman.name and woman.admitted and not woman.moved]
    wrong, right = hers[-1], hers[-2]
    stage.at(2, 11, lambda now: _join(stage, (wrong, right), now))
    stage.at(1, 22, lambda now: _write(stage, wrong, right, now))


def _join(stage: Stage, both: tuple[Woman, Woman], now: datetime) -> None:
    for woman in both:
        case, actor = women.get(stage, woman, WHO)
        cases.join_team(case.id, stage.actors[BESIDE].user_id or 0, actor=actor, now=now)


def _write(stage: Stage, wrong: Woman, right: Woman, now: datetime) -> None:
    case, actor = women.get(stage, wrong, BESIDE)
    where, _same = women.get(stage, right, BESIDE)
    facts = NoteFacts(talk=TalkKind.PRACTICAL, took_part=[TookPart.HER])
    note = notes.write_note(case, text=TEXT, themes=[NeedArea.FINANCES], facts=facts, actor=actor, now=now)
    wish = Wish(WrongCase.WRONG_CASE, where.reference, "Jeg havde begge sager åbne.")
    misplaced.put_aside(case, note, wish, actor=actor, now=now)
