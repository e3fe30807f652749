"""Of two who opened the same page the second to save is told (R-009).

What the first wrote stands, what the second typed is still in the fields, beside what is saved now; and to save once
more is then meant.
"""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.kinds import MeetingCancelReason
from portal.core.states import MeetingState
from portal.db import db
from portal.services import meetings, referrals
from portal.web.versions import VersionedForm
from tests.factories.editing import FORMS, Editing
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_draft, make_offer

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
# What no page shows again, and what a button sends.
UNSEEN = {"address", "done", "go", "is_seen"}


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
    """The last step of a referral sends, and has a test of its own; a new case or volunteer is nobody's old page."""
    named = {form.__name__ for form in _all_below(VersionedForm)}
    bases = {"PhaseForm", "AnswersFormOf", "CriteriaFormOf", "NewCaseForm", "NewVolunteerForm", "SendForm"}
    assert len(named - bases) == len(FORMS), sorted(named - bases)


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
    late = browser.post(
        f"{page}/hold", data={"note": "Vi talte om <skolen>"}, headers={"Referer": f"http://localhost{page}"}
    )
    assert (late.status_code, meeting.state) == (409, MeetingState.CANCELLED)
    assert "Vi talte om &lt;skolen&gt;" in late.text and f'href="{page}"' in late.text


@pytest.mark.parametrize(
    "referrer", ["http://elsewhere.example/cases/", "http://localhost/sign-out", "", "http://localhost/none"]
)
def test_the_way_back_is_a_page_of_ours_that_can_be_opened(as_user: AsUser, referrer: str) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), MeetingState.CANCELLED)
    late = as_user(member).post(f"/meetings/{meeting.public_id}/hold", data={}, headers={"Referer": referrer})
    assert (late.status_code, "Tilbage til siden" in late.text) == (409, False)
