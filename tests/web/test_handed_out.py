"""Pages show what queries hand out: neither a template nor a handler nor a form reads a sealed column (R-513)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from wtforms import Form, StringField

from portal.models.clients import Client
from portal.queries.person_facts import CardFacts, PersonFacts
from portal.web.handed_out import PortalEnvironment, ProtectedField, sealed_fields
from tests.support.handed_out import Guarded, guarded_fields

WAYS = (
    "{{ her.name }}",
    "{{ her['name'] }}",
    "{{ her|attr('name') }}",
    "{{ [her]|map(attribute='name')|join }}",
    "{{ [her]|sort(attribute='name')|length }}",
    "{% if her.address %}yes{% endif %}",
    "{{ her.name is defined }}",
)


def her() -> Client:
    return Client(name="Amira Test", address="Testgade 1", birth_year=1990)


def facts() -> PersonFacts:
    return PersonFacts(1, "Amira Test", 1990, None, None, needs_interpreter=False)


@pytest.mark.parametrize("template", WAYS)
def test_a_template_reads_no_sealed_column_off_a_mapped_object(app: Flask, template: str) -> None:
    with pytest.raises(ProtectedField, match="Client"):
        app.jinja_env.from_string(template).render(her=her())


def test_a_template_shows_what_a_query_has_handed_out_and_what_is_not_sealed(app: Flask) -> None:
    assert isinstance(app.jinja_env, PortalEnvironment)
    assert app.jinja_env.from_string("{{ facts.name }}").render(facts=facts()) == "Amira Test"
    assert app.jinja_env.from_string("{{ her.birth_year }}").render(her=her()) == "1990"


def placed(path: str) -> Callable[[Any], Any]:
    """A function that reads a name, as if it stood in this file."""
    scope: dict[str, Any] = {}
    exec(compile("def read(row):\n    return row.name", path, "exec"), scope)
    read: Callable[[Any], Any] = scope["read"]
    return read


@pytest.mark.parametrize("path", ["/portal/blueprints/cases/view.py", "/portal/web/filters.py"])
def test_a_handler_reads_no_sealed_column_off_a_mapped_object(app: Flask, path: str) -> None:
    with pytest.raises(AssertionError, match=r"Client\.name is read in .*, read"):
        placed(path)(her())
    assert placed(path)(facts()) == "Amira Test"


def test_queries_and_services_read_what_they_work_with(app: Flask) -> None:
    assert placed("/portal/queries/person_facts.py")(her()) == "Amira Test"
    assert placed("/portal/services/clients.py")(her()) == "Amira Test"


class NameForm(Form):
    name = StringField()


def test_a_form_is_filled_from_a_projection_and_never_from_a_mapped_object(app: Flask) -> None:
    with pytest.raises(AssertionError, match=r"Client\.name is read in .*wtforms"):
        NameForm(obj=her())
    assert NameForm(obj=facts()).name.data == "Amira Test"


def test_every_sealed_column_is_guarded_and_no_other(app: Flask) -> None:
    assert {"name", "cpr_number", "phone", "address"} == sealed_fields(Client.__mapper__)
    assert len(guarded_fields()) > 70
    assert all(isinstance(one, Guarded) for one in guarded_fields())
    assert not isinstance(Client.__dict__["birth_year"], Guarded)


def test_a_projection_holds_values_and_cannot_be_changed() -> None:
    assert not hasattr(CardFacts, "__mapper__")
    with pytest.raises(AttributeError):
        facts().name = "Another"  # type: ignore[misc]
