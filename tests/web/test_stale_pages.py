"""Of two who opened the same page the second to save is told (R-009).

What the first wrote stands, what the second typed is still in the fields, beside what is saved now; and to save once
more is then meant.
"""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import MeetingCancelReason, TrackKind
from portal.core.measures import Phase
from portal.core.states import GrantState, MeetingState, RequestState
from portal.db import db
from portal.models.cti import PhasePlan
from portal.queries import cti as cti_queries
from portal.queries import enrolments as enrolment_queries
from portal.queries import referrals as referral_queries
from portal.queries import requests as request_queries
from portal.services import cases, cti, grants, meetings, referrals
from portal.web.versions import VersionedForm
from tests.factories import editing_plans, editing_programmes
from tests.factories.editing import FORMS as FIRST_FORMS
from tests.factories.editing import Editing
from tests.factories.enrolments import make_enrolment
from tests.factories.grants import make_application, make_house
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_draft, make_offer, make_request, offer_place

FORMS = [*FIRST_FORMS, *editing_plans.FORMS, *editing_programmes.FORMS]
AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
# What no page shows again, and what a button sends.
UNSEEN = {"address", "done", "go", "is_read", "is_seen", "wish-reason"}


def saved_now(page: str) -> list[str]:
    """What a page says is saved."""
    found = re.findall(r'<span class="saved-now"[^>]*>.*?<q>(.*?)</q>', page, re.S)
    return [html.unescape(one) for one in found]


def stands(page: str, name: str, value: str) -> bool:
    """Whether a field of the page holds what was typed or chosen."""
    name, value = re.escape(name), re.escape(html.escape(value))
    picked = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.S)
    return bool(
        re.search(rf'<input(?=[^>]* (checked|type="text"))(?=[^>]* name="{name}")[^>]* value="{value}"', page)
        or re.search(rf'<textarea[^>]* name="{name}"[^>]*>\s*{value}</textarea>', page)
        or (picked and re.search(rf'<option selected value="{value}"', picked[0]))
    )


def lost(page: str, sent: dict[str, Any]) -> list[tuple[str, str]]:
    """What was typed and stands in no field."""
    values = [(name, one) for name, given in sent.items() for one in (given if isinstance(given, list) else [given])]
    seen = [(name, one) for name, one in values if name not in UNSEEN and not name.startswith("shown-")]
    return [(name, one) for name, one in seen if not stands(page, name, one)]


@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_the_second_keeps_what_she_typed_and_sees_what_is_saved(as_user: AsUser, make: Callable[[], Editing]) -> None:
    at = make()
    db.session.commit()
    browser = as_user(at.who)
    old = browser.hidden(at.page, at.action)
    first, second = old | {"form_key": "a" * 22}, old | {"form_key": "b" * 22}
    assert browser.post(at.action, data=first | at.first).status_code == 303
    late = browser.post(at.action, data=second | at.second)
    assert (late.status_code, lost(late.text, at.second)) == (409, [])
    assert saved_now(late.text) == ([at.saved] if isinstance(at.saved, str) else at.saved)
    assert "Hemmeligvej" not in late.text and "Nyvej" not in late.text
    without = {name: value for name, value in second.items() if not name.endswith("version")}
    assert browser.post(at.action, data=without | at.second).status_code == 409
    now = browser.hidden_in(late, at.action)
    assert now != old
    assert browser.post(at.action, data=now | at.second).status_code == 303


def test_every_form_that_knows_a_version_is_among_them() -> None:
    """What is decided, sent or applied for has tests of its own; a new case or volunteer is nobody's old page."""
    # Made anew for each page, of a form that stands here already: "…Of".
    named = {form.__name__ for form in _all_below(VersionedForm) if not form.__name__.endswith("Of")}
    bases = {
        "PhaseForm",
        "AnswersFormOf",
        "CriteriaFormOf",
        "NewCaseForm",
        "NewVolunteerForm",
        "NewForm",
        "NewChildForm",
    }
    own_tests = {"SendForm", "ApplicationForm", "WaitlistForm", "DeclineForm", "CloseForm"}
    own_tests |= {
        "UndoForm",
        "StateForm",
        "AgreeForm",
        "ConcernSentForm",
        "ColumnsForm",
        "StartForm",
        "SkipForm",
        "StillForm",
        "TakeOutForm",
    }
    own_tests |= {
        "OfferForm",
        "PublishForm",
        "StrikeForm",
        "SpanForm",
        "ReasonForm",
        "StretchForm",
        "WordsForm",
        "MakeForm",
    }
    assert len(named - bases - own_tests) == len(FORMS), sorted(named - bases - own_tests)


def _all_below(kind: type) -> set[type]:
    return {one for child in kind.__subclasses__() for one in (child, *_all_below(child))}


