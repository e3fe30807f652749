"""One question of a programme's nomination form."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.blueprints.programmes import bp
from portal.blueprints.programmes.build_forms import QuestionForm, read_choices, write_choices
from portal.blueprints.programmes.building import MANAGE, frame, opened, url_of
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.errors import Invalid, NotFound
from portal.domain.programme_forms import CHOSEN, CLOSED
from portal.domain.programme_lint import lint_question
from portal.domain.programmes import Question, QuestionType, read
from portal.services import programme_drafts as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against

NEW = "new"


@bp.route("/own/<public_id>/questions/<question>", methods=["GET", "POST"])
@access(MANAGE, audit=Audit.PROGRAMME_SAVED)
def question(public_id: str, question: str) -> ResponseReturnValue:
    """One question: how it is answered, in both languages, and when it is shown."""
    programme, draft = opened(public_id)
    row = _row(draft, question)
    form = _form(draft, row)
    if not form.is_submitted():
        return _show(programme, draft, question, form)
    then = url_of(public_id, "questions")

    def act() -> None:
        given: dict[str, Any] = {"seen": form.seen, "actor": current_actor(), "now": utc_now()}
        service.save_question(draft, programme, _written(form, row), **given)

    if saved(form, act, then=then):
        return after_change(then, message=_("The question is saved."))
    programme, draft = opened(public_id)
    form = against(form, lambda: _form(draft, _find(draft, question) or {}, formdata=None))
    return _show(programme, draft, question, form, status=form.status)


def _find(draft: Any, key: str) -> dict[str, Any] | None:
    return next((row for row in draft.content.get("question", ()) if row["key"] == key), None)


def _row(draft: Any, key: str) -> dict[str, Any]:
    row = {} if key == NEW else _find(draft, key)
    if row is None:
        raise NotFound
    return row


def _form(draft: Any, row: dict[str, Any], **options: Any) -> QuestionForm:
    when = row.get("when")
    data = {
        **row,
        "version": draft.version,
        "is_required": row.get("required", False),
        "choices": write_choices(row.get("choices", ())),
        "when": [f"{when['question']}={answer}" for answer in when["answers"]] if when else [],
    }
    form = QuestionForm(data=data, **options)
    form.when.choices = _conditions(draft, row.get("key"))
    return form


def _conditions(draft: Any, key: str | None) -> list[tuple[str, str]]:
    """Every answer of the other closed questions, as "question=answer" with the words of both."""
    language, found = str(get_locale()), []
    for one in read(draft.content).questions:
        if one.key != key and one.type in CLOSED:
            said = one.said(language) or one.da
            found += [(f"{one.key}={answer}", f"{said} {words}") for answer, words in answers_of(one, language)]
    return found


def answers_of(one: Question, language: str) -> list[tuple[str, str]]:
    """The answers of a closed question, with their words."""
    if one.type is QuestionType.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(choice.key, choice.said(language) or choice.da) for choice in one.choices]


def _written(form: QuestionForm, row: dict[str, Any]) -> dict[str, Any]:
    """The question as it is stored."""
    kind = QuestionType(form.type.data)
    texts = {name: form[name].data or "" for name in ("da", "en", "hint_da", "hint_en", "purpose")}
    made = {"key": row.get("key", ""), "type": kind.value, **texts, "required": bool(form.is_required.data)}
    if kind in CHOSEN:
        made["choices"] = read_choices(form.choices.data, row.get("choices", ()))
    hangs_on = sorted({pair.partition("=")[0] for pair in form.when.data or ()})
    if len(hangs_on) > 1:
        raise Invalid(_("Choose answers of one question only."), field="when")
    if hangs_on:
        made["when"] = {"question": hangs_on[0], "answers": [pair.partition("=")[2] for pair in form.when.data]}
    return made


def _show(programme: Any, draft: Any, key: str, form: QuestionForm, *, status: int = 200) -> ResponseReturnValue:
    context = frame(programme, draft, "questions")
    here = url_for("programmes.question", public_id=programme.public_id, question=key)
    back = url_of(programme.public_id, "questions")
    context |= {"form": form, "this_url": here, "back": back, "lacks": lint_question(draft.content, key)}
    chosen = " ".join(f"type={kind}" for kind in sorted(CHOSEN))
    return render_template("programmes/question.html", chosen=chosen, **context), status
