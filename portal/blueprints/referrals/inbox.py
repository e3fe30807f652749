"""The receiver's side: the inbox, and one request with its form and what can be done."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import (
    CloseForm,
    DeclineForm,
    HerAnswerForm,
    InfoForm,
    OfferForm,
    RedirectForm,
    RevealForm,
    TalkForm,
    UndoForm,
    criteria_form,
)
from portal.blueprints.referrals.view import (
    answers,
    asked_by,
    children,
    danger,
    interpreter,
    language,
    position_words,
    proposed,
    weekdays,
)
from portal.blueprints.referrals.waiting_forms import SkipForm, StillForm, WaitlistForm
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission, Role
from portal.core.kinds import DeclineFamily, NeedArea, WithdrawReason
from portal.core.pages import Page
from portal.core.safety import WhoShePart
from portal.core.states import RequestState
from portal.domain import ladder
from portal.domain.declining import Use
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.labels import label
from portal.domain.labels.referrals import COLOURS, RUNG_WORDS, TABS
from portal.domain.programmes import read
from portal.domain.referrals import (
    DECIDED,
    UNDOES,
    UNDONE,
    WORKFLOW,
    Action,
    can_be_undone,
    is_content_open,
    undo_until,
)
from portal.domain.workflow import available_actions
from portal.queries import inbox as inbox_queries
from portal.queries import known as known_queries
from portal.queries import requests as queries
from portal.queries import waiting as waiting_queries
from portal.queries.clock import database_now
from portal.queries.programmes import list_offers
from portal.queries.referral_texts import RequestTexts, of_referral, of_request
from portal.queries.users import name_of
from portal.services.request_events import may_be_undone
from portal.web import safe_contact
from portal.web.access import access, current_actor, log_view
from portal.web.filters import clock, day, in_language
from portal.web.versions import with_sent

OFFERED_FROM = WORKFLOW[Action.OFFER].sources
SIDES = {family: number for number, family in enumerate(DeclineFamily)}


@bp.get("/inbox")
@access(Permission.REFERRAL_ANSWER)
def inbox() -> ResponseReturnValue:
    """What has been sent to us, without names."""
    actor, now = current_actor(), utc_now()
    tab = request.args.get("view", "new")
    if tab not in TABS:
        abort(400)
    try:
        rows, following = inbox_queries.list_inbox(actor, tab=tab, now=now, after=request.args.get("after"))
    except ValueError:
        abort(400)
    counts = inbox_queries.count_tabs(actor, now=now)
    views = [
        {"label": text, "url": url_for("referrals.inbox", view=key), "is_current": key == tab, "count": counts[key]}
        for key, text in TABS.items()
    ]
    return render_template(
        "referrals/inbox.html",
        views=views,
        shown=tab,
        rows=[(row, _clock(row), _spoken(row), _told(row)) for row in rows],
        lists=waiting_queries.list_own_lists(actor) if tab == "waiting" else [],
        next_url=url_for("referrals.inbox", view=tab, after=following) if following else None,
    )


def _spoken(row: inbox_queries.InboxRow) -> str:
    return "–" if row.needs_interpreter is None else interpreter(row.needs_interpreter, row.language)


def _clock(row: inbox_queries.InboxRow) -> str:
    if row.state is RequestState.NEEDS_INFO:
        return _("paused, %(left)s", left=weekdays(row.days_left or 0))
    if not row.is_running:
        return _("stopped")
    gone = ladder.gone(row.answer_due_on, local_date(utc_now()))
    return _("%(gone)d of %(all)d weekdays", gone=gone, all=ladder.ANSWER_WEEKDAYS)


def _told(row: inbox_queries.InboxRow) -> list[tuple[bool, str]]:
    """The rungs of the ladder, each with whether it was climbed and who was told."""
    return [(rung in row.rungs, str(words)) for rung, words in RUNG_WORDS.items()] if row.is_running else []


@bp.get("/requests/<public_id>", endpoint="request")
@access(Permission.REFERRAL_ANSWER)
def show_request(public_id: str) -> ResponseReturnValue:
    """One request with its form, under a reference."""
    track = queries.get(current_actor(), public_id)
    case_id, page = track.case_id, _page(track, {})
    # Written before it is shown: a page that may not be looked at is thrown away.
    log_view(case_id=case_id, relation=Relation.IN, page=Page.REQUEST)
    return page


def request_page(public_id: str, **forms: Any) -> str:
    """The page of a request; `forms` are those that were sent with mistakes."""
    return _page(queries.get(current_actor(), public_id), forms)


def _page(track: Any, forms: dict[str, Any]) -> str:
    actor, now = current_actor(), utc_now()
    rules, said = read(track.rules), language()
    # After a withdrawal the form is out of sight at once; after a no it is of no more use.
    is_open = track.state not in DECIDED or _is_fresh_yes(track)
    held = {step.key: track.steps.get(step.key) for step in rules.steps}
    talks = queries.list_talks(track)
    turn = waiting_queries.Turn(0, ()) if track.state in DECIDED else waiting_queries.find_turn(track, now=now)
    return render_template(
        "referrals/request.html",
        track=track,
        texts=of_request(track, Relation.IN),
        colour=COLOURS.get(track.state, "neutral"),
        actions={action.value for action in available_actions(WORKFLOW, track.state, actor)},
        facts_shown=_facts(track) if is_open else [],
        is_narrowed=bool(_hidden(track)),
        lines=answers(track) if is_open else [],
        who_shown=_who(track),
        is_mine=track.holder_id == actor.user_id,
        can_reveal=track.state not in DECIDED,
        can_open=bool(reveal_form(track, formdata=None).part.choices),
        holder=name_of(track.holder) if track.held_until and track.held_until > now else None,
        held_until=clock(track.held_until),
        has_criteria=bool(rules.criteria),
        steps=[
            (row.key, row.said(said), held[row.key], [talk for talk in talks if talk.step == row.key])
            for row in rules.steps
        ],
        position=position_words(turn.before + 1 if track.state is RequestState.WAITLISTED else None),
        waits=label(track.wait_reason) if track.state is RequestState.WAITLISTED else "",
        meanwhile=proposed(track.meanwhile, of_request(track, Relation.IN).meanwhile_text),
        events=queries.list_events(track),
        UNDONE=UNDONE,
        marks=waiting_queries.list_marks(track) if track.waiting_since or track.offered_at else [],
        before=turn.before if track.state in OFFERED_FROM else 0,
        undo_until=_undo_until(track),
        **_forms(track, forms, turn.uses),
    )


def _undo_until(track: Any) -> str:
    """The time of day until which whoever looks may undo her own answer, by the database's clock; else nothing."""
    if track.state not in UNDOES or track.decided_by_id != current_actor().user_id or not may_be_undone(track):
        return ""
    return clock(undo_until(track.decided_at)) if can_be_undone(track.decided_at, database_now()) else ""


