"""What the calendar decides at night is decided once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.states import RequestState, TaskState
from portal.db import db
from portal.jobs import nightly
from portal.models.referrals import Referral, TrackRequest
from portal.queries import programme_versions as queries
from portal.services import programme_versions
from tests.factories.people import actor_of, make_member
from tests.factories.programmes import make_draft_programme, make_lead
from tests.factories.referrals import make_draft, make_offer, make_request
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")


def test_a_draft_goes_after_thirty_days_and_not_before() -> None:
    make_draft(make_member(), make_offer())
    now = utc_now()
    assert nightly.purge_drafts(now + timedelta(days=29)) == 0
    assert nightly.purge_drafts(now + timedelta(days=31)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Referral)) == 0


def test_a_programme_counts_from_its_day_once() -> None:
    lead, now = make_lead(), utc_now()
    programme = make_draft_programme(lead)
    draft, day = queries.get_version(programme), local_date(now) + timedelta(days=2)
    programme_versions.publish(draft, programme, day, actor=actor_of(lead), now=now)
    assert nightly.publish_programmes(now + timedelta(days=1)) == 0
    assert nightly.publish_programmes(now + timedelta(days=2)) == 1
    assert nightly.publish_programmes(now + timedelta(days=2)) == 0
    assert queries.find_in_force(programme.id) is not None


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
