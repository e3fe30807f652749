"""On what ground something about her is told to others, by the day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.contacts import Party, ShareBasis
from portal.core.errors import Invalid
from portal.domain import contacts as rules

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("basis", "party", "is_right"),
    [
        (ShareBasis.NOTHING_TOLD, Party.BANK, True),
        (ShareBasis.CONSENT, Party.PRIVATE_NETWORK, True),
        (ShareBasis.DANGER_TO_LIFE, Party.EMPLOYER, True),
        (ShareBasis.CASE_PREPARATION, Party.OWN_MUNICIPALITY, True),
        (ShareBasis.POLICE_COOPERATION, Party.POLICE, True),
        (ShareBasis.CONCERN_DUTY, Party.SCHOOL_DAYCARE, True),
        (ShareBasis.CASE_PREPARATION, Party.BANK, False),
        (ShareBasis.POLICE_COOPERATION, Party.PRIVATE_NETWORK, False),
        (None, Party.POLICE, False),
    ],
)
def test_a_ground_is_always_said_and_fits_who_is_told(basis: ShareBasis | None, party: Party, is_right: bool) -> None:
    if is_right:
        assert rules.check_basis(basis, party, DAY) is basis
        return
    with pytest.raises(Invalid) as refusal:
        rules.check_basis(basis, party, DAY)
    assert refusal.value.field == "basis"


@pytest.mark.parametrize(
    ("day", "source"),
    [(date(2023, 12, 31), "serviceloven § 153 og § 154"), (date(2024, 1, 1), "barnets lov § 133 og § 135")],
)
def test_the_duty_of_concern_is_named_as_it_was_that_day(day: date, source: str) -> None:
    assert rules.ground_on(ShareBasis.CONCERN_DUTY, day) == source


def test_a_ground_that_did_not_count_that_day_is_refused() -> None:
    assert rules.ground_on(ShareBasis.NOTHING_TOLD, DAY) is None
    with pytest.raises(Invalid):
        rules.check_basis(ShareBasis.CONSENT, Party.POLICE, date(2010, 1, 1))


def test_moments_and_minutes_are_possible() -> None:
    rules.check_moment(NOW, NOW)
    rules.check_minutes(None)
    rules.check_minutes(1440)
    with pytest.raises(Invalid):
        rules.check_moment(NOW + timedelta(hours=1), NOW)
    with pytest.raises(Invalid):
        rules.check_minutes(1441)
