"""A worker with fourteen cases leaves: her administrator hands all of it over in a few clicks, and everything moves."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from portal.core.states import DeadlineState, MeetingState
from portal.db import db
from portal.demo.logins import PASSWORD
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.users import Membership, User
from portal.services import accounts
from portal.wall import as_system
from tests.browser.walker import Walker
from tests.factories.leavers import make_leaver

Enter = Callable[..., Walker]
CASES, MOST_CLICKS = 14, 4


def let_in(member: Membership, key: str) -> None:
    """Give somebody an address and a password to sign in with."""
    user = db.session.get_one(User, member.user_id)
    user.email = f"{key}@bro.example"
    user.email_index = accounts.email_index(user.email)
    user.password_hash = accounts.hasher.hash(PASSWORD)


def owned(user_id: int) -> tuple[int, int, int, int]:
    """How many teams, dates, meetings and courses are somebody's."""
    found = (
        sa.select(TeamMember.id).where(TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)),
        sa.select(Deadline.id).where(Deadline.owner_id == user_id, Deadline.state == DeadlineState.OPEN),
        sa.select(Meeting.id).where(Meeting.responsible_id == user_id, Meeting.state == MeetingState.PLANNED),
        sa.select(Enrolment.id).where(Enrolment.worker_id == user_id),
    )
    teams, dates, meetings, courses = (len(db.session.scalars(statement).all()) for statement in found)
    return teams, dates, meetings, courses


def test_fourteen_cases_in_four_clicks(portal: Flask, walker: Enter) -> None:
    with portal.app_context(), as_system():
        made = make_leaver(CASES)
        leaver, successor = made.worker.user_id, made.ane.user_id
        let_in(made.administrator, "leavers.administrator")
        let_in(made.worker, "leavers.worker")
        db.session.commit()
        before = owned(leaver)
        db.session.remove()
    vera = walker("leavers.worker").go("/cases").at("Mine sager")
    mette = walker("leavers.administrator")
    mette.follow("Hvem arbejder her", within=mette.page.locator("header.rail")).at("Hvem arbejder her")
    mette.follow(re.compile("Overdrag og afslut Vera")).at("Overdrag arbejdet fra Vera")
    mette.choose({"Giv det hele til": "Ane"}).press("Overdrag, og afslut rollen")
    mette.at("Hvad der er overdraget").see("Kvittering")
    assert mette.clicks <= MOST_CLICKS
    assert mette.main.locator("tbody tr").count() == CASES
    mette.shot("hand-over-receipt")
    with portal.app_context(), as_system():
        assert owned(leaver) == (0, 0, 0, 0)
        assert owned(successor) == before
        assert before[0] == CASES
        db.session.remove()
    vera.page.goto("/cases")
    vera.at("Log ind")
