"""A lead makes a programme section by section. Each saves the draft; nobody else sees it before it is published."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.programmes import bp
from portal.blueprints.programmes.build_forms import AboutForm
from portal.blueprints.programmes.sections import BY_KEY, ORDER, SPARE, TITLES, Section
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import NotNow
from portal.core.kinds import ReferralSource, TrackKind
from portal.core.programmes import VersionState
from portal.domain.programme_forms import most_visible
from portal.domain.programme_lint import FIELD_BUDGET, lint, step_states
from portal.domain.programmes import read
from portal.queries import programme_versions as queries
from portal.services import programme_drafts as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import against

MANAGE = Permission.PROGRAMME_MANAGE
MOST_SPARE = 40
PAGES = "any(about, criteria, places, course, clocks, sharing)"


def opened(public_id: str) -> tuple[Any, Any]:
    """A programme of the actor's own house and its draft. NotFound for another's, NotNow where nothing is drafted."""
    programme = queries.get_own(current_actor(), public_id)
    draft = queries.find_last(programme.id)
    if draft is None or draft.state is not VersionState.DRAFT:
        raise NotNow(_("This version is published: it stays as it is. Begin a change instead."))
    return programme, draft


def url_of(programme_id: str, section: str, **values: Any) -> str:
    """The address of a section of the draft."""
    if section == "questions":
        return url_for("programmes.questions", public_id=programme_id, **values)
    return url_for("programmes.section", public_id=programme_id, section=section, **values)


def frame(programme: Any, draft: Any, section: str) -> dict[str, Any]:
    """What stands around every section: the sections, and what is to be put right in this one."""
    findings = lint(draft.content)
    states = step_states(draft.content, ORDER, is_first=draft.number == 1) | {section: "current"}
    steps = [{"label": TITLES[key], "state": states[key], "url": url_of(programme.public_id, key)} for key in ORDER]
    return {
        "programme": programme,
        "draft": draft,
        "title": TITLES[section],
        "steps_shown": steps,
        "findings": [finding for finding in findings if finding.section == section],
        "preview_url": url_for("programmes.version", public_id=programme.public_id, number=draft.number),
    }


def _spare() -> int:
    text = request.args.get("rows", "")
    return min(int(text), MOST_SPARE) if text.isascii() and text.isdigit() and len(text) < 4 else SPARE


@bp.route("/own/new", methods=["GET", "POST"])
@access(MANAGE, audit=Audit.PROGRAMME_BEGUN)
def new() -> ResponseReturnValue:
    """Begin a programme: what it is called, and how it is given."""
    actor, form = current_actor(), AboutForm(data={"kind": TrackKind.COURSE, "sources": [*ReferralSource]})
    made: list[str] = []

    def act() -> None:
        programme = service.begin(form.name_da.data, form.kind.data, actor=actor, now=utc_now())
        draft = queries.get_version(programme)
        _rows, others = BY_KEY["about"].part(form)
        service.save(draft, programme, others | {"walked": ["about"]}, seen=None, actor=actor, now=utc_now())
        made.append(programme.public_id)

    if form.is_submitted() and saved(form, act, then=url_for("programmes.own")):
        return redirect(url_of(made[0], "criteria"), 303)
    return render_template("programmes/new.html", form=form), form.status if form.is_submitted() else 200


@bp.route(f"/own/<public_id>/<{PAGES}:section>", methods=["GET", "POST"])
@access(MANAGE, audit=Audit.PROGRAMME_SAVED)
def section(public_id: str, section: str) -> ResponseReturnValue:
    """One section of the draft."""
    page = BY_KEY[section]
    if request.method == "POST":
        return _save(public_id, page)
    programme, draft = opened(public_id)
    form = page.make(draft.content, _spare())
    form.version.data = draft.version
    return _show(programme, draft, page, form)


def _save(public_id: str, page: Section) -> ResponseReturnValue:
    programme, draft = opened(public_id)
    form = page.make(draft.content, _spare())
    is_more, spare = request.form.get("go") == "more", _spare()

    def act() -> None:
        rows, others = page.part(form)
        walked = sorted({*draft.content.get("walked", ()), page.key})
        given: dict[str, Any] = {"seen": form.seen, "actor": current_actor(), "now": utc_now()}
        service.save_rows(draft, programme, rows, others | {"walked": walked}, **given)

    here = url_of(public_id, page.key, rows=spare + SPARE) + "#more" if is_more else None
    following = url_of(public_id, ORDER[min(ORDER.index(page.key) + 1, len(ORDER) - 1)])
    if page.key == ORDER[-1] and not is_more:
        following = url_for("programmes.version", public_id=public_id, number=draft.number)
    then = here or following
    if saved(form, act, then=then):
        return redirect(then, 303) if is_more else after_change(then, message=_("The draft is saved."))
    programme, draft = opened(public_id)
    form = against(form, lambda: _stored(page, draft, spare))
    return _show(programme, draft, page, form, status=form.status)


def _stored(page: Section, draft: Any, spare: int) -> Any:
    """What is saved now, with as many rows as the page has at least."""
    form = page.make(draft.content, MOST_SPARE + spare, formdata=None)
    form.version.data = draft.version
    return form


def _show(programme: Any, draft: Any, page: Section, form: Any, *, status: int = 200) -> ResponseReturnValue:
    here = url_of(programme.public_id, page.key, rows=_spare())
    context = frame(programme, draft, page.key)
    template = f"programmes/_build_{page.key}.html"
    return render_template("programmes/build.html", form=form, this_url=here, part=template, **context), status


@bp.get("/own/<public_id>/questions")
@access(MANAGE)
def questions(public_id: str) -> ResponseReturnValue:
    """The questions of the nomination form, in their order."""
    programme, draft = opened(public_id)
    rules = read(draft.content)
    return render_template(
        "programmes/build_questions.html",
        questions=rules.questions,
        names={question.key: question for question in rules.questions},
        shown=most_visible(rules),
        budget=FIELD_BUDGET,
        next_url=url_of(public_id, "places"),
        **frame(programme, draft, "questions"),
    )


@bp.post("/own/<public_id>/questions/<question>/<any(up, down, remove):move>")
@access(MANAGE, audit=Audit.PROGRAMME_SAVED)
def move_question(public_id: str, question: str, move: str) -> ResponseReturnValue:
    """Move a question, or take it out."""
    return press(
        public_id,
        lambda programme, draft, given: service.move_question(
            draft, programme, question, service.Move(move), seen=_seen(), **given
        ),
        then=url_of(public_id, "questions"),
        message=_("The order is saved.") if move != "remove" else _("The question is taken out."),
    )


def _seen() -> int:
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400)
    return int(text)


def press(
    public_id: str, act: Callable[[Any, Any, dict[str, Any]], None], *, then: str, message: str
) -> ResponseReturnValue:
    """Something that is done to the draft by one press."""
    programme, draft = opened(public_id)
    with transaction(then=then):
        act(programme, draft, {"actor": current_actor(), "now": utc_now()})
    return after_change(then, message=message)
