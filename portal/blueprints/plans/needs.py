"""How big a problem each area of her life is: what was said, at one time beside the other, and saying it anew."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.plans import bp
from portal.blueprints.plans.about import case_of, look
from portal.blueprints.plans.forms import BIG, NeedsForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.measures import CtiArea
from portal.queries import needs as queries
from portal.services import needs as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


def _page(public_id: str, form: NeedsForm, status: int = 200) -> ResponseReturnValue:
    case, seen = case_of(public_id)
    talks, reference = queries.list_talks(case), case.reference
    look(case)
    return render_template(
        "plans/needs.html",
        talks=talks,
        rows=queries.by_area(talks),
        scale=BIG,
        form=form,
        ratings=[form[area.value] for area in CtiArea],
        seen=seen,
        case_id=public_id,
        case_reference=reference,
    ), status


@bp.get("/<public_id>/needs")
@access(Permission.CASE_EDIT)
def needs(public_id: str) -> ResponseReturnValue:
    """What was said of each area, at one time beside the other."""
    return _page(public_id, NeedsForm(data={"rated_on": local_date(utc_now())}))


@bp.post("/<public_id>/needs")
@access(Permission.CASE_EDIT, audit=Audit.NEEDS_RATED)
def rate_needs(public_id: str) -> ResponseReturnValue:
    """Keep what is said now; what was said before stays."""
    case, _seen = case_of(public_id)
    form, then = NeedsForm(), url_for("plans.needs", public_id=public_id)
    is_first = not queries.list_talks(case)

    def save() -> None:
        rated = service.Rated(form.point.data, form.rated_by.data, form.rated_on.data, form.scores)
        service.rate(case, rated, actor=current_actor(), now=utc_now())

    if not saved(form, save, then=then):
        return _page(public_id, form, form.status)
    return after_change(then, message=_("Saved.") if is_first else _("Saved beside what was said before."))
