"""A plain overview on one page, printed for her: what she wants, who helps, what comes next."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.blueprints.plans import bp
from portal.blueprints.plans.about import case_of, look
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, Permission
from portal.core.pages import Page
from portal.queries import case_courses, case_parts, meetings
from portal.queries import plans as queries
from portal.web import for_her as words
from portal.web.access import access, current_actor


@bp.get("/<public_id>/for-her")
@access(Permission.CASE_EDIT)
def for_her(public_id: str) -> ResponseReturnValue:
    """The paper, and what shall stand on it."""
    case, seen = case_of(public_id)
    choice, language, reference = words.chosen(request.args), case.client.language, case.reference
    # Made before it is written down that she looked: after that the rows are to be read anew.
    paper = words.paper(_known(case, seen), choice)
    look(case, Page.OVERVIEW)
    return render_template(
        "plans/for_her.html",
        paper=paper,
        choice=choice,
        languages=list(Language),
        language=language,
        seen=seen,
        case_id=public_id,
        case_reference=reference,
    )


def _known(case: Any, seen: Any) -> words.Known:
    """What the paper can choose from, and the words that may never stand on it."""
    actor, now = current_actor(), utc_now()
    courses = case_courses.list_courses(actor, case.id, seen)
    return words.Known(
        goals=queries.list_goals(case),
        primary=queries.find_primary(case),
        courses=courses,
        dates=meetings.next_dates(actor, case.id, now=now),
        consents=case_parts.list_consents(case),
        never=(case.reference, *queries.house_names(case), *(course.provider for course in courses)),
        today=local_date(now),
    )
