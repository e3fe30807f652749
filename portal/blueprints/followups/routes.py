"""What is due to be asked, and asking it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.followups import bp
from portal.blueprints.followups.forms import AnswersForm, NoAnswerForm, answers_form, name_of, stored
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.measures import AskedHow, InstrumentKey
from portal.core.pages import Page
from portal.core.states import FollowUpState
from portal.domain.disclosure import Relation
from portal.domain.followup_steps import ANSWERED, Action, forms_for
from portal.domain.followups import Timing, Window, timing
from portal.domain.instrument_forms import Instrument
from portal.domain.instruments import get as form_of
from portal.queries import followups as queries
from portal.queries import users as user_queries
from portal.services import followup_answers as service
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change, page_or_part
from portal.web.saving import saved
from portal.web.versions import against


@bp.get("/")
@access(Permission.FOLLOW_UP_FILL)
def index() -> ResponseReturnValue:
    """Follow-ups that can be filled in now: mine, or those of my organisation."""
    view = "all" if request.args.get("view") == "all" else "mine"
    today = local_date(utc_now())
    try:
        rows, following = queries.list_due(
            current_actor(), today=today, is_mine=view == "mine", after=request.args.get("after")
        )
    except ValueError:
        abort(400)
    names = (("mine", _("Mine")), ("all", _("The organisation's")))
    views = [{"label": text, "url": url_for(".index", view=name), "is_current": name == view} for name, text in names]
    next_url = url_for(".index", view=view, after=following) if following else None
    return render_template("followups/index.html", rows=rows, views=views, next_url=next_url, view=view)


@bp.get("/<public_id>")
@access(Permission.FOLLOW_UP_FILL)
def detail(public_id: str) -> ResponseReturnValue:
    """The form to fill in with her, or what was answered."""
    return _page(public_id)


@bp.post("/<public_id>")
@access(Permission.FOLLOW_UP_FILL, audit=Audit.FOLLOW_UP_COMPLETED)
def save(public_id: str) -> ResponseReturnValue:
    """Keep what she has answered so far, or all of it."""
    found, actor = queries.get(current_actor(), public_id), current_actor()
    forms = forms_for(found.enrolment.kind, found.point, actor.role)
    form = answers_form(forms)()
    page, is_done = url_for(".detail", public_id=public_id), request.form.get("done") == "1"
    kept: list[service.Saved] = []

    def act() -> None:
        given, now = form.given(forms), utc_now()
        kept.append(
            service.fill_in(found, given, form.mode.data, is_done=is_done, version=form.seen, actor=actor, now=now)
        )

    if saved(form, act, then=page):
        return after_change(page, message=_said(kept[0], is_done))
    return _page(public_id, form=form, status=form.status)


def _said(saved: service.Saved, is_done: bool) -> str:
    if saved.needs_check:
        return _("Saved. She feels unsafe: call her within a day. It stands on your list.")
    return _("Saved. Thank you, both of you.") if is_done else _("Saved. You can go on later.")


@bp.post("/<public_id>/no-answer")
@access(Permission.FOLLOW_UP_FILL, audit=Audit.FOLLOW_UP_CODED)
def no_answer(public_id: str) -> ResponseReturnValue:
    """Write down honestly why she was not asked."""
    found, form = queries.get(current_actor(), public_id), NoAnswerForm()
    page = url_for(".detail", public_id=public_id)

    def act() -> None:
        service.code(found, Action(form.why.data), reason=form.reason.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("Written down. That is an answer too."))
    return _page(public_id, refused=form, status=form.status)


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument on the page, with its fields and, once it is whole, its score."""

    key: InstrumentKey
    title: object
    intro: object
    fields: list[Any]
    ends: str | None
    score: int | None
    highest: int | None
    note: object
    credit: str


def _page(
    public_id: str, *, form: AnswersForm | None = None, refused: NoAnswerForm | None = None, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    log_view(case_id=queries.case_of(actor, public_id), relation=Relation.CT, page=Page.FOLLOW_UP)
    found = queries.get(actor, public_id)
    measures = queries.answered(actor, found)
    forms = forms_for(found.enrolment.kind, found.point, actor.role)
    kept = {key: row.answers for key, row in measures.items()}
    mode = AskedHow(found.mode) if found.mode else AskedHow.TOGETHER
    known = {"version": found.version, "mode": mode, **stored(kept)}
    fresh = answers_form(forms)(formdata=None, data=known)
    form = against(form, lambda: fresh) if form else fresh
    span = Window(found.opens_on, found.due_on, found.closes_on)
    lies = timing(span, local_date(utc_now()))
    has_died = found.state is FollowUpState.DIED
    is_open = lies in (Timing.ON_TIME, Timing.LATE) and not has_died
    return page_or_part(
        "followups/detail.html",
        "followups/_form.html",
        status,
        follow_up=found,
        owner=user_queries.name_of(found.owner),
        form=form,
        parts=[_part(key, form, measures) for key in forms],
        is_open=is_open,
        has_died=has_died,
        is_late=lies is Timing.LATE,
        is_early=lies is Timing.EARLY,
        no_answer_form=refused or NoAnswerForm(formdata=None),
        may_code=is_open and found.state not in ANSWERED,
        has_answers=bool(kept),
        question_count=_count(forms),
    )


def _part(key: InstrumentKey, form: AnswersForm, measures: dict[InstrumentKey, queries.Answered]) -> Part:
    about = form_of(key)
    ends = None if len(about.scale) > 2 or about.high == 1 else _ends(about)
    score = measures[key].score if key in measures else None
    fields = [form[name_of(key, item)] for item in about.items]
    return Part(key, about.title, about.intro, fields, ends, score, about.score_high, about.note, about.credit)


def _ends(about: Instrument) -> str:
    """What the two ends of a scale mean."""
    return f"{about.low} = {about.scale[about.low]} · {about.high} = {about.scale[about.high]}"


def _count(forms: tuple[InstrumentKey, ...]) -> str:
    many = sum(len(form_of(key).items) for key in forms)
    return ngettext("%(num)d question", "%(num)d questions", many)
