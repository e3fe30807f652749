"""What a municipality's adviser does in the weeks after: meets each woman, and asks again whoever was not reached."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.courses import CounsellingAnswer
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.core.states import CaseState, DeadlineState
from portal.db import db
from portal.demo.stage import Stage
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.queries import cases as case_queries
from portal.services import counselling, notes

# Once a week until the last: what came due since then is on somebody's list still.
WEEKS = range(800, 6, -7)
MET = "Første møde hos kommunen. Vi gik igennem, hvad hun gerne vil have hjælp til, og hvem der gør hvad."


def tell(stage: Stage) -> None:
    """Let advisers see to their list once a week."""
    for days_ago in WEEKS:
        stage.at(days_ago, 16, partial(_week, stage))


def _week(stage: Stage, now: datetime) -> None:
    for kind, act in ((DeadlineKind.FIRST_MUNICIPAL_MEETING, _meet), (DeadlineKind.COUNSELLING_ASK_AGAIN, _ask_again)):
        for case, actor in _due(stage, kind, now):
            act(case, actor, now)


def _due(stage: Stage, kind: DeadlineKind, now: datetime) -> Iterator[tuple[Case, Actor]]:
    people = {actor.user_id: actor for actor in stage.actors.values()}
    rows = (
        sa.select(Case.public_id, Deadline.owner_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.kind == kind,
            Deadline.state == DeadlineState.OPEN,
            Deadline.due_on <= stage.day(stage.ago_of(now)),
            Case.state == CaseState.OPEN,
        )
    )
    for public_id, owner_id in db.session.execute(rows.order_by(Deadline.id)).all():
        if owner_id in people:
            actor = people[owner_id]
            yield case_queries.get(actor, public_id), actor


def _meet(case: Case, actor: Actor, now: datetime) -> None:
    notes.log_contact(
        case,
        mode=ContactMode.VISIT_OTHER,
        result=ContactResult.REACHED,
        minutes=45,
        themes=[NeedArea.FINANCES],
        text=MET,
        actor=actor,
        now=now,
    )


def _ask_again(case: Case, actor: Actor, now: datetime) -> None:
    today = local_date(now)
    offered = counselling.offer(case.id, offered_on=today, actor=actor, now=now)
    counselling.answer(offered, CounsellingAnswer.NO, answered_on=today, actor=actor, now=now)
