"""What the safety officer of the story looks after: blocks, the watch list, two emergencies, and protection."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.safety import BreakGlassReason, Verdict, WatchedRelation
from portal.db import db
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.logins import ORGANISATIONS
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.break_glass import LASTS
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.services import blocks, break_glass, cases, reveals, watch

HOUSE = ("katrine", "tove")
# A volunteer of the story bears the name that stands on the list; the officer has not answered yet.
NAMESAKE = "Emil Holk"


def tell(stage: Stage, cast: Cast) -> None:
    """Let the women of one centre be looked after."""
    here = [
        woman for woman in cast.women if woman.contact in HOUSE and woman.name and not woman.moved and woman.admitted
    ]
    barred, watched, hurried, waiting = here[:4]
    stage.on(6, lambda now: _keep_out_house(stage, barred, now), hour=10)
    stage.on(5, lambda now: _keep_out_account(stage, hurried, now), hour=11)
    stage.on(4, lambda now: _watch(stage, watched, now), hour=9)
    stage.on(12, lambda now: _hurry(stage, hurried, "tove", BreakGlassReason.PRIMARY_UNREACHABLE, True, now), hour=13)
    stage.on(1, lambda now: _hurry(stage, waiting, "marianne", BreakGlassReason.ACUTE_DANGER, False, now), hour=15)
    protected = next(woman for woman in cast.women if woman.contact in HOUSE and woman.protection == 1 and woman.moved)
    stage.on(3, lambda now: _move_again(stage, protected, now), hour=10)
    stage.on(2, lambda now: _allow_more(stage, now), hour=9)


def _keep_out_house(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    name = ORGANISATIONS["odense"]
    house = db.session.scalars(sa.select(Organisation.id).where(Organisation.name == name)).one()
    reason = "Hendes tidligere svigerinde arbejder i kommunen."
    blocks.keep_out(case, organisation_id=house, reason=reason, actor=actor, now=now)


def _keep_out_account(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    blocks.keep_out(
        case, user_id=stage.actors["tora"].user_id, reason="De kender hinanden privat.", actor=actor, now=now
    )


def _watch(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    relation = WatchedRelation.FORMER_PARTNER
    watch.add(case, relation=relation, name=NAMESAKE, email=None, phone=None, actor=actor, now=now)
    watch.tell_new(now)


def _hurry(stage: Stage, woman: Woman, who: str, category: BreakGlassReason, is_looked_at: bool, now: datetime) -> None:
    """Somebody opens the case while her caseworker is away. The database dates it today: it is moved into the story."""
    reference = db.session.get_one(Case, woman.case_id).reference
    reason = "Hun ringede og var bange. Hun skal have hjælp, før hendes kontaktperson er tilbage."
    opened = break_glass.open_case(reference, category=category, reason=reason, actor=stage.actors[who], now=now)
    opened.started_at, opened.ends_at = now, now + LASTS
    db.session.flush()
    if is_looked_at:
        break_glass.review(
            opened.public_id,
            verdict=Verdict.JUSTIFIED,
            remark="Rigtigt handlet. Kontaktpersonen var syg.",
            actor=stage.actors["rikke"],
            now=now,
        )


def _move_again(stage: Stage, woman: Woman, now: datetime) -> None:
    """She has a new address, and asks whether the protection may be lowered; the officer has not agreed yet."""
    case, actor = women.get(stage, woman, woman.contact)
    for address in ("Opdigtet Vej 100, 0000 Ingensteds", "Opdigtet Vej 102, 0000 Ingensteds"):
        cases.set_address(case, protection_level=1, address=address, actor=actor, now=now)
    reason = "Hun ønsker det selv, og truslerne er hørt op."
    cases.set_address(case, protection_level=0, lower_reason=reason, actor=actor, now=now)


def _allow_more(stage: Stage, now: datetime) -> None:
    katrine = stage.actors["katrine"].user_id or 0
    reason = "Hun flytter syv kvinder til nye boliger i denne uge."
    reveals.allow_more(katrine, 20, reason=reason, actor=stage.actors["rikke"], now=now)
