"""The pages on which requests are answered: the officer works, a second person seconds, nobody else comes in."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.rights import Capacity, RightsKind, RightsState
from portal.core.states import CaseState
from portal.db import db
from portal.models.audit import AccessEntry
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.organisations import Organisation
from portal.models.rights import LegalHold, RightsRequest
from portal.services import rights
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.subjects import Populated, populate

CHECKED = {RightsKind.CHILD_DOSSIER: "custody_paper"}


class Desk:
    """A request with everybody around it, and their browsers."""

    def __init__(self, as_user: Any, kind: RightsKind) -> None:
        self.made: Populated = populate("hende")
        case = db.session.get_one(Case, self.made.case.id)
        house = db.session.get_one(Organisation, self.made.member.organisation_id)
        child = db.session.get_one(Child, self.made.child_id) if kind is RightsKind.CHILD_DOSSIER else None
        if child:
            child.needs = "Går på Skovvangskolen. Mor hedder Anna."
        self.case_id, self.kind = case.id, kind
        request = rights.record(
            case,
            kind=kind,
            capacity=Capacity.OTHER_PARENT if child else Capacity.HERSELF,
            child=child,
            received_on=date(2026, 1, 5),
            actor=actor_of(self.made.member),
            now=utc_now(),
        )
        self.page = f"/rights/{request.public_id}"
        self.officer = as_user(make_member(Role.DATA_PROTECTION_OFFICER, house))
        second = make_member(Role.SAFETY_OFFICER, house)
        self.second, self.second_name = as_user(second), second.user.name
        self.request_id = request.id

    def do(self, step: str, browser: Any = None, **data: str) -> Any:
        return (browser or self.officer).submit(self.page, f"{self.page}/{step}", data=data)

    def take(self) -> None:
        answer = self.do("take", identity_check=CHECKED.get(self.kind, "known"))
        assert answer.status_code == 303

    @property
    def state(self) -> RightsState:
        return db.session.scalars(sa.select(RightsRequest.state).where(RightsRequest.id == self.request_id)).one()

    def close_case(self) -> None:
        case = db.session.get_one(Case, self.case_id)
        case.state, case.closed_at = CaseState.CLOSED, utc_now()
        db.session.flush()


def unpack(answer: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return {name: packed.read(name).decode(errors="replace") for name in packed.namelist()}


def test_an_access_export_from_asking_to_handing_over(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)
    desk.take()
    assert desk.do("build").status_code == 303
    file = desk.do("fetch")
    assert file.mimetype == "application/zip"
    assert file.headers["Content-Disposition"] == 'attachment; filename="dokument.zip"'
    files = unpack(file)
    assert set(files) == {"laes-mig.txt", "oplysninger.html", "oplysninger.json", "bilag-001.pdf"}
    assert "oplysninger.json" in files["laes-mig.txt"] and "oplysninger.json" in files["oplysninger.html"]
    assert not [mark for mark in desk.made.marks.values() if mark in files["laes-mig.txt"]]
    assert desk.made.marks["note", "text"] in files["oplysninger.html"]
    assert desk.made.marks["client", "address"] in files["oplysninger.json"]
    assert desk.made.marks["watched_person", "name"] not in files["oplysninger.html"]
    assert json.loads(files["oplysninger.json"])["sections"]
    assert "script" not in files["oplysninger.html"]
    again = desk.officer.post(f"{desk.page}/fetch", data={})
    assert again.status_code == 409
    assert desk.do("grant").status_code == 303
    assert desk.do("close", delivery="in_person").status_code == 303
    assert desk.state is RightsState.CLOSED


def test_the_page_says_what_is_done_and_what_is_next(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)

    def current() -> str:
        shown = desk.officer.get(desk.page).text.partition('aria-current="step"')[2]
        return shown.partition("<strong>")[2].partition("</strong>")[0]

    seen = [current()]
    desk.take()
    for step, data in (("build", {}), ("fetch", {}), ("grant", {}), ("close", {"delivery": "in_person"})):
        seen.append(current())
        assert desk.do(step, **data).status_code in (200, 303)
    assert seen == ["Hvem spørger", "Saml filen", "Hent filen", "Imødekom anmodningen", "Udlever svaret"]
    assert current() == ""


def test_a_dossier_is_struck_seconded_and_handed_over(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.CHILD_DOSSIER)
    desk.take()
    texts = f"{desk.page}/dossier"
    assert desk.officer.submit(texts, texts).status_code == 303
    shown = desk.officer.get(texts)
    assert "<del>Skovvangskolen</del>" in shown.text
    strikes = [
        part.partition('"')[0] for part in shown.text.split('action="') if part.partition('"')[0].endswith("strike")
    ]
    for strike in strikes:
        desk.officer.submit(texts, strike, data={"words": "Anna"})
    assert "<del>Anna</del>" in desk.officer.get(texts).text
    assert desk.officer.post(f"{desk.page}/build", data={}).status_code == 409
    assert desk.do("harm", harm="possible", reason="han kender skolen").status_code == 303
    assert desk.do("propose").status_code == 303
    assert "confirm" not in desk.officer.get(desk.page).text
    assert desk.do("confirm", desk.second).status_code == 303
    assert desk.do("build").status_code == 303
    files = unpack(desk.do("fetch"))
    for page in files.values():
        assert "Skovvang" not in page
        assert "Anna" not in page
        assert desk.made.marks["client", "name"] not in page
    assert "Går på" in files["oplysninger.html"]


def test_two_at_one_text_do_not_overwrite_each_other(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.CHILD_DOSSIER)
    desk.take()
    texts = f"{desk.page}/dossier"
    desk.officer.submit(texts, texts)
    shown = desk.officer.get(texts).text
    strike = next(part.partition('"')[0] for part in shown.split('action="') if "/strike" in part.partition('"')[0])
    word = "mrk" if "mrk" in shown.partition("/strike")[0][-600:] else "Mor"
    old = desk.officer.hidden(texts, strike)
    assert desk.officer.post(strike, data=old | {"words": word}).status_code == 303
    late = desk.officer.post(strike, data=old | {"form_key": "A" * 22, "words": word})
    assert late.status_code == 409
    assert f'value="{word}"' in late.text
    span = strike.replace("/strike", "/take-back")
    assert desk.officer.post(span, data={"number": "0", "version": "1"}).status_code == 409


def test_an_erasure_is_shown_seconded_done_and_proved(session: Any, as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ERASURE)
    desk.take()
    assert "stadig åben" in desk.officer.get(desk.page).text
    assert desk.officer.post(f"{desk.page}/propose", data={}).status_code == 409
    desk.close_case()
    assert desk.do("propose").status_code == 303
    assert desk.officer.post(f"{desk.page}/confirm", data={}).status_code == 403
    assert desk.do("confirm", desk.second).status_code == 303
    assert desk.state is RightsState.CLOSED
    certificate = desk.officer.get(f"{desk.page}/certificate")
    assert certificate.status_code == 200
    assert not [mark for mark in desk.made.marks.values() if mark in certificate.text]
    assert desk.do("verify").status_code == 303
    assert session.get_one(Case, desk.case_id).erased_at is not None


def test_a_refusal_says_no_more_than_it_must(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.CHILD_DOSSIER)
    desk.take()
    assert desk.do("refuse", ground="harm", reason="han har truet med at hente barnet").status_code == 303
    letter = desk.officer.get(f"{desk.page}/refusal")
    assert letter.status_code == 200
    assert "truet" not in letter.text
    assert desk.made.marks["child", "name"] not in letter.text


@pytest.mark.parametrize(("step", "data"), [("take", {"identity_check": ""}), ("take", {"identity_check": "papir"})])
def test_a_mistake_comes_back_beside_its_field(as_user: Any, step: str, data: dict[str, str]) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)
    answer = desk.do(step, **data)
    assert answer.status_code == 422
    assert desk.state is RightsState.RECEIVED


def test_another_organisations_officer_finds_nothing(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)
    stranger = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    for path in ("", "/certificate", "/refusal", "/dossier"):
        assert stranger.get(desk.page + path).status_code == 404
    assert desk.page not in stranger.get("/rights/").text
    assert desk.page in desk.officer.get("/rights/").text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CONTACT_PERSON, Role.PROGRAMME_LEAD, Role.VOLUNTEER])
def test_others_do_not_come_in(as_user: Any, role: Role) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)
    browser = as_user(make_member(role))
    assert browser.get(desk.page).status_code == 403
    assert browser.post(f"{desk.page}/build", data={}).status_code == 403


def test_who_only_seconds_sees_what_waits_alone(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ERASURE)
    assert desk.second.get(desk.page).status_code == 404
    desk.take()
    desk.close_case()
    desk.do("propose")
    assert desk.second.get(desk.page).status_code == 200
    assert desk.do("return", desk.second).status_code == 422
    assert desk.do("return", desk.second, reason="Spørg hende én gang til").status_code == 303
    assert desk.second.get(desk.page).status_code == 404
    assert "Spørg hende én gang til" in desk.officer.get(desk.page).text


def test_looking_is_written_down(session: Any, as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)
    before = session.scalar(sa.select(sa.func.count()).select_from(AccessEntry))
    desk.officer.get(desk.page)
    assert session.scalar(sa.select(sa.func.count()).select_from(AccessEntry)) == before + 1


@pytest.mark.parametrize("kind", [RightsKind.ACCESS, RightsKind.ERASURE, RightsKind.CHILD_DOSSIER])
def test_a_page_takes_few_statements(as_user: Any, count_queries: Any, kind: RightsKind) -> None:
    desk = Desk(as_user, kind)
    count_queries.start()
    desk.officer.get(desk.page)
    assert count_queries.stop() <= 12


def test_a_hold_is_set_and_lifted_with_reasons(session: Any, as_user: Any) -> None:
    member = make_member()
    case = make_case(member)
    officer = as_user(make_member(Role.DATA_PROTECTION_OFFICER, session.get_one(Organisation, member.organisation_id)))
    assert officer.submit("/rights/holds", data={"reference": "1999-0001", "reason": "sag"}).status_code == 422
    assert officer.submit("/rights/holds", data={"reference": case.reference, "reason": ""}).status_code == 422
    assert officer.submit("/rights/holds", data={"reference": case.reference, "reason": "retssag"}).status_code == 303
    hold = session.scalars(sa.select(LegalHold)).one()
    lift = f"/rights/holds/{hold.public_id}/lift"
    assert officer.submit("/rights/holds", lift, data={"reason": " "}).status_code == 422
    assert officer.submit("/rights/holds", lift, data={"reason": "dom"}).status_code == 303
    stranger = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    assert stranger.post(lift, data={"reason": "x"}).status_code == 404


def test_what_waits_for_a_second_person_names_her_and_is_taken_back(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ERASURE)
    desk.take()
    # The case is open: nobody is asked in vain.
    assert f"{desk.page}/propose" not in desk.officer.get(desk.page).text
    desk.close_case()
    assert desk.do("propose").status_code == 303
    text = desk.officer.get(desk.page).text
    assert f"{desk.page}/recall" in text and desk.second_name in text
    assert f"{desk.page}/recall" not in desk.second.get(desk.page).text
    assert desk.do("recall").status_code == 303
    assert desk.state is RightsState.IN_WORK
    assert desk.second.get(desk.page).status_code == 404


def test_how_it_was_made_sure_is_chosen_and_not_given(as_user: Any) -> None:
    desk = Desk(as_user, RightsKind.ACCESS)
    assert desk.do("take", identity_check="").status_code == 422
    assert desk.state is RightsState.RECEIVED


def test_the_team_is_told_where_nobody_can_answer(as_user: Any) -> None:
    house = make_organisation()
    member = make_member(organisation=house)
    page = f"/cases/{make_case(member).public_id}/rights"
    browser = as_user(member)
    assert "databeskyttelsesrådgiver" in browser.get(page).text
    make_member(Role.DATA_PROTECTION_OFFICER, house)
    assert "databeskyttelsesrådgiver" not in browser.get(page).text
