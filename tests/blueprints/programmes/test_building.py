"""A lead makes a programme in the browser, section by section, with every form as it works without JavaScript."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import ReferralSource
from portal.core.programmes import VersionState
from portal.db import db
from portal.models.meetings import Meeting
from portal.models.programmes import Programme
from portal.models.users import User
from portal.queries import programme_versions as queries
from portal.services import programme_drafts
from tests.factories.people import actor_of, make_member
from tests.factories.programmes import make_draft_programme, make_lead, make_own_offer, offer_of, publish
from tests.factories.referrals import make_draft, make_request

Browser = Callable[..., Any]
ABOUT = {"name_da": "Mentor", "name_en": "Peer mentor", "kind": "course"}


def sent(page: str) -> dict[str, Any]:
    """What a browser would send of the section's form: every field as it stands."""
    found: dict[str, Any] = {}
    body = max(re.findall(r"<form .*?</form>", page, re.S), key=len)
    body = re.sub(r"<fieldset[^>]* disabled>.*?</fieldset>", "", body, flags=re.S)
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (("checkbox" not in tag and "radio" not in tag) or " checked" in tag):
            text = html.unescape(value[1]) if value else ""
            found[name[1]] = [*found.get(name[1], []), text] if "checkbox" in tag else text
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', body, re.S):
        found[name] = html.unescape(text).strip()
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def fill(browser: Any, page: str, **typed: Any) -> Any:
    """Open a page, type into it, and send its form to itself."""
    opened = browser.get(page)
    assert opened.status_code == 200, page
    text = opened.get_data(as_text=True)
    return browser.post(page, data=sent(text) | typed)


def own_of(lead: Any) -> Programme:
    """The one programme of the lead's house."""
    return db.session.scalars(db.select(Programme).where(Programme.owner_id == lead.organisation_id)).one()


def test_a_whole_programme_is_made_and_published(as_user: Browser) -> None:
    lead = make_lead()
    browser = as_user(lead)
    made = fill(browser, "/programmes/own/new", **ABOUT, summary_da="I tolv uger.", summary_en="For twelve weeks.")
    assert made.status_code == 303 and made.location.endswith("/criteria")
    programme = own_of(lead)
    root = f"/programmes/own/{programme.public_id}"
    rows = {f"c{n}_da": f"Kriterium {n}" for n in range(4)} | {f"c{n}_en": f"Criterion {n}" for n in range(4)}
    assert fill(browser, f"{root}/criteria", **rows, t0_da="Samtale", t0_en="Talk").location.endswith("/questions")
    first = {
        "type": "choice",
        "da": "Hvornår?",
        "en": "When?",
        "is_required": "y",
        "choices": "Dag | Day\nAften | Night",
    }
    assert fill(browser, f"{root}/questions/new", **first).status_code == 303
    key = queries.get_version(programme).content["question"][0]["key"]
    second = {"type": "text", "da": "Hvem passer børnene?", "en": "Who minds the children?", "when": [f"{key}=a2"]}
    assert fill(browser, f"{root}/questions/new", **second).status_code == 303
    assert fill(browser, f"{root}/places", capacity="8", waiting_order="leaving_date").status_code == 303
    points = {"p1_amount": "6", "p1_unit": "weeks", "p1_start": "start", "p2_amount": "12", "p2_unit": "weeks"}
    assert fill(browser, f"{root}/course", length="12", length_unit="weeks", **points).status_code == 303
    clock = {"k0_da": "Ring", "k0_en": "Call", "k0_amount": "3", "k0_who": "worker", "k0_start": "started"}
    assert fill(browser, f"{root}/clocks", answer_weekdays="3", **clock).status_code == 303
    assert fill(browser, f"{root}/sharing", hidden=["child_count_band"]).location.endswith("/versions/1")
    draft = queries.get_version(programme)
    seen = browser.get(f"{root}/versions/1").get_data(as_text=True)
    assert "Kriterium 3" in seen and "Aften" in seen
    done = browser.post(f"{root}/publish", data=sent(seen) | {"valid_from": f"{local_date(utc_now()):%d.%m.%Y}"})
    assert done.status_code == 303 and draft.state is VersionState.IN_FORCE
    content = draft.content
    assert content["follow_up"] == ["start", "end", "end+3m", "start+6w", "start+12w"]
    assert (content["facts"], content["capacity"], content["waiting_order"]) == (
        {"duration_weeks": 12},
        8,
        "leaving_date",
    )
    assert [row["da"] for row in content["criteria"]] == [f"Kriterium {n}" for n in range(4)]
    assert content["question"][1]["when"] == {"question": key, "answers": ["a2"]}
    assert (content["clock"][0]["amount"], content["hidden"]) == (3, ["child_count_band"])
    assert offer_of(programme).capacity == 8
    everybody = as_user(make_member()).get(f"/programmes/{programme.public_id}")
    assert everybody.status_code == 200 and "Mentor" in everybody.get_data(as_text=True)


