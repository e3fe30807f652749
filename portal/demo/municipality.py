"""What the municipality of each woman does: it is told of her, offers the counselling that the law asks for."""

from datetime import datetime
from functools import partial

from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.kinds import NeedArea
from portal.core.states import CounsellingState
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.services import cases, clients, counselling, counselling_records, counselling_work
from portal.services.counselling_work import Promise

ADVISERS = {"aarhus": ("henrik", "trine"), "odense": ("claus", "claus")}
SHARE = 0.75
# Six months after she moved into her own home the counselling is over.
LASTS_DAYS = 184


def tell(stage: Stage, cast: Cast) -> None:
    """Let an adviser join the case of those who are not referred to the counselling anyway."""
    for number, woman in enumerate(cast.women):
        if woman.is_anonymous or woman.admitted is None or stage.random.random() > SHARE:
            continue
        on = woman.admitted - 14 if woman.moved is None else woman.moved + 9
        if on < 1 or on >= woman.admitted:
            continue
        adviser = ADVISERS[woman.municipality][number % 2]
        stage.on(on, partial(_offer, stage, woman, adviser))


def _offer(stage: Stage, woman: Woman, adviser: str, now: datetime) -> None:
    if any(key.startswith("counselling") for key in woman.requests):
        return
    case, contact = women.get(stage, woman, woman.contact)
    cases.join_team(case.id, stage.actors[adviser].user_id or 0, actor=contact, now=now)
    case, actor = women.get(stage, woman, adviser)
    identity = clients.Identity(
        name=woman.name,
        birth_year=woman.birth_year,
        cpr=invented_cpr(stage),
        language=woman.language,
        needs_interpreter=woman.needs_interpreter,
    )
    cases.set_identity(case, identity=identity, allow_invented_cpr=True, actor=actor, now=now)
    today = stage.day(stage.ago_of(now))
    offered = counselling.offer(case.id, offered_on=today, actor=actor, now=now)
    lot = stage.random.random()
    if lot > 0.9:
        return
    answer = CounsellingAnswer.YES if lot < 0.63 else CounsellingAnswer.NO if lot < 0.8 else CounsellingAnswer.NO_ANSWER
    counselling.answer(offered, answer, answered_on=today, actor=actor, now=now)
    if answer is CounsellingAnswer.YES and woman.moved is not None:
        stage.on(max(woman.moved - 6, 1), lambda later: _start(stage, woman, adviser, later))


def _start(stage: Stage, woman: Woman, adviser: str, now: datetime) -> None:
    case, actor = women.get(stage, woman, adviser)
    begun = counselling_records.ensure(case.id)
    if begun.state is CounsellingState.ACCEPTED:
        today = stage.day(stage.ago_of(now))
        counselling.start(begun, started_on=today, moved_on=case.moved_on, actor=actor, now=now)
        if woman.moved is not None and woman.moved > LASTS_DAYS:
            stage.at(woman.moved - LASTS_DAYS, 11, partial(_end, stage, woman, adviser))
            return
        said = Promise(NeedArea.FINANCES, "Ydelseskontoret", "Svarer på ansøgningen om indskud", stage.day(-9))
        counselling_work.note_promise(begun, said, actor=actor, now=now)


def _end(stage: Stage, woman: Woman, adviser: str, now: datetime) -> None:
    case, actor = women.get(stage, woman, adviser)
    begun, today = counselling_records.ensure(case.id), stage.day(stage.ago_of(now))
    counselling.end(begun, CounsellingEnd.PERIOD_OVER, ended_on=today, actor=actor, now=now)


def invented_cpr(stage: Stage) -> str:
    """Ten digits of nobody: the birth date lies from four to ten years ahead."""
    day = stage.day(-stage.random.randrange(4 * 365, 9 * 365))
    return f"{day:%d%m%y}{stage.random.choice('49')}{stage.random.randrange(100, 1000)}"
