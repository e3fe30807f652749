"""The preview of what will disappear, the rules, and changes of their length."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.retention import bp
from portal.blueprints.retention.forms import LengthForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.rights import RetentionRule
from portal.domain.permissions import can
from portal.domain.retention import RULES
from portal.queries import case_parts
from portal.queries import retention as queries
from portal.services import retention as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/")
@access(Permission.RETENTION_MANAGE)
def index() -> ResponseReturnValue:
    """What will disappear in the next days at the own organisation, or what has."""
    is_done = request.args.get("view") == "done"
    try:
        rows, following = queries.list_ahead(current_actor(), after=request.args.get("after"), done=is_done)
    except ValueError:
        abort(400)
    view = "done" if is_done else None
    tabs = [
        {"label": _("Ahead"), "url": url_for(".index"), "is_current": not is_done, "count": None},
        {"label": _("Taken away before"), "url": url_for(".index", view="done"), "is_current": is_done, "count": None},
    ]
    next_url = url_for(".index", view=view, after=following) if following else None
    return render_template(
        "retention/index.html", rows=rows, tabs=tabs, next_url=next_url, rules=RULES, is_done=is_done
    )


@bp.get("/of/<public_id>")
@access(Permission.RETENTION_MANAGE, Permission.RIGHTS_SECOND)
def of_organisation(public_id: str) -> ResponseReturnValue:
    """From a message or the work list to the preview: whose it is follows from who asks."""
    if case_parts.organisation_id_of(public_id) != current_actor().organisation_id:
        abort(404)
    runs = can(current_actor(), Permission.RETENTION_MANAGE)
    return redirect(url_for(".index" if runs else ".rules"), 303)


@bp.get("/rules")
@access(Permission.RETENTION_MANAGE, Permission.RIGHTS_SECOND)
def rules() -> ResponseReturnValue:
    """Every rule, and changes of length that wait."""
    return _rules()


@bp.post("/rules")
@access(Permission.RETENTION_MANAGE, audit=Audit.RETENTION_ASKED)
def ask() -> ResponseReturnValue:
    """Ask for another length."""
    form = LengthForm()

    def save() -> None:
        service.ask_for_length(RetentionRule(form.rule.data), form.days.data, actor=current_actor(), now=utc_now())

    if not saved(form, save, then=url_for(".rules")):
        return _rules(form, 422)
    return after_change(url_for(".rules"), message=_("It counts when a second person agrees."))


@bp.post("/rules/<setting_id>/agree")
@access(Permission.RIGHTS_SECOND, audit=Audit.RETENTION_AGREED, step_up=True)
def agree(setting_id: str) -> ResponseReturnValue:
    """Agree to another length."""
    actor = current_actor()
    with transaction(then=url_for(".rules")):
        service.agree_to_length(queries.get_setting(actor, setting_id), actor=actor, now=utc_now())
    return after_change(url_for(".rules"), message=_("Agreed. What comes due by it is announced for 14 days first."))


def _rules(form: LengthForm | None = None, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    settings: list[Any] = queries.list_settings(actor)
    may_ask = can(actor, Permission.RETENTION_MANAGE)
    own = {one.rule: one.days for one in reversed(settings) if one.agreed_at is not None}
    waiting = [(one, one.asked_by_id == actor.user_id) for one in settings if one.agreed_at is None]
    form = form or LengthForm(formdata=None)
    shown = {"rules": RULES, "own": own, "waiting": waiting, "form": form, "may_ask": may_ask}
    return render_template("retention/rules.html", **shown), status