def test_rows_are_added_by_a_button_and_nothing_typed_is_lost(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead, criteria=[])
    browser, page = as_user(lead), f"/programmes/own/{programme.public_id}/criteria"
    text = browser.get(page).get_data(as_text=True)
    more = browser.post(page, data=sent(text) | {"c0_da": "Et kriterium", "go": "more"})
    assert more.status_code == 303 and "rows=8" in more.location
    again = browser.get(more.location).get_data(as_text=True)
    assert "Et kriterium" in again and 'name="c8_da"' in again and 'name="c8_da"' not in text


def test_what_is_wrong_stands_beside_its_field(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}"
    for page, typed, words in (
        ("/places", {"capacity": "0"}, "10000"),
        ("/about", {"name_da": ""}, "name_da-error"),
        ("/about", {"kind": "housing"}, "kind-error"),
        ("/course", {"p0_amount": "6", "p1_amount": "6"}, "error-summary"),
        ("/questions/new", {"type": "text", "da": "Bor hun på Solvangsvej 4?"}, "da-error"),
        ("/questions/new", {"type": "text", "da": "x" * 201}, "da-error"),
        ("/questions/new", {"type": "dropdown", "da": "Hvad?"}, "type-error"),
        ("/questions/new", {"type": "choice", "da": "Hvad?"}, "choices-error"),
        ("/questions/new", {"type": "several", "da": "Hvad?", "choices": "Dag | Day"}, "choices-error"),
    ):
        refused = fill(browser, root + page, **typed)
        assert refused.status_code == 422, (page, typed)
        assert words in refused.get_data(as_text=True), (page, typed)
    refused = browser.post(f"{root}/publish", data={"valid_from": "01 01 2020", "version": "2"})
    assert refused.status_code == 422


def test_both_languages_are_asked_for_as_publishing_asks_for_them(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead, name_en="", summary_en="")
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}"
    page = browser.get(f"{root}/about").get_data(as_text=True)
    assert page.count("mangler: skal udfyldes, før det udgives") == 2
    fill(browser, f"{root}/about", name_en="Peer mentor", summary_en="For twelve weeks.")
    page = browser.get(f"{root}/about").get_data(as_text=True)
    assert "mangler: skal udfyldes" not in page
    fill(browser, f"{root}/questions/new", type="text", da="Kan hun cykle?")
    new = queries.get_version(programme).content["question"][-1]["key"]
    page = browser.get(f"{root}/questions/{new}").get_data(as_text=True)
    assert "mangler: skal udfyldes" in page and "mangler teksten på engelsk" in page


def test_a_section_is_done_when_somebody_has_saved_it_and_nothing_is_missing(as_user: Browser) -> None:
    lead = make_lead()
    browser = as_user(lead)
    fill(browser, "/programmes/own/new", **ABOUT)
    root = f"/programmes/own/{own_of(lead).public_id}"

    def states(page: str) -> list[str]:
        return re.findall(r'<li class="step (\w+)"', browser.get(f"{root}/{page}").get_data(as_text=True))

    todo = ["todo"] * 5
    assert states("criteria") == ["wanting", "current", *todo]
    fill(browser, f"{root}/about", summary_da="I tolv uger.", summary_en="For twelve weeks.")
    assert states("criteria") == ["done", "current", *todo]
    fill(browser, f"{root}/places", capacity="8")
    assert states("criteria") == ["done", "current", "done", "done", "todo", "todo", "todo"]


