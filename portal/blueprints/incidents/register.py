"""The list, a new incident, and the page of one."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.incidents import bp, forms
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, local_time, utc_now
from portal.core.enums import Permission
from portal.core.rights import AuthorityState, IncidentState
from portal.domain import incidents as rules
from portal.queries import incidents as queries
from portal.services import incidents as service
from portal.web.access import access, current_actor
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import VersionedForm


@bp.get("/")
@access(Permission.INCIDENT_MANAGE)
def index() -> ResponseReturnValue:
    """The register, the newest first."""
    try:
        rows, following = queries.list_incidents(current_actor(), after=request.args.get("after"))
    except ValueError:
        abort(400)
    now = utc_now()
    shown = [(row, rules.clock(row.known_at, now=now, stopped_at=row.stopped_at)) for row in rows]
    next_url = url_for(".index", after=following) if following else None
    return render_template("incidents/index.html", rows=shown, next_url=next_url)


@bp.get("/new")
@access(Permission.INCIDENT_MANAGE)
def new() -> ResponseReturnValue:
    """Register an incident."""
    now = utc_now()
    known = {"known_on": local_date(now), "known_at": local_time(now).replace(second=0, microsecond=0)}
    return render_template("incidents/new.html", form=forms.NewForm(formdata=None, data=known))


@bp.post("/new")
@access(Permission.INCIDENT_MANAGE, audit=Audit.INCIDENT_OPENED)
def create() -> ResponseReturnValue:
    """Register it: the clock runs from when it was known."""
    form = forms.NewForm()

    def save() -> None:
        known_at = forms.moment_of(form.known_on, form.known_at)
        service.open_incident(form.account, known_at or utc_now(), actor=current_actor(), now=utc_now())

    if not saved(form, save, then=url_for(".index")):
        return render_template("incidents/new.html", form=form), form.status
    return after_change(url_for(".index"), message=_("The incident is registered. The clock runs."))


@bp.get("/<public_id>")
@access(Permission.INCIDENT_MANAGE)
def detail(public_id: str) -> ResponseReturnValue:
    """One incident with its clock."""
    return page(public_id)


@bp.get("/<public_id>/notice")
@access(Permission.INCIDENT_MANAGE)
def notice(public_id: str) -> ResponseReturnValue:
    """What the authority asks for, to be printed or copied: no names."""
    incident = queries.get(current_actor(), public_id)
    return render_template(
        "incidents/notice.html",
        incident=incident,
        account=queries.account(incident),
        groups=_group_words(incident),
        questions=rules.QUESTIONS,
        controller=current_actor().organisation_name,
        public_id=public_id,
    )


def page(public_id: str, refused: PortalForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page; `refused` is the form that comes back."""
    incident = queries.get(current_actor(), public_id)
    account = queries.account(incident)
    clock = rules.clock(incident.known_at, now=utc_now(), stopped_at=queries.stopped_at(incident))
    is_open = incident.state is not IncidentState.CLOSED
    shown = {
        "account_form": forms.AccountForm(formdata=None, data=_known(incident, account)),
        "telling_form": forms.TellingForm(formdata=None, data=_telling(incident, account)),
        "notified_form": forms.NotifiedForm(formdata=None),
        "not_required_form": forms.NotRequiredForm(formdata=None),
    }
    for fresh in shown.values():
        if isinstance(refused, VersionedForm) and type(fresh) is type(refused) and refused.is_outrun:
            refused.compare(fresh)
    shown |= {name: refused for name, fresh in shown.items() if type(fresh) is type(refused) and refused is not None}
    return render_template(
        "incidents/detail.html",
        incident=incident,
        account=account,
        clock=clock,
        groups=_group_words(incident),
        is_open=is_open,
        is_undecided=is_open and incident.authority is AuthorityState.UNDECIDED,
        is_running=incident.state is IncidentState.OPEN,
        points=rules.open_points(
            state=incident.state,
            authority=incident.authority,
            telling=incident.telling,
            is_location=incident.is_location,
        ),
        public_id=public_id,
        **shown,
    ), status


def _group_words(incident: Any) -> list[str]:
    words = {group.value: str(text) for group, text in forms.GROUPS}
    return [words.get(group, group) for group in incident.groups]


def _known(incident: Any, account: queries.Account) -> dict[str, Any]:
    happened = incident.happened_at
    return {
        "version": incident.version,
        "kind": incident.kind,
        "people": incident.people,
        "groups": incident.groups,
        "is_location": incident.is_location,
        "happened_on": local_date(happened) if happened else None,
        "happened_at": local_time(happened) if happened else None,
        "what_happened": account.what_happened,
        "consequences": account.consequences,
        "measures": account.measures,
    }


def _telling(incident: Any, account: queries.Account) -> dict[str, Any]:
    return {
        "version": incident.version,
        "telling": incident.telling,
        "telling_plan": account.telling_plan,
        "plan_holder": account.plan_holder,
    }
