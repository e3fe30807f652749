"""Who has looked: everyday looks of the last week, one at night that rang, and the week's sample."""

from datetime import datetime
from itertools import chain

import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.db import db
from portal.demo.stage import Stage
from portal.domain.disclosure import Relation
from portal.models.cases import Case, TeamMember
from portal.services import alert_rules, audit, reviews

PAGES = (Page.CASE, Page.JOURNAL, Page.COURSE)
# Two caseworkers in each of the houses that have officers to look after it; the first is called at night.
HOUSES = {"danner": ("maja", "sara"), "laerken": ("tove", "katrine")}
SEED = b"the demo's lot is no secret"


def tell(stage: Stage) -> None:
    """Let caseworkers look at their cases, once late at night, and let the portal notice."""
    for day in range(1, 7):
        stage.on(day, lambda now: _look(stage, now))
    stage.on(3, lambda now: _reveal_at_night(stage, now), hour=23)
    stage.on(2, _notice, hour=8)
    stage.on(1, lambda now: _draw(stage, now), hour=17)


def _cases(stage: Stage, who: str) -> list[Case]:
    mine = (TeamMember.user_id == stage.actors[who].user_id, TeamMember.ended_at.is_(None))
    query = sa.select(Case).join(TeamMember, TeamMember.case_id == Case.id).where(*mine).order_by(Case.id)
    return list(db.session.scalars(query.limit(4)))


def _look(stage: Stage, now: datetime) -> None:
    for who in chain.from_iterable(HOUSES.values()):
        for number, case in enumerate(_cases(stage, who)):
            page = PAGES[number % len(PAGES)]
            audit.record_view(actor=stage.actors[who], case_id=case.id, relation=Relation.CT, page=page, now=now)


def _reveal_at_night(stage: Stage, now: datetime) -> None:
    for who, _colleague in HOUSES.values():
        case = _cases(stage, who)[0]
        audit.record(
            Audit.ADDRESS_REVEALED,
            SubjectType.CASE,
            case.public_id,
            actor=stage.actors[who],
            now=now,
            case_id=case.id,
            relation=Relation.CT,
            fields=["address"],
            reason="Hun ringede og var bange. Politiet spurgte, hvor de skulle køre hen.",
        )
    db.session.flush()


def _notice(now: datetime) -> None:
    alert_rules.night_or_new_device(now)


def _draw(stage: Stage, now: datetime) -> None:
    for house in HOUSES:
        reviews.draw_samples(stage.organisations[house].id, now=now, seed=SEED)
