"""What may stand on a paper that she takes home (R-628)."""

import pytest

from portal.domain.for_her import first_name, may_be_found

HARMLESS = (
    "Mit eget sted med et værelse til hver",
    "Tilbage på sprogskolen",
    "Ringe til banken om en ny konto",
    "Learn to ride a bicycle",
    "Kontaktperson",
)
TELLING = (
    "Tale om volden med psykologen",
    "Efter KRISECENTRET",
    "Ringe til politiet om tilholdet",
    "Anmelde ham",
    "My life after the shelter",
    "Talk about the violence",
    "Keep my address secret",
    "Flytte til Nørregade 14, 8000 Aarhus",
    "Ringe til 12 34 56 78",
    "Cpr 010190-1234",
    "Besøge Bifrost på torsdag",
    "Sag 2026-0431",
)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_tells_nothing_may_stand_there(text: str) -> None:
    assert may_be_found(text, ("Bifrost", "2026-0431"))


@pytest.mark.parametrize("text", TELLING)
def test_what_could_give_her_away_may_not(text: str) -> None:
    assert not may_be_found(text, ("Bifrost", "2026-0431"))


def test_a_helper_has_a_first_name_and_no_more() -> None:
    assert (first_name("Katrine Holm Olesen"), first_name(" "), first_name("Pia")) == ("Katrine", "", "Pia")


def test_an_empty_name_forbids_nothing() -> None:
    assert may_be_found("Et job", ("", " "))
