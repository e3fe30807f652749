"""What belongs in a protected field leaves the note, and takes nobody's place there (R-385)."""

import pytest

from portal.core.clock import utc_now
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import clients
from portal.services.notes import move_to_protected
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TEXT = "Hun bor nu på Skovvej 12, 8000 Aarhus C og har nummer 20 30 40 50. Hun sover bedre."


@pytest.fixture
def member() -> Membership:
    return make_member(now=NOW)


@pytest.fixture
def case(member: Membership) -> Case:
    return make_case(member, now=NOW, name="Amira Karim")


def test_an_address_and_a_number_go_where_they_are_kept_and_found(case: Case, member: Membership) -> None:
    left = move_to_protected(case, TEXT, actor=actor_of(member), now=NOW)
    assert "Skovvej" not in left and "20 30" not in left and "8000" not in left
    assert left.endswith("Hun sover bedre.")
    assert case.client.address == "Skovvej 12, 8000 Aarhus C"
    assert case.client.phone == "+4520304050"
    assert case.client.phone_index and case.client.phone_cross_index


def test_what_is_known_already_stays_although_the_note_is_cleaned(case: Case, member: Membership) -> None:
    clients.keep_phone(case, "20304051", actor=actor_of(member), now=NOW)
    case.client.address = "Engvej 1, 8000 Aarhus C"
    left = move_to_protected(case, TEXT, actor=actor_of(member), now=NOW)
    assert "Skovvej" not in left and "20 30" not in left
    assert (case.client.address, case.client.phone) == ("Engvej 1, 8000 Aarhus C", "+4520304051")


def test_at_special_protection_no_address_is_kept_from_a_note_either(case: Case, member: Membership) -> None:
    case.client.protection_level = 2
    left = move_to_protected(case, TEXT, actor=actor_of(member), now=NOW)
    assert "Skovvej" not in left
    assert case.client.address is None


def test_a_cpr_number_is_taken_out_and_kept_nowhere(case: Case, member: Membership) -> None:
    left = move_to_protected(case, "Hendes CPR er 010180-4000.", actor=actor_of(member), now=NOW)
    assert "4000" not in left
    assert case.client.cpr_number is None


def test_an_ordinary_note_stays_as_it_is(case: Case, member: Membership) -> None:
    text = "Vi talte i 30 minutter om 2 breve fra 2025 og om sagen 123."
    assert move_to_protected(case, text, actor=actor_of(member), now=NOW) == text
