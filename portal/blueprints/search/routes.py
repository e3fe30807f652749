"""Find cases, referrals, meetings, programmes and organisations, by one box."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.search import bp
from portal.blueprints.search.forms import SearchForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.kinds import MeetingKind, SubjectType
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.domain.search import SEARCHES, SHORTEST_KIND, Question, read_question
from portal.queries import search as queries
from portal.services import audit
from portal.web.access import access, current_actor
from portal.web.submissions import transaction


@bp.get("")
@access(*SEARCHES)
def index() -> ResponseReturnValue:
    """The box on a page of its own: for a phone, and for coming back."""
    return _page(SearchForm(formdata=None), None)


@bp.post("")
@access(*SEARCHES, audit=Audit.CASE_SEARCHED)
def find() -> ResponseReturnValue:
    """What the text finds among what one may see; the one case of a reference opens at once (R-720)."""
    actor, form, now = current_actor(), SearchForm(), utc_now()
    if not form.validate_on_submit():
        return _page(form, None), 422
    question = read_question(form.sought.data, local_date(now))
    found = queries.find(actor, question, _kinds(question), today=local_date(now))
    kind = queries.kind_of(actor, question)
    with transaction(then=url_for(".index")):
        audit.record(
            Audit.CASE_SEARCHED,
            SubjectType.SYSTEM,
            None,
            actor=actor,
            now=now,
            fields=[kind],
            shown=found.count(),
        )
    if kind == "reference" and len(found.cases) == 1 and can(actor, Permission.CASE_VIEW):
        return redirect(url_for("cases.detail", public_id=found.cases[0].public_id), 303)
    # The page shows no form key of the search again: each search is one of its own.
    form.form_key.data = None
    return _page(form, found)


def _kinds(question: Question) -> list[MeetingKind]:
    """The kinds of meetings whose word, as the reader reads it, begins with what was written."""
    if question.day is not None or len(question.text) < SHORTEST_KIND:
        return []
    return [kind for kind in MeetingKind if str(label(kind)).casefold().startswith(question.text.casefold())]


def _page(form: SearchForm, found: queries.Found | None) -> str:
    actor = current_actor()
    return render_template(
        "search/index.html",
        search=form,
        found=found,
        finds_cases=can(actor, Permission.CASE_VIEW) or can(actor, Permission.CASE_SEARCH),
        finds_people=can(actor, Permission.CASE_SEARCH),
    )