def test_of_two_leads_the_second_is_shown_both(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    other = make_lead(lead.organisation)
    page = f"/programmes/own/{programme.public_id}/about"
    hers = sent(as_user(other).get(page).get_data(as_text=True))
    assert fill(as_user(lead), page, summary_da="Den enes tekst").status_code == 303
    late = as_user(other).post(page, data=hers | {"summary_da": "Den andens tekst"})
    text = late.get_data(as_text=True)
    assert late.status_code == 409 and "Den enes tekst" in text and "Den andens tekst" in text
    assert as_user(other).post(page, data=sent(text)).status_code == 303
    assert queries.get_version(programme).content["summary_da"] == "Den andens tekst"


def test_questions_are_moved_and_taken_out_by_buttons(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}/questions"

    def press(key: str, move: str) -> int:
        seen = queries.get_version(programme).version
        return int(browser.post(f"{root}/{key}/{move}", data={"version": seen}).status_code)

    def order() -> list[str]:
        return [row["key"] for row in queries.get_version(programme).content["question"]]

    assert press("q5", "down") == 303 and order() == ["q8", "q5"]
    assert "Hvem passer" in browser.get(root).get_data(as_text=True)
    assert "notice warm" in browser.get(root).get_data(as_text=True)
    assert press("q5", "up") == 303 and order() == ["q5", "q8"]
    assert press("q5", "up") == 303 and order() == ["q5", "q8"]
    assert browser.post(f"{root}/q5/down", data={"version": "1"}).status_code == 409
    assert browser.post(f"{root}/q5/down", data={}).status_code == 400
    assert press("q99", "up") == 404
    assert press("q8", "remove") == 303 and order() == ["q5"]


def test_only_the_leads_of_the_house_see_what_it_makes(as_user: Browser) -> None:
    lead = make_lead()
    house = lead.organisation
    programme = make_draft_programme(lead)
    root = f"/programmes/own/{programme.public_id}"
    pages = ("", "/about", "/questions", "/questions/new", "/questions/q5", "/versions/1")
    for page in pages:
        assert as_user(lead).get(root + page).status_code == 200, page
        assert as_user(make_lead()).get(root + page).status_code == 404, page
        assert as_user(make_member(Role.INTAKE, house)).get(root + page).status_code == 403, page
    for press in ("publish", "change", "discard", "take-back", "retire", "questions/q5/up"):
        data = {"version": "2", "valid_from": "01 01 2030"}
        assert as_user(make_lead()).post(f"{root}/{press}", data=data).status_code == 404, press
        assert as_user(make_member()).post(f"{root}/{press}", data=data).status_code == 403, press
    assert as_user(make_member()).get(f"/programmes/{programme.public_id}").status_code == 404
    assert "Mentor" not in as_user(make_lead()).get("/programmes/own").get_data(as_text=True)
    assert "Mentor" in as_user(lead).get("/programmes/own").get_data(as_text=True)


def test_what_is_published_is_changed_by_a_new_version_only(as_user: Browser) -> None:
    lead = make_lead()
    made = make_request(offer=make_own_offer(lead))
    programme = made.offer.programme
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}"
    assert browser.get(f"{root}/about").status_code == 409
    assert browser.post(f"{root}/publish", data={"valid_from": "01 01 2030"}).status_code == 409
    assert browser.post(f"{root}/discard").status_code == 409
    assert browser.post(f"{root}/take-back").status_code == 409
    assert browser.post(f"{root}/change").status_code == 303
    assert browser.post(f"{root}/change").status_code == 409
    assert browser.get(f"{root}/about").status_code == 200
    assert fill(browser, f"{root}/about", kind="group").status_code == 422
    assert browser.post(f"{root}/discard").status_code == 303
    publish(lead, programme, capacity=9)
    page = browser.get(root).get_data(as_text=True)
    assert "1 på v1" in page or "1 on v1" in page
    assert browser.post(f"{root}/retire").status_code == 303
    assert browser.post(f"{root}/retire").status_code == 409


