"""The sender's side: what was sent, each programme's answer, more information, taking back."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import GiveInfoForm, WithdrawForm
from portal.blueprints.referrals.view import answers, proposed
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.kinds import NeedArea
from portal.core.pages import Page
from portal.core.states import RequestState
from portal.domain.declining import is_resting
from portal.domain.disclosure import Relation
from portal.domain.labels import label
from portal.domain.labels.referrals import COLOURS, PROGRESS
from portal.domain.permissions import can
from portal.domain.referrals import OPEN, is_content_open, is_progress_open, is_status_open
from portal.domain.waiting import band
from portal.queries import referrals as queries
from portal.queries.referral_answers import Answer, list_answers
from portal.queries.referral_texts import RequestTexts, of_referral, of_request
from portal.queries.users import name_of
from portal.services import referrals as service
from portal.services import request_endings
from portal.web.access import access, current_actor, log_view
from portal.web.filters import clock, day, in_language, moment
from portal.web.htmx import after_change
from portal.web.submissions import transaction


def status_words(answer: Answer, *, may_see_progress: bool) -> tuple[str, str]:
    """What the sender reads of an answer now, and its colour: less and less after the decision (R-155)."""
    if answer.unsaid_until is not None:
        return _("An answer is on its way and stands here at %(time)s", time=clock(answer.unsaid_until)), "neutral"
    today = local_date(utc_now())
    if not is_status_open(answer.decided_on, today, may_see_progress=may_see_progress):
        return _("answered earlier"), "neutral"
    words = label(answer.state)
    if answer.course is not None and is_progress_open(answer.decided_on, today, may_see_progress=may_see_progress):
        words = f"{words}, {PROGRESS[answer.course]}"
    return words, COLOURS.get(answer.state, "neutral")


@bp.get("/")
@access(Permission.REFERRAL_MAKE)
def sent() -> ResponseReturnValue:
    """My drafts, and what my colleagues and I have sent."""
    actor = current_actor()
    try:
        rows, following = queries.list_sent(actor, after=request.args.get("after"))
    except ValueError:
        abort(400)
    shown = [
        {
            "public_id": row.public_id,
            "reference": row.reference,
            "case_reference": row.case_reference,
            "sent_at": row.sent_at,
            "sender": row.sender,
            "shown": [(answer, *status_words(answer, may_see_progress=row.may_see_progress)) for answer in row.answers],
        }
        for row in rows
    ]
    return render_template(
        "referrals/sent.html",
        rows=shown,
        drafts=queries.list_drafts(actor),
        may_make=can(actor, Permission.REFERRAL_MAKE),
        next_url=url_for("referrals.sent", after=following) if following else None,
    )


@bp.get("/<public_id>")
@access(Permission.REFERRAL_MAKE)
def detail(public_id: str) -> ResponseReturnValue:
    """One referral as its sender sees it; a draft goes on where it was left."""
    referral = queries.get(current_actor(), public_id)
    if referral.sent_at is None:
        from portal.blueprints.referrals.wizard import onward

        return onward(referral, referral.step)
    log_view(case_id=referral.case_id, relation=Relation.RF, page=Page.REFERRAL)
    return _page(public_id)


def _page(public_id: str, form: Any = None, wrong: str | None = None) -> str:
    referral = queries.get(current_actor(), public_id)
    said = list_answers(referral)
    sees_case = queries.is_case_visible(current_actor(), referral.case_id)
    # A colleague who does not work on the case sees that it was sent and where it stands, not what was written.
    is_hers = sees_case or referral.referrer_id == current_actor().user_id
    rows = queries.list_requests(referral)
    tracks = [_track(referral, track, said[track.public_id], form, wrong, is_hers=is_hers) for track in rows]
    is_open = any(one["is_content_open"] for one in tracks)
    facts = [
        (_("Sent by"), name_of(referral.referrer)),
        (_("Sent"), moment(referral.sent_at)),
        (_("Who asks for help"), label(referral.source)),
    ]
    if is_open:
        facts += [
            (_("Case"), referral.case.reference if sees_case else ""),
            (_("Needs"), ", ".join(label(NeedArea(need)) for need in referral.needs)),
            (_("Her own words"), of_referral(referral, Relation.RF).own_words or ""),
            (_("Plans to move"), day(referral.planned_move_on)),
        ]
    case_url = url_for("cases.detail", public_id=referral.case.public_id) if sees_case else None
    return render_template(
        "referrals/detail.html", referral=referral, tracks=tracks, facts_shown=facts, case_url=case_url
    )


def _track(referral: Any, track: Any, answer: Answer, form: Any, wrong: str | None, *, is_hers: bool) -> dict[str, Any]:
    today, is_wrong = local_date(utc_now()), wrong == track.public_id
    words, colour = status_words(answer, may_see_progress=referral.may_see_progress)
    is_open = is_hers and is_content_open(answer.decided_on, today)
    texts = of_request(track, Relation.RF if is_hers else Relation.RC)
    return {
        "id": track.public_id,
        "title": in_language(track.offer.programme, "name"),
        "words": words,
        "colour": colour,
        "organisation": track.organisation.name,
        "due": track.answer_due_on if track.state in OPEN else None,
        "position": label(band(answer.position)),
        "wanted": texts.info_wanted if track.state is RequestState.NEEDS_INFO else None,
        "thread": [pair for pair in texts.thread if pair[1] is not None] if is_open else [],
        **_waits(track, texts, is_open=is_open),
        **_said(track, texts, is_told=is_open and answer.unsaid_until is None),
        "lines": answers(track) if is_open else [],
        "is_content_open": is_open,
        "can_withdraw": is_hers and track.state in OPEN,
        "info_form": form
        if is_wrong and isinstance(form, GiveInfoForm)
        else GiveInfoForm(formdata=None, prefix=f"i{track.public_id}"),
        "withdraw_form": form
        if is_wrong and isinstance(form, WithdrawForm)
        else WithdrawForm(formdata=None, prefix=f"w{track.public_id}"),
    }


def _waits(track: Any, texts: RequestTexts, *, is_open: bool) -> dict[str, str]:
    """Why she is on the waiting list, and what she can have meanwhile (R-856)."""
    if not is_open or track.state is not RequestState.WAITLISTED:
        return {}
    return {"waits": label(track.wait_reason), "meanwhile": proposed(track.meanwhile, texts.meanwhile_text)}


def _said(track: Any, texts: RequestTexts, *, is_told: bool) -> dict[str, str | None]:
    """Why a programme said no, and what it proposes instead; nothing before it is told (R-850)."""
    if not is_told:
        return {}
    return {
        "rest": day(track.cool_down_until) if is_resting(track.cool_down_until, local_date(utc_now())) else "",
        "decline": label(track.decline_reason),
        "decline_text": texts.decline_text,
        "alternative": proposed(track.alternative, texts.alternative_text),
    }


@bp.post("/answers/<public_id>/info")
@access(Permission.REFERRAL_MAKE, audit=Audit.REQUEST_INFO_GIVEN)
def give_info(public_id: str) -> ResponseReturnValue:
    """Answer what a programme has asked."""
    track, form = queries.get_request(current_actor(), public_id), GiveInfoForm(prefix=f"i{public_id}")
    page = track.referral.public_id
    if not form.validate_on_submit():
        return _page(page, form, public_id), 422
    with transaction(then=url_for("referrals.detail", public_id=page)):
        service.give_info(track, form.text.data, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.detail", public_id=page), message=_("The answer has been sent."))


@bp.post("/answers/<public_id>/withdraw")
@access(Permission.REFERRAL_MAKE, audit=Audit.REQUEST_WITHDRAWN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take a request back."""
    track, form = queries.get_request(current_actor(), public_id), WithdrawForm(prefix=f"w{public_id}")
    page = track.referral.public_id
    if not form.validate_on_submit():
        return _page(page, form, public_id), 422
    with transaction(then=url_for("referrals.detail", public_id=page)):
        request_endings.withdraw(track, form.reason.data, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.detail", public_id=page), message=_("The request has been taken back."))
