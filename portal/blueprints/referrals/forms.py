"""What is written in a referral and in its answers; nomination forms are built from the programme's questions."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Self

from flask import request
from wtforms import BooleanField, Form, HiddenField

from portal.core.i18n import _
from portal.core.kinds import (
    ConsentForm,
    CriterionAnswer,
    DeclineReason,
    HerAnswer,
    NeedArea,
    PlaceKind,
    ReferralSource,
    WithdrawReason,
)
from portal.core.safety import WhoShePart
from portal.domain.disclosure import GROUP_OF_PART
from portal.domain.programme_forms import is_answered, unreachable, visible
from portal.domain.programmes import Question, QuestionType, Rules
from portal.domain.waiting import JUMPS
from portal.queries.referral_texts import answers_of
from portal.web.fields import Clock, Day, Pick, PortalForm, Radio, Several, Whole, choices_of, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

YES_NO = (("yes", _("Yes")), ("no", _("No")))
MOST_COUNTED = 1_000_000


class StartForm(PortalForm):
    """Who it is about, and who asks."""

    case = Radio(_("Which case?"), [required(_("Choose a case."))], choices=[])
    source = Radio(_("Who asks for help?"), [required()], kind=ReferralSource)


class WhoForm(VersionedForm):
    """Who asks, and why the safety assessment is old."""

    source = Radio(_("Who asks for help?"), [required()], kind=ReferralSource)
    stale_safety_reason = Text(_("Why is her safety not assessed anew?"), [optional()], scan=Scan.REFUSE)


class NeedsForm(VersionedForm):
    """What she needs."""

    needs = Several(_("What does she need help with?"), [required(_("Choose at least one."))], kind=NeedArea)
    own_words = Text(_("What does she want, in her own words?"), [optional()], scan=Scan.REFUSE)
    planned_move_on = Day(_("When does she plan to move?"), [optional()])


class OffersForm(VersionedForm):
    """Which programmes; their own forms are parts of the same page."""

    offers = Several(_("Which programmes?"), choices=[])

    @property
    def written(self) -> list[str]:
        """What was written in the programmes' forms."""
        return self.unplaced(())

    def unplaced(self, places: Iterable[str]) -> list[str]:
        """What was written in the forms of requests that are not among these, so that it can be copied."""
        known = tuple(places)
        sent = [name.removeprefix("shown-") for name in request.form if name.startswith("shown-")]
        gone = tuple(f"{public_id}-" for public_id in sent if public_id not in known)
        return [text for name, text in request.form.items() if name.startswith(gone) and " " in text.strip()]


class SafetyForm(VersionedForm):
    """That what is sent along has been read."""

    # Read anew each time: it is no part of what is saved.
    sealed = frozenset({"is_read"})
    is_read = BooleanField(_("I have read what is sent along about her safety"), [required(_("Read it first."))])

    def compare(self, saved: Self) -> None:
        """Newer words are to be read first."""
        super().compare(saved)
        self.is_read.data = False


class SendForm(VersionedForm):
    """Her consent; one pair of fields per receiver is added."""

    may_see_progress = BooleanField(_("She agrees that I may see what becomes of it"))


class ConsentPart(Form):
    """Her consent to one receiver."""

    form = Radio(_("How did she consent?"), [required()], kind=ConsentForm)
    given_on = Day(_("When?"), [required()])


class CriteriaForm(VersionedForm):
    """Which criteria are met; one field for each is added by `criteria_form`."""

    def answers(self) -> dict[str, str]:
        """What was answered, by criterion."""
        return {name: field.data for name, field in self._fields.items() if isinstance(field, Radio) and field.data}


def criteria_form(track: Any, rules: Rules, language: str, *, is_sent: bool) -> CriteriaForm:
    """The criteria of the programme that was asked, with what is noted; those that must not be kept say so."""
    fields = {
        criterion.key: Radio(
            criterion.said(language),
            [optional()],
            kind=CriterionAnswer,
            description="" if criterion.is_kept else _("Your answer is not stored."),
        )
        for criterion in rules.criteria
    }
    unkept = frozenset(criterion.key for criterion in rules.criteria if not criterion.is_kept)
    made = type("CriteriaFormOf", (CriteriaForm,), {"sealed": unkept, **fields})
    sent = {} if is_sent else {"formdata": None}
    form: CriteriaForm = made(data={"version": track.version, **track.criteria}, prefix="criterion", **sent)
    return form


class InfoForm(PortalForm):
    """What is missing, or the answer to that."""

    text = Text(_("What is missing? Write no names."), [required()], scan=Scan.REFUSE)


class GiveInfoForm(PortalForm):
    """The sender's answer."""

    text = Text(_("Your answer, or why it cannot be answered"), [required()], scan=Scan.REFUSE)


class TalkForm(PortalForm):
    """When a talk takes place."""

    step = HiddenField(validators=[required()])
    day = Day(_("Day"), [required()])
    start = Clock(_("From"), [required()])
    end = Clock(_("To"), [required()])
    place_kind = Pick(_("Where"), [required()], kind=PlaceKind)


class HerAnswerForm(VersionedForm):
    """What she says."""

    her_answer = Radio(
        _("What does she say to the place?"), [required()], kind=(HerAnswer.YES, HerAnswer.NO, HerAnswer.THINKING)
    )


class OfferForm(VersionedForm):
    """Why she is taken before others, where others wait."""

    reason = Pick(_("Why does she come before those who have waited longer?"), [optional()], kind=JUMPS, empty="–")
    text = Text(_("Say it in a sentence"), [optional()], scan=Scan.REFUSE)


