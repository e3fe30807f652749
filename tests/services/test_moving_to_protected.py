"""What belongs in a protected field leaves the note, and takes nobody's place there (R-385)."""

import pytest

from portal.core.clock import utc_now
from portal.core.errors import Invalid
from portal.core.text import SensitiveKind
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import clients, notes
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


def test_what_is_kept_already_is_only_taken_out(case: Case, member: Membership) -> None:
    clients.keep_phone(case, "20304050", actor=actor_of(member), now=NOW)
    case.client.address = "Skovvej 12, 8000 Aarhus C"
    left = move_to_protected(case, TEXT, actor=actor_of(member), now=NOW)
    assert "Skovvej" not in left and "20 30" not in left


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({"address": "Engvej 1, 8000 Aarhus C"}, "Hun bor nu på Skovvej 12, 8000 Aarhus C."),
        ({"phone": "+4520304051"}, "Hun har nummer 20 30 40 50."),
        ({}, "Hun har nummer 20 30 40 50, og hendes søster 22 33 44 55."),
        ({"protection_level": 2}, "Hun bor nu på Skovvej 12, 8000 Aarhus C."),
        ({}, "Hendes CPR er 010180-4000."),
    ],
)
def test_what_has_no_place_to_go_to_is_left_to_the_writer(
    case: Case, member: Membership, known: dict[str, object], text: str
) -> None:
    """Before, it was taken out of the note and kept nowhere: her new address was gone."""
    for name, value in known.items():
        setattr(case.client, name, value)
    with pytest.raises(Invalid) as refused:
        move_to_protected(case, text, actor=actor_of(member), now=NOW)
    assert refused.value.field == "text"


def test_every_kind_that_is_found_is_moved_or_refused(case: Case, member: Membership) -> None:
    case.client.address, case.client.phone = "Engvej 1, 8000 Aarhus C", "+4520304051"
    for kind in SensitiveKind:
        with pytest.raises(Invalid):
            notes._keep(kind, case, "Skovvej 12 20304050", actor=actor_of(member), now=NOW)


def test_an_ordinary_note_stays_as_it_is(case: Case, member: Membership) -> None:
    text = "Vi talte i 30 minutter om 2 breve fra 2025 og om sagen 123."
    assert move_to_protected(case, text, actor=actor_of(member), now=NOW) == text
