"""Who has looked in the case: for its team, and as a report for her."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, Permission
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.db import transaction
from portal.domain.disclosure import FieldGroup
from portal.domain.labels import label
from portal.queries import cases as case_queries
from portal.queries import looks as queries
from portal.queries.looks import Looker
from portal.queries.visibility import relation_of
from portal.services import audit
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_show
from portal.web.paging import read_page
from portal.web.periods import asked_period

YEAR = timedelta(days=365)


@bp.get("/<public_id>/looks")
@access(Permission.CASE_VIEW)
def looks(public_id: str) -> ResponseReturnValue:
    """Who has looked in the case, by person and day; of everybody, or of one person, role or organisation."""
    actor, after, period = current_actor(), request.args.get("after"), asked_period(local_date(utc_now()), YEAR)
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.AUDIT_CASE_ACCESS)
    lookers = queries.list_lookers(case.id)
    only = queries.narrow(lookers, request.args.get("who", ""))
    who = request.args["who"] if only is not None else None
    rows, following = read_page(
        lambda: queries.list_looks(case.id, only, since=period.since, until=period.until, after=after)
    )
    asked: dict[str, Any] = {"public_id": public_id, "who": who, "from": period.first, "to": period.last}
    shown = {"case": case, "back": case_url(public_id), "rows": rows, "period": period, "who": who}
    shown["next_url"] = url_for("cases.looks", **asked, after=following) if following else None
    shown["first_url"] = url_for("cases.looks", **asked) if after else None
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.LOOKS)
    return render_template("cases/looks.html", choices=_choices(lookers), **shown)


def _choices(lookers: Sequence[Looker]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom the list can be narrowed to, under what they are: people, roles, organisations. Each once."""
    return [
        (_("One person"), list({one.user: one.name for one in lookers}.items())),
        (_("One role"), list({one.role.value: label(one.role) for one in lookers}.items())),
        (_("One organisation"), list({one.organisation_public_id: one.organisation for one in lookers}.items())),
    ]


@bp.get("/<public_id>/looks/report")
@access(Permission.CASE_EDIT)
def looks_report(public_id: str) -> ResponseReturnValue:
    """What she may know of who looked: by role and organisation, on paper, in Danish or English."""
    actor, period = current_actor(), asked_period(local_date(utc_now()), YEAR)
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.AUDIT_CASE_ACCESS)
    rows, has_more = queries.list_report(case.id, since=period.since, until=period.until)
    shown = {"rows": rows, "has_more": has_more, "period": period, "public_id": public_id}
    with transaction():
        audit.record(Audit.LOOKS_REPORTED, SubjectType.CASE, public_id, actor=actor, now=utc_now(), case_id=case.id)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.LOOKS_REPORT)
    language = request.args.get("language", actor.language)
    with force_locale(language if language in set(Language) else Language.DANISH.value):
        return render_template("cases/looks_report.html", language=language, **shown)
