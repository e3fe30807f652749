"""Who must never see this case: accounts, organisations, and people who have no account yet."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import KeepOutForm, WatchForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.safety import WatchedRelation
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts, kept_out, safety
from portal.queries import cases as case_queries
from portal.queries import watch as watch_queries
from portal.queries.visibility import relation_of
from portal.services import blocks, watch, watch_ending
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_have_whole, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _case(public_id: str) -> Any:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.BLOCK_LIST)
    must_have_whole(actor, case)
    return case


def _url(public_id: str) -> str:
    return url_for("cases.keep_out", public_id=public_id)


@bp.get("/<public_id>/keep-out")
@access(Permission.CASE_EDIT)
def keep_out(public_id: str) -> ResponseReturnValue:
    """Whom this case is closed to, and two forms."""
    return _page(public_id)


def _page(
    public_id: str, form: KeepOutForm | None = None, watched: WatchForm | None = None, status: int = 200
) -> ResponseReturnValue:
    actor, case = current_actor(), _case(public_id)
    form = form or KeepOutForm(formdata=None, prefix="out")
    form.organisation.choices = [("", _("Nobody")), *case_parts.organisation_choices()[1:]]
    rows = kept_out.list_kept_out(actor, case.id)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.KEEP_OUT)
    page = render_template(
        "cases/keep_out.html",
        reference=case.reference,
        public_id=public_id,
        rows=rows,
        form=form,
        watched=watched or WatchForm(formdata=None, prefix="watch"),
        back=case_url(public_id),
    )
    return page, status


@bp.post("/<public_id>/keep-out")
@access(Permission.CASE_EDIT, audit=Audit.BLOCK_SET)
def set_block(public_id: str) -> ResponseReturnValue:
    """Keep an account or an organisation out from now on."""
    case, form = _case(public_id), KeepOutForm(prefix="out")
    form.organisation.choices = [("", _("Nobody")), *case_parts.organisation_choices()[1:]]

    def act() -> None:
        blocks.keep_out_by_words(
            case,
            email=form.email.data,
            organisation=form.organisation.data,
            reason=form.reason.data,
            ends_part=form.ends_part.data,
            actor=current_actor(),
            now=utc_now(),
        )

    if not saved(form, act, then=_url(public_id)):
        return _page(public_id, form, status=form.status)
    return _saved(public_id)


def _saved(public_id: str) -> ResponseReturnValue:
    """The answer to both forms: the same whether or not somebody has an account."""
    return after_change(
        _url(public_id), message=_("Saved. It counts from now on, also for whoever turns up with it later.")
    )


@bp.post("/<public_id>/watch")
@access(Permission.CASE_EDIT, audit=Audit.WATCH_ADDED)
def add_watched(public_id: str) -> ResponseReturnValue:
    """Put somebody without an account on the watch list. The answer is the same whether or not he has one."""
    case, form = _case(public_id), WatchForm(prefix="watch")

    def act() -> None:
        watch.add(
            case,
            relation=WatchedRelation(form.relation.data),
            name=form.name.data,
            email=form.email.data,
            phone=form.phone.data,
            actor=current_actor(),
            now=utc_now(),
        )

    if not saved(form, act, then=_url(public_id)):
        return _page(public_id, watched=form, status=form.status)
    return _saved(public_id)


@bp.post("/<public_id>/keep-out/<block_id>/agree")
@access(Permission.CASE_EDIT, audit=Audit.BLOCK_LIFTED, step_up=True)
def agree_to_lift(public_id: str, block_id: str) -> ResponseReturnValue:
    """Agree with the safety officer that a block is no longer needed."""
    case = _case(public_id)
    with transaction(then=_url(public_id)):
        block = safety.get_block(block_id, safety.of_case(case.id))
        blocks.agree_to_lift(block, actor=current_actor(), now=utc_now())
    return after_change(_url(public_id), message=_("The block is lifted. Nobody is back on the team by that."))


@bp.post("/<public_id>/watch/<watched_id>/agree")
@access(Permission.CASE_EDIT, audit=Audit.WATCH_ENDED, step_up=True)
def agree_to_take_off(public_id: str, watched_id: str) -> ResponseReturnValue:
    """Agree with the safety officer that somebody need not be watched for any more."""
    case = _case(public_id)
    with transaction(then=_url(public_id)):
        person = watch_queries.get_watched(watched_id, watch_queries.of_case(case.id))
        watch_ending.agree_to_take_off(person, actor=current_actor(), now=utc_now())
    return after_change(_url(public_id), message=_("Taken off the list."))
