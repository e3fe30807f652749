"""What two people do at the same moment is told to the second as a conflict, and nothing of hers is half-done."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.db import db, transaction
from portal.models.organisations import Organisation
from portal.models.stays import Stay
from tests.factories.people import make_case, make_member, make_organisation


def save(change: Callable[[], object]) -> None:
    with transaction():
        change()


def stays(case_id: int, organisation_id: int, *days: int) -> None:
    for day in days:
        db.session.add(Stay(case_id=case_id, organisation_id=organisation_id, admitted_on=date(2026, 11, day)))


def test_a_name_that_somebody_took_first_is_a_conflict(committed: Session) -> None:
    taken = make_organisation()
    name, kind, region = taken.name, taken.kind, taken.region
    db.session.commit()

    def change() -> None:
        committed.execute(sa.update(Organisation).values(may_hold_cpr=True))
        db.session.add(Organisation(name=name, kind=kind, region=region))

    with pytest.raises(Conflict):
        save(change)
    assert db.session.scalars(sa.select(Organisation.may_hold_cpr)).all() == [False]


def test_a_second_open_stay_is_a_conflict(committed: Session) -> None:
    member = make_member()
    case_id, organisation_id = make_case(member).id, member.organisation_id
    db.session.commit()
    with pytest.raises(Conflict):
        save(lambda: stays(case_id, organisation_id, 1, 2))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 0


def test_a_row_that_is_wrong_in_itself_is_our_own_fault(committed: Session) -> None:
    with pytest.raises(IntegrityError):
        save(lambda: stays(0, 0, 1))
