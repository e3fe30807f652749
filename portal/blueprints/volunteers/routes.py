"""List, register and keep up to date."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.volunteers import bp
from portal.blueprints.volunteers.forms import NewVolunteerForm, ProfileForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, Permission, Role
from portal.queries import volunteers as volunteer_queries
from portal.queries.users import name_of
from portal.services import account_codes
from portal.services import volunteers as volunteer_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import against


@bp.get("/")
@access(Permission.TASK_MANAGE)
def index() -> ResponseReturnValue:
    """The volunteers of the own organisation, with what is missing for each."""
    try:
        rows, following = volunteer_queries.list_all(
            current_actor(), today=local_date(utc_now()), after=request.args.get("after")
        )
    except ValueError:
        abort(400)
    next_url = url_for("volunteers.index", after=following) if following else None
    return render_template("volunteers/index.html", rows=rows, next_url=next_url)


@bp.get("/new")
@access(Permission.TASK_MANAGE)
def new() -> ResponseReturnValue:
    """A new volunteer."""
    return render_template("volunteers/new.html", form=NewVolunteerForm(formdata=None), code=None)


def _profile(form: ProfileForm) -> dict[str, Any]:
    return {
        "region": form.region.data,
        "skills": form.skills.data or [],
        "pledged_on": form.pledged_on.data,
        "trained_on": form.trained_on.data,
        "certificate_until": form.certificate_until.data,
    }


@bp.post("/new")
@access(Permission.TASK_MANAGE, audit=Audit.VOLUNTEER_REGISTERED, step_up=True)
def create() -> ResponseReturnValue:
    """Register a volunteer. The code to be read out is shown once."""
    form, codes = NewVolunteerForm(), []

    def act() -> None:
        volunteer_service.register(
            name=form.name.data,
            email=form.email.data,
            language=Language.DANISH,
            role=Role.VOLUNTEER,
            actor=current_actor(),
            now=utc_now(),
            **_profile(form),
        )
        codes.append(account_codes.invite_account(form.email.data, actor=current_actor(), now=utc_now()))

    if saved(form, act, then=url_for("volunteers.index")):
        return render_template("volunteers/new.html", form=None, code=codes[0])
    return render_template("volunteers/new.html", form=form, code=None), form.status


@bp.get("/<public_id>")
@access(Permission.TASK_MANAGE)
def detail(public_id: str) -> ResponseReturnValue:
    """One volunteer."""
    volunteer = volunteer_queries.get(current_actor(), public_id)
    return _profile_page(volunteer, _known_profile(volunteer))


def _known_profile(volunteer: Any) -> ProfileForm:
    return ProfileForm(formdata=None, obj=volunteer)


def _profile_page(volunteer: Any, form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "volunteers/detail.html", volunteer=volunteer, name=name_of(volunteer.user), form=form
    ), status


@bp.post("/<public_id>")
@access(Permission.TASK_MANAGE, audit=Audit.VOLUNTEER_CHANGED)
def save(public_id: str) -> ResponseReturnValue:
    """Bring a volunteer's profile up to date."""
    actor, form = current_actor(), ProfileForm()
    volunteer = volunteer_queries.get(actor, public_id)

    def act() -> None:
        volunteer_service.save_profile(
            user_id=volunteer.user_id,
            organisation_id=volunteer.organisation_id,
            version=form.seen,
            actor=actor,
            now=utc_now(),
            **_profile(form),
        )

    if saved(form, act, then=url_for("volunteers.index")):
        return after_change(url_for("volunteers.index"), message=_("Saved."))
    volunteer = volunteer_queries.get(actor, public_id)
    return _profile_page(volunteer, against(form, lambda: _known_profile(volunteer)), form.status)


@bp.post("/<public_id>/<any(pause, resume):action>")
@access(Permission.TASK_MANAGE, audit=Audit.VOLUNTEER_CHANGED)
def pause(public_id: str, action: str) -> ResponseReturnValue:
    """Pause a volunteer, or take her back."""
    volunteer = volunteer_queries.get(current_actor(), public_id)
    page = url_for("volunteers.detail", public_id=public_id)
    with transaction(then=page):
        volunteer_service.set_paused(volunteer, action == "pause", actor=current_actor(), now=utc_now())
    return after_change(page, message=_("Saved."))