def test_a_referral_that_a_colleague_has_changed_is_not_sent_unseen(as_user: AsUser) -> None:
    member = make_member()
    draft = make_draft(member, make_offer())
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step/5"
    sent = browser.hidden(page, page) | {"may_see_progress": "y"}
    referrals.save(draft, own_words="Andre ord", actor=actor_of(member), now=utc_now())
    late = browser.post(page, data=sent)
    assert (late.status_code, saved_now(late.text)) == (409, ["Nej"])
    assert draft.sent_at is None
    assert browser.post(page, data=browser.hidden_in(late, page)).status_code == 303


def test_words_that_come_too_late_are_shown_to_be_copied(as_user: AsUser) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member))
    browser, page = as_user(member), f"/meetings/{meeting.public_id}"
    meetings.cancel(meeting, MeetingCancelReason.HER_WISH, actor=actor_of(member), now=utc_now())
    late = browser.post(f"{page}/hold", data={"note": "Vi talte om <skolen>", "from_page": page})
    assert (late.status_code, meeting.state) == (409, MeetingState.CANCELLED)
    assert "Vi talte om &lt;skolen&gt;" in late.text and f'href="{page}"' in late.text


@pytest.mark.parametrize("told", ["http://elsewhere.example/cases/", "//elsewhere.example", "/sign-out", "", "/none"])
def test_the_way_back_is_a_page_of_ours_that_can_be_opened(as_user: AsUser, told: str) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), MeetingState.CANCELLED)
    late = as_user(member).post(f"/meetings/{meeting.public_id}/hold", data={"from_page": told})
    assert (late.status_code, "Tilbage til siden" in late.text) == (409, False)


DECISIONS = [
    (
        "waitlist",
        {
            "wait-reason": "no_room",
            "wait-recontact_on": f"{local_date(utc_now()) + timedelta(days=3):%d %m %Y}",
            "wait-meanwhile_text": "Prøv Qnet",
        },
    ),
    ("decline", {"no-reason": "capacity", "no-text": "Fuldt", "no-alternative_text": "Prøv Qnet"}),
    ("close", {"wish-reason": "her_wish"}),
]


@pytest.mark.parametrize(("action", "typed"), DECISIONS, ids=[action for action, _typed in DECISIONS])
def test_what_a_colleague_has_decided_is_seen_before_it_is_undone(
    as_user: AsUser, action: str, typed: dict[str, str]
) -> None:
    made = make_request(RequestState.IN_VISITATION)
    browser, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    old = browser.hidden(page, f"{page}/{action}")
    made.request = request_queries.get(actor_of(made.intake), made.request.public_id)
    offer_place(made, now=utc_now())
    late = browser.post(f"{page}/{action}", data=old | typed)
    assert (late.status_code, lost(late.text, typed)) == (409, [])
    assert made.request.state is RequestState.OFFERED
    assert browser.post(f"{page}/{action}", data=browser.hidden_in(late, f"{page}/{action}") | typed).status_code == 303


@pytest.mark.parametrize(("first", "second"), [("hold", "not-met"), ("not-met", "hold")])
def test_what_a_colleague_has_registered_is_not_turned_round_unseen(as_user: AsUser, first: str, second: str) -> None:
    member = make_member()
    page = f"/meetings/{make_meeting(member, make_case(member)).public_id}"
    browser = as_user(member)
    old = {action: browser.hidden(page, f"{page}/{action}") for action in (first, second)}
    assert browser.post(f"{page}/{first}", data=old[first]).status_code == 303
    assert browser.post(f"{page}/{second}", data=old[second]).status_code == 409
    assert browser.submit(page, f"{page}/{second}").status_code == 303


def test_an_application_that_came_back_is_not_overwritten_from_its_old_page(as_user: AsUser) -> None:
    house = make_house()
    application = make_application(house, state=GrantState.DRAFT)
    browser, page = as_user(house.contact), f"/grants/{application.public_id}/edit"
    typed = {"payee_kind": "shop", "consent": "oral", "amount_basic_furniture": "3.000"}
    old = browser.hidden(page, page)
    assert browser.post(page, data=old | typed | {"other_support": "Først", "form_key": "a" * 22}).status_code == 303
    officer = {"actor": actor_of(house.officer), "now": utc_now()}
    grants.screen(application, **officer)
    grants.ask_info(application, wanted="Hvor mange senge?", **officer)
    late = browser.post(page, data=old | typed | {"other_support": "Gammelt", "form_key": "b" * 22})
    assert (late.status_code, saved_now(late.text), lost(late.text, {"other_support": "Gammelt"})) == (
        409,
        ["Først"],
        [],
    )
    assert application.other_support == "Først"
    assert browser.post(page, data=browser.hidden_in(late, page) | typed | {"other_support": "Nyt"}).status_code == 303


