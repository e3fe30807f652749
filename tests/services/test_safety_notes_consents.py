"""Journal, consents and the work list."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.kinds import ConsentForm, ConsentPurpose, ContactMode, ContactResult, NeedArea, SubjectType
from portal.core.states import DeadlineState
from portal.domain import consent as rules
from portal.models.cases import Note
from portal.models.deadlines import Deadline
from portal.services import consents, deadlines, notes, worklist
from tests.factories.people import actor_of, make_case, make_member, make_organisation

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")


def test_a_correction_is_a_new_note(session: Any) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    first = notes.write_note(case, text="She called.", actor=actor_of(member), now=NOW)
    notes.write_note(case, text="Her sister called.", corrects=first, actor=actor_of(member), now=NOW)
    rows = session.scalars(sa.select(Note).order_by(Note.id)).all()
    assert [row.text for row in rows] == ["She called.", "Her sister called."]
    assert rows[1].corrects_id == first.id


def test_nothing_is_noted_before_it_has_happened() -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    with pytest.raises(Invalid):
        notes.write_note(case, text="x", happened_at=NOW + timedelta(hours=1), actor=actor_of(member), now=NOW)
    with pytest.raises(Invalid):
        notes.write_note(case, text="  ", actor=actor_of(member), now=NOW)


def test_reaching_her_is_the_first_contact(session: Any) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    deadlines.put_up(
        DeadlineKind.FIRST_CONTACT,
        SubjectType.ENROLMENT,
        "k" * 22,
        due_on=NOW.date(),
        organisation_id=member.organisation_id,
        now=NOW,
    )
    notes.log_contact(
        case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        minutes=15,
        themes=[NeedArea.HOUSING],
        enrolment_public_id="k" * 22,
        actor=actor_of(member),
        now=NOW,
    )
    assert session.scalars(sa.select(Deadline.state)).all() == [DeadlineState.DONE]
    with pytest.raises(Invalid):
        notes.log_contact(
            case, mode=ContactMode.PHONE, result=ContactResult.REACHED, minutes=1441, actor=actor_of(member), now=NOW
        )


def test_a_consent_is_for_one_purpose_and_one_receiver() -> None:
    member, receiver = make_member(), make_organisation()
    case = make_case(member, now=NOW)
    given = consents.give_consent(
        case,
        purpose=ConsentPurpose.REFERRAL,
        recipient_organisation_id=receiver.id,
        form=ConsentForm.ORAL,
        given_on=date(2026, 11, 20),
        actor=actor_of(member),
        now=NOW,
    )
    day = date(2026, 12, 1)
    assert rules.covers(given, ConsentPurpose.REFERRAL, on=day, recipient_organisation_id=receiver.id)
    assert not rules.covers(given, ConsentPurpose.PROGRESS_BACK, on=day, recipient_organisation_id=receiver.id)
    assert not rules.covers(given, ConsentPurpose.REFERRAL, on=day)
    assert rules.is_live(given, on=date(2027, 5, 19))
    assert not rules.is_live(given, on=date(2027, 5, 20))
    consents.withdraw_consent(case, given, actor=actor_of(member), now=NOW + timedelta(days=3))
    assert rules.is_live(given, on=date(2026, 11, 22))
    assert not rules.is_live(given, on=date(2026, 11, 23))
    with pytest.raises(NotNow):
        consents.withdraw_consent(case, given, actor=actor_of(member), now=NOW)


@pytest.mark.parametrize(
    ("values", "field"), [({"given_on": date(2026, 11, 21)}, "given_on"), ({"months": 13}, "months")]
)
def test_a_consent_that_breaks_a_rule_is_refused(values: dict[str, Any], field: str) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    given = {"given_on": NOW.date(), "purpose": ConsentPurpose.REFERRAL, "form": ConsentForm.ORAL} | values
    with pytest.raises(Invalid) as refusal:
        consents.give_consent(case, **given, actor=actor_of(member), now=NOW)
    assert refusal.value.field == field


def put_up(member: Any, kind: DeadlineKind, session: Any) -> Deadline:
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        "c" * 22,
        due_on=NOW.date(),
        owner_id=member.user_id,
        organisation_id=member.organisation_id,
        now=NOW,
    )
    return session.scalars(sa.select(Deadline).where(Deadline.kind == kind)).one()


@pytest.mark.parametrize("kind", list(DeadlineKind))
def test_only_rows_without_a_page_or_a_law_are_done_or_moved_by_press(session: Any, kind: DeadlineKind) -> None:
    from portal.domain.cases import DONE_BY_PRESS, MAY_BE_PUT_OFF

    member = make_member()
    row = put_up(member, kind, session)
    if kind in MAY_BE_PUT_OFF:
        worklist.put_off(row, days=3, actor=actor_of(member), now=NOW)
        assert row.due_on == NOW.date() + timedelta(days=3)
        with pytest.raises(Invalid):
            worklist.put_off(row, days=14, actor=actor_of(member), now=NOW)
    else:
        with pytest.raises(NotNow):
            worklist.put_off(row, days=3, actor=actor_of(member), now=NOW)
    if kind in DONE_BY_PRESS:
        worklist.mark_done(row, actor=actor_of(member), now=NOW)
    with pytest.raises(NotNow):
        worklist.mark_done(row, actor=actor_of(member), now=NOW)
