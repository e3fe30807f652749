"""A referral is written in five steps: kept, refused kindly, sent once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.core.states import RequestState
from portal.models.cases import Consent
from portal.models.enrolments import Enrolment
from portal.models.referrals import Referral, TrackRequest
from portal.services import referrals
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import make_draft, make_offer, make_ready_case, make_request

HTMX = {"HX-Request": "true"}
TODAY = local_date(utc_now())
Browser = Callable[..., Any]


def count(session: Any, table: Any) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(table)))


def test_a_referral_goes_from_the_case_to_two_programmes(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_ready_case(member)
    homes, volunteers = make_offer(TrackKind.HOUSING), make_offer(TrackKind.VOLUNTEER_NETWORK)
    browser = as_user(member)
    assert case.reference in browser.get(f"/referrals/new?case={case.public_id}").get_data(as_text=True)
    first = browser.post(f"/referrals/new?case={case.public_id}", data={"case": case.public_id, "source": "shelter"})
    assert first.status_code == 303
    page = first.location.removesuffix("/step/1")
    assert browser.submit(f"{page}/step/1", data={"source": "shelter"}).location == f"{page}/step/2"
    needs = {"needs": ["housing"], "own_words": "Ro", "planned_move_on": "02 10 2027"}
    assert browser.submit(f"{page}/step/2", data=needs).location == f"{page}/step/3"
    chosen = {"offers": [homes.public_id, volunteers.public_id]}
    assert browser.submit(f"{page}/step/3", data=chosen | {"go": "forms"}).location == f"{page}/step/3"
    shown = browser.get(f"{page}/step/3").get_data(as_text=True)
    home, other = session.scalars(sa.select(TrackRequest).order_by(TrackRequest.id)).all()
    assert f"{home.public_id}-motivation" in shown and f"{other.public_id}-wish" in shown
    forms = chosen | {
        "go": "next",
        f"shown-{home.public_id}": "1",
        f"{home.public_id}-motivation": "Ro til børnene",
        f"{home.public_id}-leaves_on": "02 10 2027",
        f"shown-{other.public_id}": "1",
        f"{other.public_id}-wish": "En ven",
        f"{other.public_id}-events": "yes",
    }
    assert browser.submit(f"{page}/step/3", data=forms).location == f"{page}/step/4"
    assert browser.submit(f"{page}/step/4", data={"is_read": "y"}).location == f"{page}/step/5"
    assert browser.get(f"{page}/step/5").status_code == 200
    consent = browser.hidden(f"{page}/step/5", f"{page}/step/5") | {"may_see_progress": "y"}
    for track in (home, other):
        consent |= {
            f"consent-{track.public_id}-form": "oral",
            f"consent-{track.public_id}-given_on": f"{TODAY:%d %m %Y}",
        }
    for _time in range(2):
        assert browser.post(f"{page}/step/5", data=consent).location == f"{page}/receipt"
    reference = session.scalars(sa.select(Referral.reference)).one()
    assert reference in browser.get(f"{page}/receipt").get_data(as_text=True)
    states = session.scalars(sa.select(TrackRequest.state)).all()
    assert states == [RequestState.SUBMITTED] * 2
    assert browser.get(page).status_code == 200 and browser.get("/referrals/").status_code == 200


def test_an_impossible_date_teaches_and_is_kept(as_user: Browser, session: Any) -> None:
    member = make_member()
    draft = make_draft(member, make_offer(TrackKind.HOUSING))
    track = referrals.requests_of(draft)[0]
    page = f"/referrals/{draft.public_id}/step/3"
    values = {
        "offers": [track.offer.public_id],
        "go": "next",
        f"shown-{track.public_id}": "1",
        f"{track.public_id}-motivation": "Ro",
        f"{track.public_id}-leaves_on": "31 09 2026",
    }
    browser = as_user(member)
    for headers in ({}, HTMX):
        response = browser.post(page, data=values, headers=headers)
        text = response.get_data(as_text=True)
        assert response.status_code == 422 and 'value="31 09 2026"' in text
        assert "30 dage" in text or "30 days" in text, text[text.index("leaves_on-error") :][:300]
    assert text.lstrip().startswith('<div id="wizard"')


def test_an_offer_that_she_cannot_have_is_shown_closed_and_refused(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    homes = make_offer(TrackKind.HOUSING)
    house = homes.organisation.name
    draft = referrals.start(case, actor=actor_of(member), now=utc_now())
    page = f"/referrals/{draft.public_id}/step/3"
    browser = as_user(member)
    closed = browser.get(page).text.partition('class="choice closed"')[2].partition("</label>")[0]
    # Two houses may have programmes of one name.
    assert "Ikke mulig" in closed and house in closed
    response = browser.submit(page, data={"offers": [homes.public_id], "go": "forms"})
    assert response.status_code == 422 and count(session, TrackRequest) == 0


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_step_is_a_page_and_a_part(as_user: Browser, number: int) -> None:
    member = make_member()
    draft = make_draft(member, make_offer())
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step/{number}"
    assert browser.get(page).status_code == 200
    assert browser.get(page, headers=HTMX).get_data(as_text=True).lstrip().startswith('<div id="wizard"')
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403


@pytest.mark.parametrize(
    ("number", "values"), [(1, {"source": "nobody"}), (2, {"planned_move_on": "31 02 2027"}), (4, {})]
)
def test_a_mistake_in_a_step_is_said(as_user: Browser, number: int, values: dict[str, str]) -> None:
    member = make_member()
    draft = make_draft(member, make_offer())
    response = as_user(member).post(f"/referrals/{draft.public_id}/step/{number}", data=values)
    assert response.status_code == 422 and "error-summary" in response.get_data(as_text=True)
    # A label that asks ends as a question does: no colon after it.
    assert "?</a>:" not in response.get_data(as_text=True)


def test_a_sent_referral_is_no_longer_written_in(as_user: Browser) -> None:
    made = make_request()
    browser = as_user(made.sender)
    assert browser.get(f"/referrals/{made.referral.public_id}/step/2").status_code == 409
    assert browser.post(f"/referrals/{made.referral.public_id}/discard").status_code == 409


def test_a_page_that_stood_open_does_not_overwrite(as_user: Browser, session: Any) -> None:
    member = make_member()
    draft = make_draft(member, make_offer())
    seen = draft.version
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step/2"
    assert browser.post(page, data={"needs": ["housing"], "own_words": "Først", "version": seen}).status_code == 303
    late = browser.post(page, data={"needs": ["housing"], "own_words": "Sidst", "version": seen})
    assert late.status_code == 409
    assert session.scalars(sa.select(Referral)).one().own_words == "Først"


def test_a_draft_is_kept_while_she_writes_and_can_be_thrown_away(as_user: Browser, session: Any) -> None:
    member = make_member()
    draft = make_draft(member, make_offer())
    browser, page = as_user(member), f"/referrals/{draft.public_id}"
    half = {"needs": ["housing"], "own_words": "Halvt", "version": draft.version}
    assert browser.post(f"{page}/keep?step=2", data=half).status_code == 204
    assert session.scalars(sa.select(Referral)).one().own_words == "Halvt"
    seen = re.search(r'name="version" value="(\d+)"', browser.get(f"{page}/step/2").text)
    assert seen is not None
    kept = browser.post(f"{page}/keep?step=2", data={"own_words": "Mere", "version": seen[1]})
    assert (kept.status_code, int(kept.headers["X-Version"])) == (204, int(seen[1]) + 1)
    assert browser.post(f"{page}/keep?step=2", data={"own_words": "Gammelt", "version": seen[1]}).status_code == 409
    onward = {"needs": ["housing"], "own_words": "Mere", "version": kept.headers["X-Version"]}
    assert browser.post(f"{page}/step/2", data=onward).location == f"{page}/step/3"
    assert as_user(make_member()).post(f"{page}/keep?step=2", data={}).status_code == 404
    assert browser.post(f"{page}/discard").status_code == 303
    assert count(session, Referral) == 0 and count(session, TrackRequest) == 0


def test_words_that_tell_where_she_is_come_into_no_referral(as_user: Browser, session: Any) -> None:
    sender = make_member()
    draft = make_draft(sender, make_offer())
    page, browser = f"/referrals/{draft.public_id}", as_user(sender)
    words, version = "Hun bor på Nørregade 12", draft.version
    before = session.scalars(sa.select(Referral)).one().own_words
    sent = {"needs": ["housing"], "own_words": words, "own_words-keep": "y", "version": version}
    refused = browser.post(f"{page}/step/2", data=sent)
    assert refused.status_code == 422
    assert 'id="own_words-error"' in refused.text
    # Kept while she writes, it would be sent along with the rest.
    assert browser.post(f"{page}/keep?step=2", data=sent).status_code == 204
    assert session.scalars(sa.select(Referral)).one().own_words == before


def test_a_second_referral_to_the_same_programme_is_refused_kindly(as_user: Browser) -> None:
    made = make_request(RequestState.DRAFT)
    again = make_draft(made.sender, made.offer, case=made.case)
    referrals.send(made.referral, actor=actor_of(made.sender), now=utc_now())
    response = as_user(made.sender).submit(f"/referrals/{again.public_id}/step/5")
    assert response.status_code == 409


def test_an_old_assessment_needs_a_reason(as_user: Browser, session: Any) -> None:
    member, then = make_member(), utc_now() - timedelta(days=40)
    draft = make_draft(member, make_offer(), case=make_ready_case(member, now=then))
    page = f"/referrals/{draft.public_id}/step/1"
    browser = as_user(member)
    assert browser.post(page, data={"source": "shelter"}).status_code == 422
    assert browser.submit(page, data={"source": "shelter", "stale_safety_reason": "Hun er syg"}).status_code == 303


def test_her_consent_is_asked_for_once_for_each_receiver(as_user: Browser, session: Any) -> None:
    member, organisation = make_member(), make_organisation(OrganisationKind.NGO)
    offers = [make_offer(kind, organisation) for kind in (TrackKind.VOLUNTEER_NETWORK, TrackKind.FURNISHING)]
    draft = make_draft(member, *offers)
    session.execute(sa.delete(Consent))
    page = as_user(member).get(f"/referrals/{draft.public_id}/step/5").text
    assert page.count('class="receiver"') == len(re.findall(r'id="consent-[\w-]+-given_on"', page)) == 1
    track = referrals.requests_of(draft)[0]
    sent = {f"consent-{track.public_id}-form": "oral", f"consent-{track.public_id}-given_on": f"{TODAY:%d %m %Y}"}
    assert as_user(member).submit(f"/referrals/{draft.public_id}/step/5", data=sent).status_code == 303
    given = session.scalars(sa.select(Consent.recipient_organisation_id)).all()
    assert given == [organisation.id]
    assert session.scalars(sa.select(TrackRequest.state)).all() == [RequestState.SUBMITTED] * 2


def test_a_refused_third_step_changes_nothing_and_can_be_sent_again(as_user: Browser, session: Any) -> None:
    member, offer = make_member(), make_offer(TrackKind.HOUSING)
    draft = make_draft(member, offer)
    track = referrals.requests_of(draft)[0]
    browser, page = as_user(member), f"/referrals/{draft.public_id}/step/3"
    sent = {"go": "next", "form_key": "k" * 22}
    nothing = browser.post(page, data=sent)
    assert (nothing.status_code, "Vælg mindst ét tilbud" in nothing.text) == (422, True)
    empty = {f"shown-{track.public_id}": "1", f"{track.public_id}-motivation": "", "offers": [offer.public_id]}
    assert browser.post(page, data=sent | empty).status_code == 422
    assert session.scalars(sa.select(TrackRequest.public_id)).all() == [track.public_id]
    assert session.scalars(sa.select(TrackRequest.answers)).one()["motivation"]
    filled = empty | {f"{track.public_id}-motivation": "Ro", f"{track.public_id}-leaves_on": "02 10 2027"}
    assert browser.submit(page, data=filled | {"go": "next"}).location == f"/referrals/{draft.public_id}/step/4"


def test_what_must_be_answered_before_sending_is_not_said_to_be_optional(as_user: Browser) -> None:
    member = make_member()
    draft = make_draft(member, make_offer(TrackKind.HOUSING))
    page = as_user(member).get(f"/referrals/{draft.public_id}/step/3").text
    track = referrals.requests_of(draft)[0]
    label = re.search(rf'<label[^>]*for="{track.public_id}-motivation">(.*?)</label>', page)
    assert label is not None
    assert "må gerne stå tomt" not in label[1]


def test_an_offer_that_knows_her_already_is_shown_with_why_and_refused(as_user: Browser, session: Any) -> None:
    made = make_request(RequestState.ACCEPTED, offer=make_offer(TrackKind.TRANSITION_SUPPORT))
    asked = make_request(RequestState.SUBMITTED, sender=made.sender, case=made.case)
    course = session.scalars(sa.select(Enrolment).where(Enrolment.request_id == made.request.id)).one()
    free = make_offer()
    draft = make_draft(made.sender, free, case=made.case)
    browser, page = as_user(made.sender), f"/referrals/{draft.public_id}/step/3"

    def why(offer: Any) -> str:
        card = re.search(rf'<label class="choice[^>]*>\s*<input[^>]*value="{offer.public_id}".*?</label>', shown, re.S)
        return card.group() if card else ""

    shown = browser.get(page).text
    # While the yes can be undone the sender reads of no course.
    for offer in (made.offer, asked.offer):
        assert f"Allerede henvist {TODAY:%d.%m.%Y}." in why(offer) and "disabled" in why(offer)
    assert "disabled" not in why(free)
    course.created_at -= timedelta(minutes=11)
    session.flush()
    shown = browser.get(page).text
    assert "Forløbet er i gang." in why(made.offer) and "disabled" in why(made.offer)
    for offer in (made.offer, asked.offer):
        answer = browser.submit(page, data={"offers": [offer.public_id], "go": "forms"})
        assert answer.status_code == 422 and "Hun er allerede henvist dertil." in answer.text
    assert [track.offer_id for track in referrals.requests_of(draft)] == [free.id]


def test_a_draft_that_is_begun_is_said_before_another_is(as_user: Browser) -> None:
    made = make_request(RequestState.DRAFT)
    other, colleague = make_ready_case(made.sender), make_member(organisation=made.sender.organisation)
    make_ready_case(colleague)
    browser, link = as_user(made.sender), f'href="/referrals/{made.referral.public_id}/step/'
    for page in ("/referrals/new", f"/referrals/new?case={made.case.public_id}"):
        assert "Du har en kladde" in browser.get(page).text and link in browser.get(page).text, page
    assert "Du har en kladde" not in browser.get(f"/referrals/new?case={other.public_id}").text
    # A draft is its writer's until it is sent.
    assert "Du har en kladde" not in as_user(colleague).get("/referrals/new").text
    made.referral.sent_at = utc_now()
    assert "Du har en kladde" not in browser.get("/referrals/new").text
