"""The page of one request: what is known of it, and what can be done now."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.rights import forms
from portal.blueprints.rights.way import way
from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.rights import RightsKind, RightsState
from portal.domain.disclosure import Relation
from portal.domain.permissions import can
from portal.domain.rights import TWO_PEOPLE, WORKFLOW
from portal.domain.workflow import available_actions
from portal.queries import rights as queries
from portal.services import erasure, rights_second
from portal.web.access import current_actor, log_view
from portal.web.fields import PortalForm


def here(public_id: str) -> str:
    """The address of a request."""
    return url_for("rights.detail", public_id=public_id)


def after(actor: Actor, public_id: str) -> str:
    """Where a second person is led: to the request where she runs requests herself, else to the list."""
    return here(public_id) if can(actor, Permission.RIGHTS_RUN) else url_for("rights.index")


def page(public_id: str, form: PortalForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page. `form`: the one that was refused; all others are fresh. At most twelve statements."""
    actor = current_actor()
    request = queries.get(actor, public_id)
    relation = Relation.DP if can(actor, Permission.RIGHTS_RUN) else Relation.SO
    export = queries.find_export(request)
    shown = {
        "request": request,
        "reference": request.case.reference,
        "written": queries.written(request),
        "hold": queries.find_hold(request.case_id),
        "export": export,
        "way": way(request, export),
        "is_late": request.due_on < local_date(utc_now()) and request.closed_at is None,
        "public_id": public_id,
        **_can(actor, request),
        **_forms(form),
    }
    log_view(case_id=request.case_id, relation=relation, page=Page.RIGHTS)
    return render_template("rights/detail.html", **shown), status


def _can(actor: Any, request: Any) -> dict[str, Any]:
    actions = {action.value for action in available_actions(WORKFLOW, request.state, actor)}
    is_first = request.taken_by_id == actor.user_id
    actions -= {"confirm", "return"} if is_first else {"recall"}
    is_alone = request.kind not in TWO_PEOPLE
    actions -= {"propose"} if is_alone else {"grant"}
    is_erasure, is_dossier = request.kind is RightsKind.ERASURE, request.kind is RightsKind.CHILD_DOSSIER
    may_build = can(actor, Permission.RIGHTS_RUN) and (
        (request.kind is RightsKind.ACCESS and request.state in (RightsState.IN_WORK, RightsState.GRANTED))
        or (is_dossier and request.state is RightsState.GRANTED)
    )
    undone = request.state in (RightsState.RECEIVED, RightsState.IN_WORK, RightsState.WAITING)
    waits_for_another = is_first and request.state is RightsState.WAITING
    preview = erasure.preview(request.case) if is_erasure and undone else None
    obstacles = rights_second.obstacles_to_ask(request, actor) if "propose" in actions else []
    if obstacles or (preview and preview.obstacles):
        actions -= {"propose"}
    return {
        "actions": actions,
        "is_first": waits_for_another,
        "is_dossier": is_dossier,
        "preview": preview,
        "obstacles": obstacles,
        "seconds": queries.list_seconds(request, actor).values() if waits_for_another else (),
        "proof": queries.find_erasure(erasure.subject_hash(request.case)) if is_erasure and not undone else None,
        "may_build": may_build,
    }


def _forms(refused: PortalForm | None) -> dict[str, PortalForm]:
    kinds = {
        "take_form": forms.TakeForm,
        "extend_form": forms.ExtendForm,
        "refuse_form": forms.RefuseForm,
        "return_form": forms.ReturnForm,
        "grant_form": forms.GrantForm,
        "close_form": forms.CloseForm,
        "harm_form": forms.HarmForm,
    }
    return {
        name: refused if refused is not None and type(refused) is kind else kind(formdata=None)
        for name, kind in kinds.items()
    }
