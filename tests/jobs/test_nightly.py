"""What the calendar decides at night is decided once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.states import RequestState, TaskState
from portal.db import db
from portal.jobs import nightly
from portal.models.referrals import Referral, TrackRequest
from tests.factories.people import make_member
from tests.factories.referrals import make_draft, make_offer, make_request
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")


def test_a_draft_goes_after_thirty_days_and_not_before() -> None:
    make_draft(make_member(), make_offer())
    now = utc_now()
    assert nightly.purge_drafts(now + timedelta(days=29)) == 0
    assert nightly.purge_drafts(now + timedelta(days=31)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Referral)) == 0


def test_an_offer_that_nobody_answered_goes_back_once() -> None:
    request = make_request(state=RequestState.OFFERED).request
    late = utc_now() + timedelta(days=30)
    assert nightly.return_offers(late) == 1
    assert nightly.return_offers(late) == 0
    assert db.session.scalar(sa.select(TrackRequest.state).where(TrackRequest.id == request.id)) == (
        RequestState.IN_VISITATION
    )


def test_a_task_that_nobody_took_leaves_the_board_when_its_time_has_come() -> None:
    coordinator, *_rest = make_pool()
    task = make_task(coordinator)
    assert nightly.expire_tasks(task.starts_at - timedelta(minutes=1)) == 0
    assert nightly.expire_tasks(task.starts_at) == 1
    db.session.refresh(task)
    assert task.state is TaskState.EXPIRED
