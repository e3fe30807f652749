"""The register of requests, and the page of one."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.rights import bp, view
from portal.core.enums import Permission
from portal.queries import rights as queries
from portal.services import erasure
from portal.web.access import access, current_actor


@bp.get("/")
@access(Permission.RIGHTS_RUN, Permission.RIGHTS_SECOND)
def index() -> ResponseReturnValue:
    """The requests that the own organisation answers, the nearest day first."""
    shown = queries.View.ALL if request.args.get("view") == "all" else queries.View.OPEN
    try:
        rows, following = queries.list_requests(current_actor(), shown, after=request.args.get("after"))
    except ValueError:
        abort(400)
    tabs = [
        {"label": text, "url": url_for(".index", view=one.value), "is_current": one is shown, "count": None}
        for one, text in ((queries.View.OPEN, _("To be answered")), (queries.View.ALL, _("All")))
    ]
    next_url = url_for(".index", view=shown.value, after=following) if following else None
    return render_template("rights/index.html", rows=rows, tabs=tabs, next_url=next_url)


@bp.get("/<public_id>")
@access(Permission.RIGHTS_RUN, Permission.RIGHTS_SECOND)
def detail(public_id: str) -> ResponseReturnValue:
    """One request."""
    return view.page(public_id)


@bp.get("/<public_id>/certificate")
@access(Permission.RIGHTS_RUN)
def certificate(public_id: str) -> ResponseReturnValue:
    """The proof of an erasure: nothing personal, to be printed."""
    asked = queries.get(current_actor(), public_id)
    proof = queries.find_erasure(erasure.subject_hash(asked.case))
    if proof is None:
        abort(404)
    return render_template(
        "rights/certificate.html", proof=proof, controller=asked.case.owner.name, public_id=public_id
    )


@bp.get("/<public_id>/refusal")
@access(Permission.RIGHTS_RUN)
def refusal(public_id: str) -> ResponseReturnValue:
    """The wording of a refusal, to be printed: it says no more than it must."""
    asked = queries.get(current_actor(), public_id)
    if asked.refusal_ground is None:
        abort(404)
    return render_template("rights/refusal.html", request=asked, controller=asked.case.owner.name, public_id=public_id)