def _facts(track: Any) -> list[tuple[str, Any]]:
    referral, said = track.referral, of_request(track, Relation.IN)
    texts = of_referral(referral, Relation.IN)
    known = known_queries.known(track.case, local_date(utc_now()))
    shown: list[tuple[str, Any, FieldGroup | None]] = [
        (_("Sent by"), asked_by(referral), None),
        (_("Needs"), ", ".join(label(NeedArea(need)) for need in referral.needs), None),
        (_("Her own words"), texts.own_words, None),
        (_("Plans to move"), day(referral.planned_move_on), None),
        (_("Region"), queries.region_of(track.case), FieldGroup.ADDR_AREA),
        (_("Children"), children(known.child_bands), FieldGroup.CHILD_COUNT_BAND),
        (_("Interpreter"), interpreter(known.needs_interpreter, known.language), FieldGroup.PERSON_LANGUAGE_NEEDS),
        (_("Safe contact"), safe_contact.sentence(known.card)[0], FieldGroup.CONTACT_SAFE_RULES),
        (_("Danger"), danger(known), FieldGroup.RISK_LEVEL),
        (_("Assessed"), day(known.safety_assessed_on), FieldGroup.RISK_LEVEL),
        (_("Why her safety is not assessed anew"), texts.stale_safety_reason, FieldGroup.RISK_LEVEL),
        (_("Protected address"), _("yes") if known.protection_level else "", FieldGroup.ADDR_PROTECTION_LEVEL),
        *_thread(said),
    ]
    hidden = _hidden(track)
    return [(term, value) for term, value, group in shown if group is None or group.value not in hidden]


