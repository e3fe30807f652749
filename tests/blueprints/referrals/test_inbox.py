"""The receiver's pages, and how little the sender sees afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import ReferralSource, TrackKind
from portal.core.states import RequestState
from portal.domain.programmes import read
from portal.models.audit import AuditEntry
from portal.queries import inbox as inbox_queries
from portal.services import referrals, requests
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.referrals import make_draft, make_offer, make_ready_case, make_request
from tests.support.counting import Counter

TODAY = local_date(utc_now())
SOON = f"{TODAY + timedelta(days=10):%d %m %Y}"
Browser = Callable[..., Any]
S = RequestState
# Address, valid values, the state before and the state after.
STEPS: list[tuple[str, dict[str, str], S, S]] = [
    ("take", {}, S.SUBMITTED, S.IN_VISITATION),
    ("ask", {"ask-text": "Hvornår?"}, S.SUBMITTED, S.NEEDS_INFO),
    ("offer", {}, S.IN_VISITATION, S.OFFERED),
    ("her-answer", {"her-her_answer": "thinking"}, S.OFFERED, S.OFFERED),
    (
        "waitlist",
        {"wait-recontact_on": SOON, "wait-reason": "no_room", "wait-meanwhile_text": "Qnet"},
        S.IN_VISITATION,
        S.WAITLISTED,
    ),
    ("reassess", {}, S.WAITLISTED, S.IN_VISITATION),
    (
        "decline",
        {"no-reason": "capacity", "no-text": "Fuldt", "no-alternative_text": "Prøv Qnet"},
        S.IN_VISITATION,
        S.DECLINED,
    ),
    ("close", {"wish-reason": "her_wish"}, S.SUBMITTED, S.WITHDRAWN),
]
IDS = [row[0] for row in STEPS]


@pytest.mark.parametrize(("name", "values", "before", "after"), STEPS, ids=IDS)
def test_each_answer_is_one_form(as_user: Browser, name: str, values: dict[str, str], before: S, after: S) -> None:
    made = make_request(before)
    intake = as_user(made.intake)
    page = f"/referrals/requests/{made.request.public_id}"
    assert intake.submit(page, f"{page}/{name}", values).status_code == 303
    assert made.request.state is after
    assert intake.get(page).status_code == 200
    assert as_user(make_member(Role.INTAKE)).post(f"{page}/{name}", data=values).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).post(f"{page}/{name}", data=values).status_code == 403


@pytest.mark.parametrize(("name", "values"), [row[:2] for row in STEPS], ids=IDS)
def test_an_answer_at_the_wrong_moment_is_refused(as_user: Browser, name: str, values: dict[str, str]) -> None:
    made = make_request(S.WITHDRAWN)
    response = as_user(made.intake).post(f"/referrals/requests/{made.request.public_id}/{name}", data=values)
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ask", {}),
        ("her-answer", {"her-her_answer": "perhaps"}),
        ("waitlist", {"wait-recontact_on": "31 09 2027", "wait-reason": "no_room", "wait-meanwhile_text": "Qnet"}),
        ("waitlist", {"wait-recontact_on": SOON, "wait-meanwhile_text": "Qnet"}),
        ("decline", {"no-text": "Fuldt"}),
        ("name", {"name-reason": ""}),
    ],
)
def test_a_mistake_keeps_the_page(as_user: Browser, name: str, values: dict[str, str]) -> None:
    made = make_request(S.OFFERED)
    response = as_user(made.intake).post(f"/referrals/requests/{made.request.public_id}/{name}", data=values)
    text = response.get_data(as_text=True)
    assert response.status_code == 422 and all(value in text for value in values.values() if value != "perhaps")


OPEN_NAME = {"name-part": "name", "name-reason": "Jeg skal ringe sikkert til hende"}


def test_the_name_opens_with_a_reason_or_at_acceptance(as_user: Browser, session: Any) -> None:
    sender = make_member()
    made = make_request(sender=sender, case=make_ready_case(sender, name="Amira Holm"))
    browser, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    assert "Amira" not in browser.get(page).get_data(as_text=True)
    assert "Amira" not in browser.get("/referrals/inbox").get_data(as_text=True)
    assert "Amira" in browser.post(f"{page}/name", data=OPEN_NAME).get_data(as_text=True)
    assert session.scalars(sa.select(AuditEntry.action)).all().count(Audit.NAME_REVEALED) == 1
    assert "Amira" not in browser.get(page).get_data(as_text=True)
    taken = make_request(S.ACCEPTED, sender=sender, case=make_ready_case(sender, name="Amira Holm"))
    shown = as_user(taken.intake).get(f"/referrals/requests/{taken.request.public_id}").get_data(as_text=True)
    assert "Amira" in shown


def test_the_sender_sees_the_answer_and_no_more(as_user: Browser, session: Any) -> None:
    made = make_request(S.DECLINED, now=utc_now() - timedelta(minutes=11))
    page = f"/referrals/{made.referral.public_id}"
    own, colleague = as_user(made.sender), as_user(make_member(organisation=made.sender.organisation))
    text = own.get(page).get_data(as_text=True)
    assert "Vi kan ikke nu." in text and "Prøv Qnet." in text and "Ro til børnene" in text
    assert as_user(make_member()).get(page).status_code == 404
    assert colleague.get(page).status_code == 200
    made.request.decided_at = utc_now() - timedelta(days=40)
    late = own.get(page).get_data(as_text=True)
    assert "Vi kan ikke nu." not in late and "Ro til børnene" not in late


def test_asking_and_answering(as_user: Browser) -> None:
    made = make_request(S.NEEDS_INFO)
    page, action = f"/referrals/{made.referral.public_id}", f"/referrals/answers/{made.request.public_id}/info"
    browser = as_user(made.sender)
    assert "Hvornår flytter hun?" in browser.get(page).get_data(as_text=True)
    assert browser.post(action, data={}).status_code == 422
    where = {f"i{made.request.public_id}-text": "Hun bor på Nørregade 12", f"i{made.request.public_id}-text-keep": "y"}
    assert browser.post(action, data=where).status_code == 422
    assert as_user(make_member()).post(action, data={}).status_code == 404
    assert browser.post(action, data={f"i{made.request.public_id}-text": "Den 2."}).status_code == 303
    assert made.request.state is S.SUBMITTED
    assert browser.post(action, data={f"i{made.request.public_id}-text": "Igen"}).status_code == 409


def test_the_sender_takes_it_back(as_user: Browser) -> None:
    made = make_request(S.OFFERED)
    field = f"w{made.request.public_id}-reason"
    address = f"/referrals/answers/{made.request.public_id}/withdraw"
    intake = as_user(made.intake)
    assert as_user(made.sender).post(address, data={field: "other_help"}).status_code == 303
    assert made.request.state is S.WITHDRAWN
    gone = intake.get(f"/referrals/requests/{made.request.public_id}").get_data(as_text=True)
    assert "Ro til børnene" not in gone


def test_a_lead_closes_and_reopens_without_seeing_content(as_user: Browser) -> None:
    made = make_request(S.DECLINED)
    lead = as_user(make_member(Role.PROGRAMME_LEAD, made.offer.organisation))
    text = lead.get("/referrals/closing").get_data(as_text=True)
    assert made.referral.reference in text and "Vi kan ikke" not in text
    assert as_user(made.intake).get("/referrals/closing").status_code == 403
    address = f"/referrals/requests/{made.request.public_id}/reopen"
    assert as_user(make_member(Role.PROGRAMME_LEAD)).post(address).status_code == 404
    assert lead.post(address).status_code == 303 and lead.post(address).status_code == 409


@pytest.mark.parametrize("view", ["new", "mine", "sender", "offered", "waiting", "decided"])
def test_every_view_of_the_inbox(as_user: Browser, view: str) -> None:
    made = make_request(S.OFFERED)
    assert as_user(made.intake).get(f"/referrals/inbox?view={view}").status_code == 200
    assert as_user(made.intake).get(f"/referrals/inbox?view={view}&after=bad").status_code == 400


def test_the_inbox_goes_on_after_the_last_row(session: Any) -> None:
    offer = make_offer()
    intake = make_member(Role.INTAKE, offer.organisation)
    made = [make_request(offer=offer, intake=intake) for _time in range(3)]
    first, cursor = inbox_queries.list_inbox(actor_of(intake), tab="new", now=utc_now(), limit=2)
    second, end = inbox_queries.list_inbox(actor_of(intake), tab="new", now=utc_now(), limit=2, after=cursor)
    assert [row.public_id for row in first + second] == [one.request.public_id for one in made] and end is None


@pytest.mark.parametrize("address", ["/referrals/inbox", "/referrals/", "/programmes/"])
def test_a_list_costs_the_same_for_one_row_and_many(
    as_user: Browser, session: Any, count_queries: Counter, address: str
) -> None:
    home, centre = make_organisation(OrganisationKind.NGO), make_organisation()
    role, place = (Role.CONTACT_PERSON, centre) if address == "/referrals/" else (Role.INTAKE, home)
    reader = as_user(make_member(role, place))
    costs = []
    for times in (1, 8):
        for _time in range(times):
            sender, offer = make_member(organisation=centre), make_offer(organisation=home)
            make_request(offer=offer, sender=sender)
            make_draft(sender, offer)
        reader.get(address)
        count_queries.start()
        assert reader.get(address).status_code == 200
        costs.append(count_queries.stop())
    assert costs[0] == costs[1] <= 12


def test_a_request_page_stays_within_its_statements(as_user: Browser, count_queries: Counter) -> None:
    made = make_request(S.IN_VISITATION)
    reader = as_user(made.intake)
    reader.get("/referrals/inbox")
    count_queries.start()
    reader.get(f"/referrals/requests/{made.request.public_id}")
    assert count_queries.stop() <= 14, count_queries.statements


def test_an_expired_consent_stops_acceptance(as_user: Browser, session: Any) -> None:
    from portal.core.kinds import HerAnswer
    from portal.models.cases import Consent

    made = make_request(S.OFFERED)
    requests.set_her_answer(made.request, HerAnswer.YES, actor=actor_of(made.intake), now=utc_now())
    for consent in session.scalars(sa.select(Consent)):
        consent.withdrawn_at = utc_now()
    response = as_user(made.intake).post(f"/referrals/requests/{made.request.public_id}/accept")
    assert response.status_code == 422 and made.request.state is S.OFFERED


def test_a_group_leader_learns_a_first_name_and_no_number(as_user: Browser) -> None:
    offer, sender = make_offer(TrackKind.GROUP), make_member()
    case = make_ready_case(sender, name="Amira Karim", phone="20304050")
    member = make_member(Role.GROUP_LEADER, offer.organisation)
    made = make_request(offer=offer, sender=sender, case=case)
    given = make_request(
        S.ACCEPTED, offer=offer, sender=sender, case=make_ready_case(sender, name="Amira Karim"), intake=made.intake
    )
    page, later = (f"/referrals/requests/{one.request.public_id}" for one in (made, given))
    leader = as_user(member)
    text = leader.get(later).get_data(as_text=True)
    assert "Amira" in text and "Karim" not in text
    text = leader.post(f"{page}/name", data=OPEN_NAME).get_data(as_text=True)
    assert "Amira" in text and "Karim" not in text


def test_long_after_a_yes_the_form_and_the_name_are_out_of_sight(as_user: Browser) -> None:
    sender = make_member()
    case = make_ready_case(sender, name="Amira Karim")
    made = make_request(S.ACCEPTED, sender=sender, case=case)
    page, intake = f"/referrals/requests/{made.request.public_id}", as_user(made.intake)
    text = intake.get(page).get_data(as_text=True)
    assert "Karim" in text and "Ro til børnene" in text
    made.request.decided_at = utc_now() - timedelta(days=31)
    text = intake.get(page).get_data(as_text=True)
    assert "Karim" not in text and "Ro til børnene" not in text


def test_a_colleague_of_the_sender_sees_where_it_stands_and_nothing_that_was_written(as_user: Browser) -> None:
    made = make_request(S.NEEDS_INFO)
    made.referral.own_words = "Hendes egne ord"
    colleague = make_member(Role.CONTACT_PERSON, made.sender.organisation)
    page, answer = f"/referrals/{made.referral.public_id}", f"/referrals/answers/{made.request.public_id}"
    assert "Hendes egne ord" in as_user(made.sender).get(page).get_data(as_text=True)
    browser = as_user(colleague)
    text = browser.get(page).get_data(as_text=True)
    assert made.referral.reference in text
    assert not any(word in text for word in ("Hendes egne ord", "Ro til børnene", "Hvornår flytter hun?"))
    for step in ("info", "withdraw"):
        assert browser.post(f"{answer}/{step}", data={}).status_code == 403


def test_a_talk_is_planned_once_and_an_empty_check_is_none(as_user: Browser) -> None:
    made = make_request(S.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    step = read(made.offer.programme.rules).steps[0].key
    browser, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    assert browser.post(f"{page}/criteria").status_code == 422
    day = (local_date(utc_now()) + timedelta(days=3)).strftime("%d %m %Y")
    sent = {"talk-step": step, "talk-day": day, "talk-start": "10.00", "talk-end": "11.00"}
    sent |= {"talk-place_kind": "our_rooms"}
    assert browser.post(f"{page}/talk", data=sent).status_code == 303
    again = browser.post(f"{page}/talk", data=sent)
    assert (again.status_code, "allerede planlagt" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (S.OFFERED, "Der er tilbudt en plads"),
        (S.ACCEPTED, "Et tilbud har sagt ja"),
        (S.WAITLISTED, "Et tilbud har sat hende på venteliste"),
        (S.DECLINED, "Et tilbud har sagt nej"),
    ],
)
def test_the_senders_inbox_tells_a_yes_from_a_no(as_user: Browser, state: S, title: str) -> None:
    # A yes and a no are told when they can no longer be undone.
    made = make_request(state, now=utc_now() - timedelta(minutes=11))
    newest = as_user(made.sender).get("/messages/").text.partition('class="link-button">')[2]
    assert newest.startswith(title)


@pytest.mark.parametrize(("may_hold", "status"), [(True, 200), (False, 422)])
def test_her_number_is_offered_only_where_it_may_be_kept(as_user: Browser, may_hold: bool, status: int) -> None:
    offer = make_offer(organisation=make_organisation(OrganisationKind.NGO, may_hold_cpr=may_hold))
    made = make_request(S.IN_VISITATION, offer=offer)
    made.case.client.cpr_number = "0101804000"
    browser, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    assert ('value="cpr_number"' in browser.get(page).text) is may_hold
    answer = browser.post(f"{page}/name", data=OPEN_NAME | {"name-part": "cpr_number"})
    assert (answer.status_code, "0101804000" in answer.text) == (status, may_hold)


def test_after_the_answer_to_a_question_whoever_asked_takes_it_and_decides(as_user: Any) -> None:
    made, now = make_request(), utc_now()
    intake, page = actor_of(made.intake), f"/referrals/requests/{made.request.public_id}"
    requests.take(made.request, actor=intake, now=now)
    requests.ask_info(made.request, "Hvornår?", actor=intake, now=now)
    assert made.request.holder_id is None
    referrals.give_info(made.request, "Den 2.", actor=actor_of(made.sender), now=now)
    browser = as_user(made.intake)
    assert f'action="{page}/take"' in browser.get(page).text
    assert browser.submit(page, f"{page}/take").status_code == 303
    text = browser.get(page).text
    assert [f'action="{page}/{step}"' in text for step in ("offer", "waitlist", "decline")] == [True, True, True]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (ReferralSource.SELF, "Hun selv, skrevet ind af {house}<"),
        (ReferralSource.RELATIVE, "En pårørende, skrevet ind af {house}<"),
        (ReferralSource.SHELTER, "{house}<"),
        (ReferralSource.MUNICIPALITY, "{house}, for en kommune<"),
    ],
)
def test_who_asks_is_said_in_words_that_read_well(as_user: Browser, source: ReferralSource, said: str) -> None:
    made = make_request()
    made.referral.source, house = source, made.sender.organisation.name
    page = as_user(made.intake).get(f"/referrals/requests/{made.request.public_id}").get_data(as_text=True)
    assert f"<dd>{said.format(house=house)}" in page
