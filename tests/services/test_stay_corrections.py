"""A stay that has ended is corrected with a reason: what stood there is kept, what is counted from it moves (R-763)."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow, Stale
from portal.domain.cases import Unfinished
from portal.domain.deadlines import notice_due_on
from portal.models.audit import AuditEntry
from portal.models.counselling import CoordinatingCounselling
from portal.models.deadlines import Deadline
from portal.models.stays import StatutoryNotice, StayCorrection
from portal.queries import stays as queries
from portal.services import closing, notices, stay_corrections, stays
from portal.services.stays import Admission, Exit
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
CAME, LEFT = TODAY - timedelta(days=60), TODAY - timedelta(days=4)


def ended(member: Any) -> tuple[Any, Any]:
    """A case with a stay that has ended."""
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    stays.record_stay(case, admitted_on=CAME, admission=Admission(False, ["threats"]), **who)
    stay = stays.end_stay(case, discharged_on=LEFT, destination="own_home", **who)
    return case, stay


def correct(case: Any, stay: Any, member: Any, **changed: Any) -> list[str]:
    values: dict[str, Any] = {
        "admitted_on": CAME,
        "discharged_on": LEFT,
        "admission": Admission(False, ["threats"]),
        "leaving": Exit(destination="own_home"),
        "reason": "Hun kom en dag før",
        "actor": actor_of(member),
        "now": utc_now(),
    } | changed
    return stay_corrections.correct_ended(case, stay, **values)


def test_both_days_and_where_she_went_are_corrected_and_the_original_is_kept(session: Any) -> None:
    member = make_member()
    case, stay = ended(member)
    new_came, new_left = CAME - timedelta(days=1), LEFT - timedelta(days=2)
    changed = correct(
        case, stay, member, admitted_on=new_came, discharged_on=new_left, leaving=Exit(destination="family_friends")
    )
    assert changed == ["admitted_on", "destination", "discharged_on"]
    kept = session.scalars(sa.select(StayCorrection)).one()
    assert kept.original == {
        "admitted_on": CAME.isoformat(),
        "discharged_on": LEFT.isoformat(),
        "destination": "own_home",
    }
    assert kept.reason == "Hun kom en dag før"
    (row,) = queries.list_stays(actor_of(member), case)
    assert (row.admitted_on, row.discharged_on, row.destination) == (new_came, new_left, "family_friends")
    (was,) = row.originals
    assert (was.admitted_on, was.discharged_on, was.reason) == (
        CAME.isoformat(),
        LEFT.isoformat(),
        "Hun kom en dag før",
    )
    assert session.scalars(sa.select(AuditEntry.action)).all().count(Audit.STAY_CORRECTED) == 1


def test_unsent_notices_and_the_counselling_move_along_and_a_sent_one_stays(session: Any) -> None:
    member = make_member()
    case, stay = ended(member)
    who = {"actor": actor_of(member), "now": utc_now()}
    sent = session.scalars(sa.select(StatutoryNotice).where(StatutoryNotice.kind == "admission")).one()
    was_due = sent.due_on
    notices.send(case, sent, sent_on=CAME, **who)
    new_left = LEFT - timedelta(days=2)
    correct(case, stay, member, admitted_on=CAME - timedelta(days=9), discharged_on=new_left)
    session.expire_all()
    due = dict(session.execute(sa.select(StatutoryNotice.kind, StatutoryNotice.due_on)).all())
    assert due == {"admission": was_due, "discharge": notice_due_on(new_left)}
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.DISCHARGE_NOTICE)).one()
    assert row.due_on == notice_due_on(new_left)
    assert session.scalars(sa.select(CoordinatingCounselling.left_on)).all() == [new_left]


def test_the_counselling_of_an_earlier_stay_follows_its_own_stay(session: Any) -> None:
    member = make_member()
    case, stay = ended(member)
    stays.record_stay(case, admitted_on=TODAY, actor=actor_of(member), now=utc_now())
    new_left = LEFT - timedelta(days=3)
    correct(case, stay, member, discharged_on=new_left)
    session.expire_all()
    rows = session.execute(sa.select(CoordinatingCounselling.is_current, CoordinatingCounselling.left_on)).all()
    assert set(map(tuple, rows)) == {(False, new_left), (True, None)}


def test_nothing_changed_is_nothing_kept(session: Any) -> None:
    member = make_member()
    case, stay = ended(member)
    assert correct(case, stay, member) == []
    assert session.scalars(sa.select(StayCorrection)).all() == []
    assert Audit.STAY_CORRECTED not in session.scalars(sa.select(AuditEntry.action)).all()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"admitted_on": LEFT + timedelta(days=1)}, "discharged_on"),
        ({"discharged_on": TODAY + timedelta(days=1)}, "discharged_on"),
        ({"admission": Admission(decided_by="x" * 22)}, "leader"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], field: str) -> None:
    member = make_member()
    case, stay = ended(member)
    with pytest.raises(Invalid) as refusal:
        correct(case, stay, member, **changed)
    assert refusal.value.field == field


def test_a_page_that_was_too_old_a_closed_case_and_an_open_stay() -> None:
    member = make_member()
    case, stay = ended(member)
    with pytest.raises(Stale):
        correct(case, stay, member, version=stay.version - 1)
    with pytest.raises(NotFound):
        queries.get_ended(make_case(member), stay.public_id)
    here = stays.record_stay(make_case(member), admitted_on=TODAY, actor=actor_of(member), now=utc_now())
    with pytest.raises(NotNow):
        queries.get_ended(type("Of", (), {"id": here.case_id})(), here.public_id)
    closing.close_case(case, Unfinished(), actor=actor_of(member), now=utc_now())
    with pytest.raises((NotNow, Forbidden)):
        correct(case, stay, member, admitted_on=date(2020, 1, 1))


def test_the_page_corrects_with_a_reason_and_strangers_find_nothing(as_user: Any) -> None:
    member = make_member()
    case, stay = ended(member)
    browser, page = as_user(member), f"/cases/{case.public_id}/stays/{stay.public_id}"
    assert page in browser.get(f"/cases/{case.public_id}/stay").text
    sent = browser.hidden(page, page)
    typed = {"admitted_on": f"{CAME - timedelta(days=2):%d.%m.%Y}", "discharged_on": f"{LEFT:%d.%m.%Y}"}
    typed |= {"previous_stay": "no", "reasons": ["threats"], "destination": "own_home", "reported": "unknown"}
    missing = browser.post(page, data=sent | typed)
    assert missing.status_code == 422 and f'value="{typed["admitted_on"]}"' in missing.text
    assert browser.post(page, data=sent | typed | {"reason": "Forkert dag"}).status_code == 303
    shown = browser.get(f"/cases/{case.public_id}/stay").text
    assert "Forkert dag" in shown and f"{CAME:%d.%m.%Y}" in shown
    assert as_user(make_member()).get(page).status_code == 404


def test_the_page_of_her_stays_costs_no_more_than_others(as_user: Any, count_queries: Any) -> None:
    member = make_member()
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    today = local_date(utc_now())
    stays.record_stay(case, admitted_on=today - timedelta(days=60), **who)
    stays.end_stay(case, discharged_on=today - timedelta(days=50), **who)
    browser, page = as_user(member), f"/cases/{case.public_id}/stay"
    browser.get(page)
    count_queries.start()
    browser.get(page)
    assert count_queries.stop() <= 12, count_queries.statements
