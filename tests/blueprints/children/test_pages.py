"""The pages about children: the six answers, a fixed number of statements, and nothing outside the team."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.children import ChildSettingKind, PlanStep, SentHow, Whereabouts
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.states import CaseState
from portal.db import db
from portal.models.cases import Case, Note
from portal.models.children import Child, ChildPeriod, ChildSetting, ChildStep, NoteChild
from portal.models.concerns import ConcernNotice
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.services import child_settings, children, concerns, notes
from portal.services.child_settings import SettingRecord
from portal.services.children import ChildRecord
from portal.services.concerns import ConcernText
from tests.factories.people import actor_of, make_case, make_member, make_municipality

TODAY = local_date(utc_now())
DAY = f"{TODAY:%d.%m.%Y}"
Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


class Family:
    """A case with children, and who works on it."""

    def __init__(self, count: int = 1, *, full: bool = False) -> None:
        self.member: Membership = make_member()
        self.case: Case = make_case(self.member)
        self.by: dict[str, Any] = {"actor": actor_of(self.member), "now": utc_now()}
        new = ChildRecord(birth_year=TODAY.year - 6, name="Noor", needs="Bange for høje lyde")
        self.children: list[Child] = [children.add(self.case, new, **self.by) for _at in range(count)]
        for child in self.children if full else ():
            self._fill(child)

    def _fill(self, child: Child) -> None:
        case, by = self.case, self.by
        notes.write_note(case, text="Om barnet", about=[child], was_spoken_with=True, **by)
        children.set_where(case, child, Whereabouts.WITH_HER, from_on=TODAY, **by)
        children.note_step(case, child, PlanStep.ACTIVITY_ALONE, done_on=TODAY, **by)
        new = SettingRecord(place="Skovskolen, Byvej 1", told_on=TODAY, assessed_on=TODAY)
        for kind in ChildSettingKind:
            child_settings.save(case, child, kind, new, **by)
        concerns.draft(case, child, ConcernText("Barnet har blå mærker"), **by)

    @property
    def index(self) -> str:
        return f"/children/{self.case.public_id}"

    @property
    def page(self) -> str:
        return f"{self.index}/of/{self.children[0].public_id}"


def test_a_child_is_added_seen_with_its_age_and_changed(as_user: Browser, session: Any) -> None:
    family = Family(0)
    browser = as_user(family.member)
    assert "new" in browser.get(family.index).get_data(as_text=True)
    sent = {"name": "Noor", "birth_date": f"01.01.{TODAY.year - 6}", "is_along": "y", "custody": "joint"}
    assert browser.post(f"{family.index}/new", data=sent).location == family.index
    child = session.scalars(sa.select(Child)).one()
    text = browser.get(family.index).get_data(as_text=True)
    assert "Noor" in text
    assert "6 år" in text
    form = browser.get(f"{family.index}/of/{child.public_id}/facts").get_data(as_text=True)
    assert f'value="01.01.{TODAY.year - 6}"' in form
    changed = sent | {"contact": "supervised", "version": "1"}
    page = f"{family.index}/of/{child.public_id}"
    assert browser.post(f"{page}/facts", data=changed).location == page
    assert "Overvåget samvær" in browser.get(page).get_data(as_text=True)
    assert browser.post(f"{page}/facts", data=changed).status_code == 409


# The form below the child's page, what it takes, what it refuses, and what it writes.
FORMS: list[tuple[str, dict[str, str], dict[str, str], Any]] = [
    ("where", {"kind": "with_her", "from_on": DAY}, {"from_on": DAY}, ChildPeriod),
    ("plan", {"step": "talk", "done_on": DAY}, {"step": "talk", "done_on": "31.12.2099"}, ChildStep),
    ("school", {"place": "Skovskolen", "version": "0"}, {"told_on": "31.12.2099", "version": "0"}, ChildSetting),
    ("concern", {"text": "Barnet har blå mærker", "violence_suspected": "y"}, {"text": ""}, ConcernNotice),
]


@pytest.mark.parametrize(("path", "right", "wrong", "table"), FORMS, ids=[form[0] for form in FORMS])
def test_each_form_takes_what_is_right_and_keeps_what_was_typed(
    as_user: Browser, session: Any, path: str, right: dict[str, str], wrong: dict[str, str], table: Any
) -> None:
    family = Family()
    browser, url = as_user(family.member), f"{family.page}/{path}"
    refused = browser.post(url, data=wrong)
    assert refused.status_code == 422
    assert "error-summary" in refused.get_data(as_text=True)
    # Whoever is nothing to the case learns of nothing; whoever has another role is turned away at the door.
    assert as_user(make_member()).post(url, data=right).status_code == 404
    assert as_user(make_member(Role.GROUP_LEADER)).post(url, data=right).status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    browser = as_user(family.member)
    assert browser.post(url, data=right, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 1


def test_a_closed_case_is_no_moment_to_write_of_a_child_but_one_for_a_notice(as_user: Browser, session: Any) -> None:
    family = Family()
    family.case.state, family.case.closed_at = CaseState.CLOSED, utc_now()
    session.commit()
    browser = as_user(family.member)
    assert browser.get(family.page).status_code == 200
    assert browser.post(f"{family.page}/plan", data={"step": "talk", "done_on": DAY}).status_code == 409
    assert browser.post(f"{family.page}/concern", data={"text": "Barnet har blå mærker"}).status_code == 303


def test_the_place_is_on_no_page_and_is_shown_for_a_minute_with_a_reason(as_user: Browser) -> None:
    family = Family(full=True)
    browser = as_user(family.member)
    for page in (family.index, family.page, f"{family.page}/school", f"/cases/{family.case.public_id}"):
        assert "Skovskolen" not in browser.get(page).get_data(as_text=True)
    place = f"{family.page}/school/place"
    assert browser.get(place).status_code == 200
    assert browser.post(place, data={"reason": "kort"}).status_code == 422
    shown = browser.post(place, data={"reason": "Skal hente barnet i dag"})
    assert "Skovskolen, Byvej 1" in shown.get_data(as_text=True)


def test_a_notice_is_written_sent_printed_and_acknowledged(as_user: Browser, session: Any) -> None:
    family = Family()
    make_municipality()
    browser = as_user(family.member)
    sent = {"text": "Barnet har blå mærker", "violence_suspected": "y"}
    page = browser.post(f"{family.page}/concern", data=sent).location
    text = browser.get(page).get_data(as_text=True)
    assert "barnets lov § 133" in text
    assert "Forældrene får ikke besked" in text
    letter = browser.get(f"{page}/letter").get_data(as_text=True)
    assert "barnets lov § 133" in letter
    assert "Barnet har blå mærker" in letter
    assert browser.post(f"{page}/receipt", data={"receipted_on": DAY}).status_code == 409
    how = {"municipality": "751", "how": SentHow.DIGITAL_POST.value, "sent_on": DAY, "version": "1"}
    assert browser.post(f"{page}/sent", data=how | {"municipality": ""}).status_code == 422
    assert browser.post(f"{page}/sent", data=how).location == page
    assert browser.post(f"{page}/sent", data=how).status_code == 409
    ahead = browser.get(f"/cases/{family.case.public_id}").get_data(as_text=True)
    assert "Kvittering for en underretning" in ahead
    assert f'href="{family.index}"' in ahead
    assert browser.post(f"{page}/receipt", data={"receipted_on": DAY}).location == page
    assert browser.post(f"{page}/release", data={}).location == page
    assert session.scalars(sa.select(ConcernNotice)).one().released_at is not None


def test_two_ticks_that_contradict_each_other_are_refused_beside_the_field(as_user: Browser, session: Any) -> None:
    family = Family()
    browser = as_user(family.member)
    both = {"text": "Barnet har blå mærker", "violence_suspected": "y", "may_know": "y"}
    refused = browser.post(f"{family.page}/concern", data=both)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422 and session.scalars(sa.select(ConcernNotice)).all() == []
    assert 'id="may_know-error"' in text and "Der er mistanke om vold fra en forælder" in text
    ticked = re.findall(r"<input[^>]* checked [^>]*name=\"(\w+)\"", text)
    assert "Barnet har blå mærker" in text and {"violence_suspected", "may_know"} <= set(ticked)
    right = browser.post(f"{family.page}/concern", data=both | {"may_know": ""}).location
    assert "Forældrene må kende til den nu" not in browser.get(right).get_data(as_text=True)


def test_the_letter_holds_no_address_and_says_that_it_is_protected(as_user: Browser, session: Any) -> None:
    family = Family(full=True)
    family.case.client.address, family.case.client.protection_level = "Hemmeligvej 3", 1
    notice = session.scalars(sa.select(ConcernNotice.public_id)).one()
    session.commit()
    letter = as_user(family.member).get(f"{family.index}/concerns/{notice}/letter").get_data(as_text=True)
    assert "Hemmeligvej" not in letter
    assert "Skovskolen" not in letter
    assert "adresse er beskyttet" in letter


def test_what_is_about_one_child_stands_on_its_page_alone(as_user: Browser, session: Any) -> None:
    family = Family(2)
    browser, (one, two) = as_user(family.member), family.children
    keys = [one.public_id, two.public_id]
    journal = f"/cases/{family.case.public_id}/notes"
    assert all(f'value="{key}"' in browser.get(journal).get_data(as_text=True) for key in keys)
    sent = {"text": "Hun tegnede et hus", "about": keys[0], "was_spoken_with": "y"}
    assert browser.post(journal, data=sent).status_code == 303
    assert browser.post(journal, data={"text": "x", "was_spoken_with": "y"}).status_code == 422
    assert browser.post(journal, data={"text": "x", "about": "A" * 22}).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(NoteChild)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Note)) == 1
    pages = [browser.get(f"{family.index}/of/{key}").get_data(as_text=True) for key in keys]
    assert ["Hun tegnede et hus" in page for page in pages] == [True, False]
    assert "om Noor" in browser.get(journal).get_data(as_text=True)


def test_a_meeting_is_about_the_children_that_are_ticked(as_user: Browser, session: Any) -> None:
    family = Family(2)
    browser, one = as_user(family.member), family.children[0].public_id
    url = f"/meetings/new?case={family.case.public_id}"
    assert f'value="{one}"' in browser.get(url).get_data(as_text=True)
    typed = {"kind": "talk", "day": DAY, "starts": "00:10", "ends": "00:20", "place_kind": "our_rooms"}
    assert browser.post(url, data=typed | {"repeat": "once", "count": "1", "about": one}).status_code == 303
    meeting = session.scalars(sa.select(Meeting)).one()
    assert browser.post(f"/meetings/{meeting.public_id}/hold", data={"version": "1"}).status_code == 303
    pages = [browser.get(f"{family.index}/of/{child}").get_data(as_text=True) for child in _ids(session)]
    assert ["Samtale" in re.sub(r"(?s)<form.*?</form>|<option.*?>", "", _past(page)) for page in pages] == [True, False]


def _ids(session: Any) -> list[str]:
    return list(session.scalars(sa.select(Child.public_id).order_by(Child.id)))


def _past(page: str) -> str:
    return page[page.index('id="past"') :].split("</section>")[0]


def test_a_child_of_another_case_is_nowhere(as_user: Browser) -> None:
    family, other = Family(), Family()
    browser, theirs = as_user(family.member), other.children[0].public_id
    for path in ("", "/facts", "/school", "/school/place", "/concern"):
        assert browser.get(f"{family.index}/of/{theirs}{path}").status_code == 404


def test_the_pages_ask_as_much_for_six_children_as_for_one(as_user: Browser, session: Any, count_queries: Any) -> None:
    counts = []
    for size in (1, 6):
        family = Family(size, full=True)
        browser, case = as_user(family.member), f"/cases/{family.case.public_id}"
        asked = []
        for page in (family.index, family.page, case, f"{case}/notes"):
            browser.get(page)
            session.expire_all()
            count_queries.start()
            assert browser.get(page).status_code == 200
            asked.append(count_queries.stop())
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12, counts


def test_the_team_reads_ages_and_last_talks_on_the_case_and_nobody_else_a_name(as_user: Browser) -> None:
    family = Family(full=True)
    text = as_user(family.member).get(f"/cases/{family.case.public_id}").get_data(as_text=True)
    assert "Noor" in text
    assert f"talt med {DAY}" in text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Child)) == 1


def test_from_a_childs_page_one_writes_about_that_child(as_user: Browser) -> None:
    family = Family(2)
    one, _two = family.children
    browser, journal = as_user(family.member), f"/cases/{family.case.public_id}/notes"
    page = f"{journal}?child={one.public_id}"
    assert f'href="{page}"' in browser.get(f"/children/{family.case.public_id}/of/{one.public_id}").text
    text = browser.get(page).text
    # In the form of a note and in that of a contact, and in view in both.
    assert (ticked(text), text.count("<details open>")) == ([one.public_id] * 2, 2)
    for plain in (browser.get(there).text for there in (journal, f"{journal}?child=x")):
        assert (ticked(plain), plain.count("<details open>")) == ([], 0)


def ticked(page: str) -> list[str]:
    return re.findall(r'<input(?=[^>]* checked)(?=[^>]* name="about")[^>]* value="([^"]*)"', page)


def test_no_place_is_forgotten_that_is_not_kept(as_user: Browser) -> None:
    for is_full in (False, True):
        family = Family(full=is_full)
        text = as_user(family.member).get(f"{family.page}/school").get_data(as_text=True)
        assert ("forgets_place" in text) == is_full


def test_a_yes_is_green_and_says_beside_it_when_it_is_not_enough(as_user: Browser) -> None:
    family = Family()
    browser = as_user(family.member)
    sent = {"question": "talks", "answer": "yes", "given_by": "other_parent", "given_on": DAY}
    assert browser.post(f"{family.page}/consents", data=sent).status_code == 303
    text = browser.get(family.page).get_data(as_text=True).split('id="child-consents"')[1]
    assert '<span class="chip green">Ja</span>' in text
    assert '<span class="chip warm">' in text
