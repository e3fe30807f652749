"""What the pages of her plan share: the case, for somebody who has the whole of it, and that it was looked at."""

from typing import Any

from portal.core.pages import Page
from portal.domain.disclosure import FieldGroup
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.web.access import current_actor, log_view
from portal.web.case_pages import must_have_whole, must_show


def case_of(public_id: str) -> tuple[Any, Any]:
    """The case and its lens, for somebody who has the whole of it and is told what happens in it (M6)."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_have_whole(actor, case)
    return case, must_show(actor, case, FieldGroup.ENROL_TRACK_STATE)


def look(case: Any, page: Page = Page.PLAN) -> None:
    """Write down who opened her plan."""
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=page)
