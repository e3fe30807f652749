"""The events of a month with what they came to, and planning one."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.activities import bp
from portal.blueprints.activities.forms import ActivityForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, local_time, utc_now
from portal.core.enums import Permission
from portal.domain.permissions import can
from portal.queries import activities as queries
from portal.services import activities as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.periods import asked_month, month_pages
from portal.web.saving import saved
from portal.web.versions import against


@bp.get("/")
@access(Permission.ACTIVITY_VIEW)
def index() -> ResponseReturnValue:
    """The events of a month, and how many took part by kind."""
    actor, month = current_actor(), asked_month(local_date(utc_now()))
    try:
        rows, following = queries.list_month(actor, month, after=request.args.get("after"))
    except ValueError:
        abort(400)
    text = f"{month[0]:%Y-%m}"
    earlier, later = month_pages(month[0], lambda other: url_for(".index", month=other))
    return render_template(
        "activities/index.html",
        rows=rows,
        month=month[0],
        earlier=earlier,
        later=later,
        kinds=queries.count_kinds(actor, month),
        may_plan=can(actor, Permission.ACTIVITY_MANAGE),
        next_url=url_for(".index", month=text, after=following) if following else None,
    )


@bp.get("/new")
@access(Permission.ACTIVITY_MANAGE)
def new() -> ResponseReturnValue:
    """Plan an event."""
    return _form_page(_offered(ActivityForm(formdata=None)), url_for(".create"))


@bp.post("/new")
@access(Permission.ACTIVITY_MANAGE, audit=Audit.ACTIVITY_PLANNED)
def create() -> ResponseReturnValue:
    """Put it in the month."""
    form, made = _offered(ActivityForm()), []

    def save() -> None:
        made.append(service.plan(form.planned(), actor=current_actor(), now=utc_now()).public_id)

    if not saved(form, save, then=url_for(".index")):
        return _form_page(form, url_for(".create"), status=form.status)
    return after_change(url_for(".detail", public_id=made[0]), message=_("The event has been planned."))


@bp.get("/<public_id>/change")
@access(Permission.ACTIVITY_MANAGE)
def edit(public_id: str) -> ResponseReturnValue:
    """Change a planned event."""
    activity = queries.get(current_actor(), public_id)
    return _form_page(_known(activity), url_for(".change", public_id=public_id), public_id=public_id)


@bp.post("/<public_id>/change")
@access(Permission.ACTIVITY_MANAGE, audit=Audit.ACTIVITY_CHANGED)
def change(public_id: str) -> ResponseReturnValue:
    """Save the change."""
    actor, form, then = current_actor(), _offered(ActivityForm()), url_for(".detail", public_id=public_id)
    activity = queries.get(actor, public_id)

    def save() -> None:
        service.change(activity, form.planned(), version=form.seen, actor=actor, now=utc_now())

    if not saved(form, save, then=then):
        form = against(form, lambda: _known(queries.get(actor, public_id)))
        return _form_page(form, url_for(".change", public_id=public_id), public_id=public_id, status=form.status)
    return after_change(then, message=_("Saved."))


def _offered(form: ActivityForm) -> ActivityForm:
    """Let the form choose among those who work here; whoever plans stands there first."""
    actor = current_actor()
    people = queries.list_responsible(actor)
    form.who.choices = [(public_id, name) for _key, public_id, name in people]
    if request.method == "GET" and form.who.data is None:
        form.who.data = next((public_id for key, public_id, _name in people if key == actor.user_id), None)
    return form


def _known(activity: Any) -> ActivityForm:
    names = ("kind", "title", "guests", "child_bands", "version")
    known = {name: getattr(activity, name) for name in names}
    when = {
        "day": local_date(activity.starts_at),
        "starts": local_time(activity.starts_at),
        "ends": local_time(activity.ends_at),
        "who": queries.responsible(activity)[0],
    }
    return _offered(ActivityForm(formdata=None, data=known | when))


def _form_page(form: ActivityForm, action: str, *, public_id: str | None = None, status: int = 200) -> Any:
    back = url_for(".detail", public_id=public_id) if public_id else url_for(".index")
    page = render_template("activities/new.html", form=form, action=action, back=back, is_new=public_id is None)
    return page, status