def test_a_version_that_waits_is_taken_back(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}"
    page = browser.get(f"{root}/versions/1").get_data(as_text=True)
    later = utc_now().date().replace(day=1)
    later = later.replace(year=later.year + (later.month == 12), month=later.month % 12 + 1)
    assert browser.post(f"{root}/publish", data=sent(page) | {"valid_from": f"{later:%d.%m.%Y}"}).status_code == 303
    assert browser.get(f"{root}/about").status_code == 409
    assert browser.post(f"{root}/take-back").status_code == 303
    assert browser.get(f"{root}/about").status_code == 200
    assert browser.get(f"{root}/versions/9").status_code == 404


def test_pages_cost_the_same_however_much_stands_in_them(as_user: Browser, count_queries: Any) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}"
    pages = ("/programmes/own", root, f"{root}/criteria", f"{root}/questions", f"{root}/versions/1")
    seen: dict[str, list[int]] = {}
    for more in (0, 6):
        for _one in range(more):
            make_draft_programme(lead)
        if more:
            draft = queries.get_version(programme)
            rows = [{"key": f"x{n}", "type": "yesno", "da": f"{n}?", "en": f"{n}?"} for n in range(20)]
            given = {"seen": None, "actor": actor_of(lead), "now": utc_now()}
            programme_drafts.save(draft, programme, {"question": rows}, **given)
        for page in pages:
            browser.get(page)
            count_queries.start()
            assert browser.get(page).status_code == 200
            seen.setdefault(page, []).append(count_queries.stop())
    for page, counts in seen.items():
        assert counts[0] == counts[1] <= 12, (page, counts)


def test_a_hidden_question_comes_up_without_javascript(as_user: Browser) -> None:
    from tests.factories.referrals import make_draft

    sender = make_member()
    referral = make_draft(sender, make_own_offer(make_lead()))
    browser, page = as_user(sender), f"/referrals/{referral.public_id}/step/3"
    text = browser.get(page).get_data(as_text=True)
    assert "Hvornår kan hun mødes?" in text
    track = re.search(r'name="shown-([\w-]+)"', text)
    assert track is not None
    # There for the script, which shows it with its answer; hidden, and sent by nobody, without it.
    waits = re.search(rf'<fieldset[^>]*data-shown-when="{track[1]}-q5=c7"([^>]*)>', text)
    assert waits is not None and "hidden disabled" in waits[1]
    asked = browser.post(page, data=sent(text) | {f"{track[1]}-q5": "c7", "go": "next"})
    assert asked.status_code == 303 and asked.location.endswith("/step/3")
    text = browser.get(page).get_data(as_text=True)
    waits = re.search(rf'<fieldset[^>]*data-shown-when="{track[1]}-q5=c7"([^>]*)>', text)
    assert "Hvem passer børnene" in text and waits is not None and "hidden" not in waits[1]
    refused = browser.post(page, data=sent(text) | {"go": "next"})
    assert refused.status_code == 422
    done = browser.post(page, data=sent(text) | {f"{track[1]}-q8": "Min mor", "go": "next"})
    assert done.status_code == 303 and done.location.endswith("/step/4")


@pytest.mark.parametrize("page", ["/programmes/own", "/programmes/own/new"])
def test_nobody_but_leads_makes_programmes(as_user: Browser, page: str) -> None:
    assert as_user(make_member(Role.INTAKE)).get(page).status_code == 403
    assert as_user(make_lead()).get(page).status_code == 200


