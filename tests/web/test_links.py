"""Every message and every row of a work list leads somewhere, whatever it is about and whoever reads it."""

import pytest
from flask import Flask, g

from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.domain.permissions import can
from portal.web.access import declaration_of
from portal.web.links import page_of
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")
PUBLIC_ID = "A" * 22


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_a_thing_leads_to_a_page_that_the_role_comes_in_at(app: Flask, role: Role) -> None:
    actor = actor_of(make_member(role))
    with app.test_request_context("/"):
        g.actor = actor
        for subject in SubjectType:
            for public_id in (PUBLIC_ID, None):
                page = page_of(subject, public_id)
                endpoint, _values = app.url_map.bind("localhost").match(page, method="GET")
                declared = declaration_of(app, endpoint)
                assert declared is not None
                allowed = declared.permissions is None or any(can(actor, one) for one in declared.permissions)
                assert allowed, f"{subject}: {page}"
