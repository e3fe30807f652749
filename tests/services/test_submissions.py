"""A form that is sent twice is answered once."""

import pytest

from portal.core.clock import utc_now
from portal.core.errors import Invalid
from portal.services.submissions import digest, find, take_in
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")


def test_the_same_form_again_leads_where_the_first_sending_led() -> None:
    actor, content = actor_of(make_member()), digest("cases.new", [("name", "Amira"), ("year", "1990")])
    assert take_in("key-1", content, actor=actor, location="/cases/1", now=utc_now()) is None
    assert take_in("key-1", content, actor=actor, location="/cases/2", now=utc_now()) == "/cases/1"


def test_the_order_of_the_fields_does_not_make_another_form() -> None:
    fields = [("name", "Amira"), ("year", "1990")]
    assert digest("cases.new", fields) == digest("cases.new", reversed(fields))
    assert digest("cases.new", fields) != digest("cases.other", fields)
    assert digest("cases.new", fields) != digest("cases.new", [("name", "Amira"), ("year", "1991")])


def test_a_key_is_good_for_one_form_of_one_person() -> None:
    member, other = make_member(), make_member()
    content = digest("cases.new", [("name", "Amira")])
    take_in("key-1", content, actor=actor_of(member), location="/cases/1", now=utc_now())
    for actor, sent in ((member, digest("cases.new", [("name", "Fatma")])), (other, content)):
        with pytest.raises(Invalid):
            take_in("key-1", sent, actor=actor_of(actor), location="/cases/2", now=utc_now())


def test_only_the_very_form_of_the_very_person_is_found_again() -> None:
    member, other = make_member(), make_member()
    content = digest("cases.new", [("name", "Amira")])
    assert find("key-1", content, actor=actor_of(member)) is None
    take_in("key-1", content, actor=actor_of(member), location="/cases/1", now=utc_now())
    assert find("key-1", content, actor=actor_of(member)) == "/cases/1"
    assert find("key-1", content, actor=actor_of(other)) is None
    assert find("key-1", digest("cases.new", [("name", "Fatma")]), actor=actor_of(member)) is None
