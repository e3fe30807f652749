"""What the safety officer looks after: blocks, matches with the watch list, emergency accesses."""

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.safety import bp
from portal.blueprints.safety.forms import BlockForm, HitForm, ReviewForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.safety import HitState, Verdict
from portal.queries import case_parts, emergencies
from portal.queries import safety as queries
from portal.services import blocks, break_glass, watch
from portal.web.access import access, current_actor
from portal.web.fields import PortalForm
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction

# The lists of the desk: the template of each, and where its rows come from.
LISTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "index": ("safety/blocks.html", queries.list_blocks),
    "matches": ("safety/matches.html", queries.list_hits),
    "emergencies_page": ("safety/emergencies.html", emergencies.list_emergencies),
}


def tabs(here: str) -> list[dict[str, Any]]:
    """The parts of the safety officer's desk."""
    words = {
        "index": _("Blocks"),
        "matches": _("Watch list"),
        "emergencies_page": _("Emergency access"),
        "protection_page": _("Protection"),
    }
    return [
        {"label": text, "url": url_for(f"safety.{name}"), "is_current": name == here, "count": None}
        for name, text in words.items()
    ]


def read_rows(load: Any) -> Any:
    """A page of one of the lists; 400 for a cursor that is none."""
    try:
        return load(current_actor(), after=request.args.get("after"))
    except ValueError:
        abort(400)


def next_url(endpoint: str, following: str | None) -> str | None:
    """Where a list goes on."""
    return url_for(f"safety.{endpoint}", after=following) if following else None


def _desk(name: str, form: PortalForm, wrong: str | None = None, status: int = 200) -> ResponseReturnValue:
    """One of the lists; `wrong` is the row whose form could not be taken in, and keeps what was typed."""
    template, load = LISTS[name]
    rows, following = read_rows(load)
    page = render_template(
        template, rows=rows, form=form, wrong=wrong, tabs=tabs(name), next_url=next_url(name, following)
    )
    return page, status


@bp.get("/")
@access(Permission.SAFETY_VIEW)
def index() -> ResponseReturnValue:
    """Who is kept out of which case."""
    return _desk("index", _block_form(formdata=None))


def _block_form(**given: Any) -> BlockForm:
    form = BlockForm(**given)
    form.organisation.choices = [("", _("Nobody")), *case_parts.organisation_choices()[1:]]
    return form


@bp.post("/blocks")
@access(Permission.SAFETY_VIEW, audit=Audit.BLOCK_SET, step_up=True)
def keep_out() -> ResponseReturnValue:
    """Keep an account or an organisation out of a case of the own organisation."""
    form = _block_form()

    def act() -> None:
        case = queries.find_own_case(current_actor(), form.reference.data)
        if case is None:
            raise Invalid(_("No case here has that reference."), field="reference")
        blocks.keep_out_by_words(
            case,
            email=form.email.data,
            organisation=form.organisation.data,
            reason=form.reason.data,
            actor=current_actor(),
            now=utc_now(),
        )

    if not saved(form, act, then=url_for("safety.index")):
        return _desk("index", form, status=form.status)
    return after_change(url_for("safety.index"), message=_("Saved. It counts from now on."))


@bp.post("/blocks/<public_id>/lift")
@access(Permission.SAFETY_VIEW, audit=Audit.BLOCK_LIFTED, step_up=True)
def ask_to_lift(public_id: str) -> ResponseReturnValue:
    """Propose to lift a block; her caseworker must agree."""
    actor = current_actor()
    with transaction(then=url_for("safety.index")):
        block = queries.get_block(public_id, queries.own_cases(actor))
        blocks.ask_to_lift(block, actor=actor, now=utc_now())
    return after_change(url_for("safety.index"), message=_("Her caseworker has been asked to agree."))


@bp.get("/matches")
@access(Permission.SAFETY_VIEW)
def matches() -> ResponseReturnValue:
    """Accounts that may be somebody on the watch list."""
    return _desk("matches", HitForm(formdata=None))


@bp.post("/matches/<public_id>")
@access(Permission.SAFETY_VIEW, audit=Audit.WATCH_ANSWERED, step_up=True)
def answer(public_id: str) -> ResponseReturnValue:
    """Say whether it is the same person."""
    form, hit = HitForm(), queries.get_hit(current_actor(), public_id)
    if not form.validate_on_submit():
        return _desk("matches", form, public_id, form.status)
    with transaction(then=url_for("safety.matches")):
        watch.answer(hit, HitState(form.state.data), actor=current_actor(), now=utc_now())
    return after_change(url_for("safety.matches"), message=_("Saved."))


@bp.get("/emergencies")
@access(Permission.SAFETY_VIEW)
def emergencies_page() -> ResponseReturnValue:
    """Who opened a case in an emergency, and what is to be looked at."""
    return _desk("emergencies_page", ReviewForm(formdata=None))


@bp.post("/emergencies/<public_id>")
@access(Permission.SAFETY_VIEW, audit=Audit.BREAK_GLASS_REVIEWED, step_up=True)
def review(public_id: str) -> ResponseReturnValue:
    """Find that it was needed, or was not."""
    form, there = ReviewForm(), url_for("safety.emergencies_page")
    emergencies.get_emergency(current_actor(), public_id)
    if not form.validate_on_submit():
        return _desk("emergencies_page", form, public_id, form.status)
    with transaction(then=there):
        break_glass.review(
            public_id,
            verdict=Verdict(form.verdict.data),
            remark=form.remark.data,
            actor=current_actor(),
            now=utc_now(),
        )
    return after_change(there, message=_("Saved."))