def test_a_plan_is_about_the_phase_that_the_page_was_about(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    who = {"actor": actor_of(worker), "now": utc_now()}
    cti.note_move(course.case_id, local_date(utc_now()) - timedelta(days=95), **who)
    browser, page = as_user(worker), f"/cti/{course.public_id}"
    old = browser.hidden(page, f"{page}/plan")
    row = enrolment_queries.get(actor_of(worker), course.public_id)
    cti.write_plan(cti_queries.get_course(row), row, Phase.P1, ["safety"], "Først", **who)
    cti.advance_phase(cti_queries.get_course(row), row, **who)
    typed = {"areas": ["safety"], "plan": "Sidst"}
    late = browser.post(f"{page}/plan", data=old | typed)
    assert (late.status_code, saved_now(late.text), lost(late.text, typed)) == (409, ["Først"], [])
    assert "Det handler om fasen 1 Overgang" in late.text
    assert browser.post(f"{page}/plan", data=browser.hidden_in(late, f"{page}/plan") | typed).status_code == 303
    plans = db.session.execute(sa.select(PhasePlan.phase, PhasePlan.plan)).all()
    assert [tuple(plan) for plan in plans] == [(Phase.P1, "Sidst")]


def test_looking_back_on_a_phase_that_has_gone_by_is_kept_with_it(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    who = {"actor": actor_of(worker), "now": utc_now()}
    cti.note_move(course.case_id, local_date(utc_now()) - timedelta(days=95), **who)
    row = enrolment_queries.get(actor_of(worker), course.public_id)
    cti.write_plan(cti_queries.get_course(row), row, Phase.P1, ["safety"], "Nye låse", **who)
    browser, page = as_user(worker), f"/cti/{course.public_id}"
    old = browser.hidden(page, f"{page}/review")
    cti.advance_phase(cti_queries.get_course(row), row, **who)
    assert browser.post(f"{page}/review", data=old | {"review": "Låsene holder"}).status_code == 303
    assert db.session.scalars(sa.select(PhasePlan.review)).all() == ["Låsene holder"]
    assert browser.post(f"{page}/review", data=old | {"review": "x", "phase": "p9"}).status_code == 422


def test_who_may_is_asked_before_the_age_of_the_page(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    elsewhere = make_member(Role.PROGRAMME_WORKER)
    cases.join_team(course.case_id, elsewhere.user_id, actor=actor_of(worker), now=utc_now())
    typed = {"areas": ["safety"], "plan": "x", "version": "9", "phase": "p1"}
    assert as_user(elsewhere).post(f"/cti/{course.public_id}/plan", data=typed).status_code == 403


@pytest.mark.parametrize("refused", ["closed", "unknown"])
def test_a_third_step_that_the_rules_refuse_shows_what_was_typed(as_user: AsUser, refused: str) -> None:
    member, offer = make_member(), make_offer(TrackKind.HOUSING)
    draft = make_draft(member, offer)
    track = referrals.requests_of(draft)[0].public_id
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step/3"
    typed = {"offers": [offer.public_id], f"shown-{track}": "1", f"{track}-motivation": "To linjer\r\nmed ord"}
    old = browser.hidden(page, page)
    if refused == "closed":
        offer.is_accepting = False
    else:
        typed["offers"] = [*typed["offers"], new_public_id()]
    late = browser.post(page, data=old | typed | {"go": "draft"})
    assert late.status_code == 422
    assert "To linjer" in late.text and "error-summary" in late.text


def test_words_of_a_draft_that_has_gone_on_are_shown_to_be_copied(as_user: AsUser) -> None:
    member, offer = make_member(), make_offer(TrackKind.HOUSING)
    draft = make_draft(member, offer)
    actor, track = actor_of(member), referrals.requests_of(draft)[0].public_id
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step"
    third = browser.hidden(f"{page}/3", f"{page}/3")
    typed = {"offers": [offer.public_id], f"shown-{track}": "1", f"{track}-motivation": "Hun vil gerne bo"}
    draft = referral_queries.get(actor, draft.public_id)
    referrals.choose(draft, [], actor=actor, now=utc_now())
    late = browser.post(f"{page}/3", data=third | typed | {"go": "draft", "version": "0"})
    assert (late.status_code, "Hun vil gerne bo" in late.text) == (409, True)
    draft.sent_at = utc_now()
    db.session.flush()
    for number, words in ((2, {"own_words": "Hun vil gerne bo"}), (3, typed)):
        late = browser.post(f"{page}/{number}", data=words)
        assert (late.status_code, "Hun vil gerne bo" in late.text) == (409, True)


def test_a_draft_that_is_newer_elsewhere_does_not_save_itself(as_user: AsUser) -> None:
    member = make_member()
    draft = make_draft(member, make_offer())
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step/2"
    old = browser.hidden(page, page)
    assert "data-autosave" in browser.get(page).text
    referrals.save(draft, own_words="Først", actor=actor_of(member), now=utc_now())
    late = browser.post(page, data=old | {"needs": ["housing"], "own_words": "Sidst"})
    assert (late.status_code, "data-autosave" in late.text) == (409, False)