def test_a_group_is_made_with_its_meetings_and_a_round_is_planned_by_it(as_user: Browser) -> None:
    lead = make_lead()
    house, browser = lead.organisation, as_user(lead)
    about = ABOUT | {"name_da": "Mandagsgruppen", "kind": "group", "summary_da": "En gruppe.", "summary_en": "A group."}
    fill(browser, "/programmes/own/new", **about)
    programme = own_of(lead)
    root = f"/programmes/own/{programme.public_id}"
    assert fill(browser, f"{root}/places", places_per_round="9").status_code == 303
    met = {"sessions": "6", "session_step_days": "14", "session_minutes": "90", "leaders": "1"}
    themes = "At sove igen\n\n  Børnene  \nPenge"
    many = "\n".join(f"Tema {number}" for number in range(7))
    assert fill(browser, f"{root}/course", **met | {"sessions": "31"}, themes=themes).status_code == 422
    assert fill(browser, f"{root}/course", **met, themes=many).status_code == 303
    assert "temaer" in browser.get(f"{root}/course").get_data(as_text=True).casefold()
    assert fill(browser, f"{root}/course", **met, themes=themes).status_code == 303
    again = sent(browser.get(f"{root}/course").get_data(as_text=True))
    assert {name: again[name] for name in met} == met and again["themes"] == "At sove igen\nBørnene\nPenge"
    draft = queries.get_version(programme)
    assert draft.content["facts"] == {
        "sessions": 6,
        "session_step_days": 14,
        "session_minutes": 90,
        "leaders": 1,
        "themes": ["At sove igen", "Børnene", "Penge"],
    }
    seen = browser.get(f"{root}/versions/1").get_data(as_text=True)
    assert "Børnene" in seen
    browser.post(f"{root}/publish", data=sent(seen) | {"valid_from": f"{local_date(utc_now()):%d.%m.%Y}"})
    leader = make_member(Role.GROUP_LEADER, house)
    plans = as_user(leader)
    form = sent(plans.get("/groups/new").get_data(as_text=True))
    assert {name: form[name] for name in ("session_count", "step_days", "session_minutes", "places_max")} == {
        "session_count": "6",
        "step_days": "14",
        "session_minutes": "90",
        "places_max": "9",
    }
    typed = {"name": "Efterår", "starts_on": f"{local_date(utc_now()):%d.%m.%Y}", "starts_at": "17.00"}
    typed |= {"leaders": [db.session.get_one(User, leader.user_id).public_id]}
    assert plans.post("/groups/new", data=form | typed | {"places_max": "10"}).status_code == 422
    assert plans.post("/groups/new", data=form | typed).status_code == 303
    meetings = db.session.execute(db.select(Meeting.theme).order_by(Meeting.number)).scalars().all()
    assert meetings == ["At sove igen", "Børnene", "Penge"] * 2


def test_what_a_group_alone_has_is_not_asked_of_others(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    page = as_user(lead).get(f"/programmes/own/{programme.public_id}/course").get_data(as_text=True)
    assert 'name="sessions"' not in page and 'name="themes"' not in page


def test_the_lead_says_from_whom_it_takes_referrals_and_everybody_reads_it(as_user: Browser) -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    browser, root = as_user(lead), f"/programmes/own/{programme.public_id}"
    nobody = fill(browser, f"{root}/about", sources=[])
    assert nobody.status_code == 303
    assert "ingen ville kunne henvise til det" in browser.get(f"{root}/about").get_data(as_text=True)
    assert fill(browser, f"{root}/about", sources=["shelter", "self"]).status_code == 303
    assert queries.get_version(programme).content["sources"] == ["shelter", "self"]
    words = "Tager imod henvisninger fra et krisecenter eller kvinden selv."
    assert words in browser.get(f"{root}/versions/1").get_data(as_text=True)
    publish(lead, programme)
    seen = as_user(make_member()).get(f"/programmes/{programme.public_id}")
    assert words in seen.get_data(as_text=True)
    assert fill(browser, "/programmes/own/new", **ABOUT, sources=["neighbour"]).status_code == 422


def test_the_wizard_says_whose_referral_it_does_not_take_before_anything_is_filled_in(as_user: Browser) -> None:
    sender = make_member()
    referral = make_draft(sender)
    referral.source = ReferralSource.RELATIVE
    offer = make_own_offer(make_lead(), sources=["shelter"], eligibility=[])
    browser, page = as_user(sender), f"/referrals/{referral.public_id}/step/3"
    referral.step = 3
    db.session.flush()
    seen = browser.get(page).get_data(as_text=True)
    assert "ikke imod henvisninger fra en pårørende, kun fra et krisecenter. Lad" in seen
    refused = browser.post(page, data=sent(seen) | {"offers": [offer.public_id], "go": "next"})
    assert refused.status_code == 422 and "henvisninger fra en pårørende" in refused.get_data(as_text=True)