class DeclineForm(VersionedForm):
    """A no with a reason and something instead."""

    reason = Pick(_("Reason"), [required()], kind=DeclineReason, empty=_("Choose"))
    text = Text(_("A sentence to the sender"), [required()], scan=Scan.REFUSE)
    alternative = Pick(_("Another programme"), [optional()], choices=[])
    alternative_text = Text(_("What could she be offered instead?"), [optional()], scan=Scan.REFUSE)


class RedirectForm(PortalForm):
    """Another programme."""

    offer = Pick(_("Send it on to"), [required()], choices=[])


class WithdrawForm(PortalForm):
    """Why it is taken back."""

    reason = Radio(_("Why?"), [required()], kind=WithdrawReason)


class CloseForm(WithdrawForm, VersionedForm):
    """The same, on the side of the one who answers: whoever closes has seen where it stands."""


class UndoForm(VersionedForm):
    """One button: whoever undoes an answer has seen where it stands."""


class RevealForm(PortalForm):
    """What is opened, one thing at a time, and why."""

    part = Radio(_("What do you need to see?"), [required()], kind=WhoShePart, default=WhoShePart.NAME.value)
    reason = Text(_("Why do you need to see it?"), [required()], scan=Scan.REFUSE)

    def __init__(self, *args: Any, may_hold_cpr: bool, hidden: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [part for part in WhoShePart if GROUP_OF_PART[part].value not in hidden]
        self.part.choices = choices_of(part for part in kept if may_hold_cpr or part is not WhoShePart.CPR_NUMBER)


class Nomination(Form):
    """The base of a programme's own form: a part of the page's form, which carries the protection."""

    # Questions that the answers have brought up and that were not on the page that was sent (R-662).
    came_up: tuple[str, ...] = ()
    # Every question in its order: its field, what it hangs on as a page understands it, and whether it is shown now.
    rows: tuple[tuple[Any, str, bool], ...] = ()

    def values(self) -> dict[str, Any]:
        """The answers that could be read, as they are stored: days as ISO text."""
        found = {
            name: field.data
            for name, field in self._fields.items()
            if is_answered(field.data) and not field.errors and not getattr(field, "process_errors", ())
        }
        return {name: data.isoformat() if isinstance(data, date) else data for name, data in found.items()}


def nomination_form(
    track: Any, rules: Rules, language: str, *, is_draft: bool = False, is_stored: bool = False
) -> Nomination:
    """The form of one chosen programme, as far as its answers show it. A draft may leave everything empty.

    `is_stored`: never what was sent, and all questions.
    """
    data = request.form if request.method == "POST" and was_shown(track) and not is_stored else None
    stored = _stored(answers_of(track), rules)
    whole = _made(rules.questions, language, is_draft=True)(data, data=stored, prefix=track.public_id)
    if is_stored:
        return whole
    shown = visible(rules, whole.values())
    # What was not on the page that was sent is asked for on the next one, and never called missing on this one.
    on_page = None if data is None else " ".join(request.form.getlist(f"shown-{track.public_id}")).split()
    came_up = tuple(one.key for one in shown if one.when and on_page is not None and one.key not in on_page)
    form = _made(shown, language, is_draft=is_draft, spared=came_up)(data, data=stored, prefix=track.public_id)
    form.came_up = came_up
    form.rows = _rows(track, rules, form, language)
    return form


def _rows(track: Any, rules: Rules, form: Nomination, language: str) -> tuple[tuple[Any, str, bool], ...]:
    """The questions as they stand on the page: those that hang on an answer can come up while she writes (R-863)."""
    empty = _made(rules.questions, language, is_draft=True)(None, prefix=track.public_id)
    dead = {question.key for question in unreachable(rules)}
    found = []
    for one in rules.questions:
        is_shown = one.key in form._fields
        if is_shown or one.key not in dead:
            field = form[one.key] if is_shown else empty[one.key]
            field.flags.wanted = one.is_required
            answers = sorted(one.when.answers) if one.when else ()
            hangs_on = " ".join(f"{empty[one.when.question].name}={answer}" for answer in answers) if one.when else ""
            found.append((field, hangs_on, is_shown))
    return tuple(found)


def _made(
    questions: Iterable[Question], language: str, *, is_draft: bool, spared: Collection[str] = ()
) -> type[Nomination]:
    fields = {one.key: _field(one, language, is_draft or one.key in spared) for one in questions}
    return type("NominationForm", (Nomination,), fields)


def was_shown(track: Any) -> bool:
    """Whether the form of a programme was on the page that was sent."""
    return f"shown-{track.public_id}" in request.form


def _stored(answers: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    days = {question.key for question in rules.questions if question.type is QuestionType.DATE}
    return {key: date.fromisoformat(value) if key in days else value for key, value in answers.items()}


def _field(question: Question, language: str, is_draft: bool) -> Any:
    rules = [required() if question.is_required and not is_draft else optional()]
    given: dict[str, Any] = {
        "label": question.said(language),
        "validators": rules,
        "description": question.hint(language),
    }
    if question.type is QuestionType.DATE:
        return Day(**given)
    if question.type is QuestionType.CHOICE:
        return Radio(**given, choices=[(choice.key, choice.said(language)) for choice in question.choices])
    if question.type is QuestionType.SEVERAL:
        return Several(**given, choices=[(choice.key, choice.said(language)) for choice in question.choices])
    if question.type is QuestionType.YES_NO:
        return Radio(**given, choices=list(YES_NO))
    if question.type is QuestionType.NUMBER:
        return Whole(**given, low=0, high=MOST_COUNTED)
    return (Text if question.type is QuestionType.LONG else Line)(**given, scan=Scan.REFUSE)
