"""Every route says who may come in, and every change which event it writes."""

from flask import Flask

from portal.core.enums import Permission, Role
from portal.domain.permissions import ROLE_PERMISSIONS
from portal.web.access import declaration_of, describe_routes

# Change nothing that is worth an event of its own: they lead in, out, or to the neutral page.
WITHOUT_EVENT = {
    "auth.sign_in_now",
    "auth.second_now",
    "auth.sign_in_options",
    "auth.sign_in_with_passkey",
    "auth.code_now",
    "auth.forgotten_now",
    "auth.leave",
    "auth.language",
    "auth.alive",
    "auth.lock",
    "identity.link",
    "home.policy_report",
}


def test_no_route_is_undeclared(app: Flask) -> None:
    assert [line for line in describe_routes(app) if "undeclared" in line] == []


def test_every_route_that_changes_something_names_its_event(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and rule.endpoint not in WITHOUT_EVENT
        and (declared := declaration_of(app, rule.endpoint)) is not None
        and declared.audit is None
    ]
    assert silent == []


def test_no_route_changes_anything_by_other_methods(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or set()}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_every_permission_belongs_to_a_role_and_guards_a_route(app: Flask) -> None:
    given = {permission for permissions in ROLE_PERMISSIONS.values() for permission in permissions}
    asked = {
        permission
        for rule in app.url_map.iter_rules()
        for permission in (getattr(declaration_of(app, rule.endpoint), "permissions", None) or ())
    }
    assert given == set(Permission)
    assert asked <= given


def test_every_role_is_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_addresses_hold_random_ids_only(app: Flask) -> None:
    names = {argument for rule in app.url_map.iter_rules() for argument in rule.arguments}
    assert {name for name in names if not name.endswith("_id")} <= {
        "action",
        "filename",
        # Of a lead's programme: a section, a question by its key, and what is done with it. About nobody.
        "section",
        "question",
        "move",
        "year",
        "month",
        "day",
        "step",
        "part",
        "kind",
        "week",
        "phase",
        "view",
        "number",
    }