def _thread(said: RequestTexts) -> list[tuple[str, str | None, None]]:
    """What was asked and answered, the first first."""
    parts = [((_("What we asked"), asked), (_("The sender's answer"), answer)) for asked, answer in said.thread]
    return [(term, text, None) for pair in parts for term, text in pair]


def _hidden(track: Any) -> frozenset[str]:
    """What the programme does without before it has taken her in; nothing after that (R-666)."""
    return frozenset() if track.state is RequestState.ACCEPTED else read(track.rules).hidden


def _is_fresh_yes(track: Any) -> bool:
    """Whether she was taken in lately: later, what is known of her is for those alone who work with her."""
    if track.state is not RequestState.ACCEPTED:
        return False
    return is_content_open(local_date(track.decided_at), local_date(utc_now()))


def _who(track: Any) -> list[tuple[str, Any]]:
    """Her name for those who have lately taken her in; a group leader knows the first name (R-113)."""
    if not _is_fresh_yes(track):
        return []
    name = queries.who_she_is(track, WhoShePart.NAME, first_name_only=current_actor().role is Role.GROUP_LEADER)
    return [(_("Name"), name or _("anonymous"))]


def _forms(track: Any, given: dict[str, Any], uses: Sequence[Use]) -> dict[str, Any]:
    seen = {"version": track.version}
    made: dict[str, Any] = {
        "criteria_form": criteria_form(track, read(track.rules), language(), is_sent=False),
        "info_form": InfoForm(formdata=None, prefix="ask"),
        "talk_form": TalkForm(formdata=None, prefix="talk"),
        "her_form": HerAnswerForm(formdata=None, prefix="her", data={**seen, "her_answer": track.her_answer}),
        "offer_form": OfferForm(formdata=None, prefix="offer", data=seen),
        "skip_form": SkipForm(formdata=None, prefix="skip", data=seen),
        "still_form": StillForm(formdata=None, prefix="still", data=seen),
        "wait_form": WaitlistForm(formdata=None, prefix="wait", data=seen),
        "decline_form": DeclineForm(formdata=None, prefix="no", data=seen),
        "redirect_form": RedirectForm(formdata=None, prefix="on"),
        "wish_form": CloseForm(formdata=None, prefix="wish", data={**seen, "reason": WithdrawReason.HER_WISH}),
        "reveal_form": reveal_form(track, formdata=None),
        "undo_form": UndoForm(formdata=None, prefix="undo", data=seen),
        "problem": None,
        "wrong_step": None,
    }
    made = with_sent(made, given)
    if track.state not in DECIDED:
        others = other_offers(track)
        made["decline_form"].alternative.choices = made["wait_form"].meanwhile.choices = [("", "–"), *others]
        made["decline_form"].reason.choices = reason_choices(uses)
        made["redirect_form"].offer.choices = others
    return made


def reveal_form(track: Any, **options: Any) -> RevealForm:
    """What may be opened of her before she is taken in: what the house may keep and the programme asks for."""
    return RevealForm(
        prefix="name", may_hold_cpr=track.organisation.may_hold_cpr, hidden=read(track.rules).hidden, **options
    )


def reason_choices(uses: Sequence[Use]) -> list[tuple[str, str]]:
    """The reasons for a no that the house uses, each behind whose side it lies on."""
    used = sorted((use for use in uses if use.is_active), key=lambda use: SIDES[use.family])
    return [("", _("Choose")), *((use.reason.value, f"{label(use.family)}: {label(use.reason)}") for use in used)]


def other_offers(track: Any) -> list[tuple[str, str]]:
    """Other programmes that take people in, for a field."""
    return [
        (row.public_id, f"{in_language(row, 'name')} · {row.organisation}")
        for row in list_offers(current_actor())
        if row.is_accepting and row.id != track.offer_id
    ]
