"""What the pages about children share: the case behind them, and the children through the reader's lens."""

from typing import Any

from flask import url_for

from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.pages import Page
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import cases as case_queries
from portal.queries import children as queries
from portal.queries.children import ChildFacts
from portal.queries.visibility import relation_of
from portal.web.access import current_actor, log_view
from portal.web.case_pages import must_show


def open_case(public_id: str) -> tuple[Actor, Any, Lens]:
    """The case, for whom its children are open. Raises NotFound, Forbidden."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    return actor, case, must_show(actor, case, FieldGroup.CHILD_IDENTITY)


def looked(actor: Actor, case: Any) -> None:
    """Write down that the children were looked at. A notice of concern leaves no other line than that."""
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CHILDREN)


def facts_of(case: Any, child: Any, seen: Lens) -> ChildFacts:
    """One child as its pages show it."""
    return queries.facts(child, seen, opened_at=case.opened_at, today=local_date(utc_now()))


def index_url(public_id: str) -> str:
    """The page of all her children."""
    return url_for("children.index", public_id=public_id)


def child_url(public_id: str, child_id: str) -> str:
    """The page of one child."""
    return url_for("children.child", public_id=public_id, child_id=child_id)
