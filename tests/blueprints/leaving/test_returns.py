"""An organisation that leaves receives its cases: all of its own, nobody else's, sealed for its certificate alone."""

import hashlib
import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import pkcs7
from flask import Flask

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, Role
from portal.core.errors import NotNow
from portal.core.states import CaseState
from portal.db import Base, db
from portal.domain.organisation_exits import LAST_ROLES
from portal.domain.subject_data import NOT_RETURNED, Whose, marks_of, reached_from
from portal.models.access import CaseBlock
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.leaving import OrganisationExit, OrganisationReturn
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.services import organisation_exits, organisation_returns
from portal.web import return_file
from tests.factories.certificates import Pair, make_elliptic, make_pair
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.subjects import Populated, populate

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
PAGE = "/leaving/return"
DAY = timedelta(days=1)


class House:
    """A shelter with the two who finish, a contact person, and a woman about whom every table holds a row."""

    def __init__(self) -> None:
        self.organisation = make_organisation()
        self.organisation_id, self.name = self.organisation.id, self.organisation.name
        self.administrator, self.officer, self.contact = (
            make_member(role, self.organisation)
            for role in (Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.CONTACT_PERSON)
        )
        self.woman: Populated = populate("hende", member=self.contact)
        self.contact = db.session.get_one(Membership, self.contact.id)

    def freeze(self, now: datetime | None = None) -> None:
        now = now or utc_now()
        organisation = db.session.get_one(Organisation, self.organisation_id)
        organisation_exits.ask(organisation, actor=actor_of(self.administrator), now=now)
        organisation_exits.freeze(actor=actor_of(self.officer), now=now)


def send(browser: Any, content: bytes, name: str = "Krisecenter Havren.pem") -> Any:
    fields = browser.hidden(PAGE, PAGE)
    return browser.post(PAGE, data=fields | {"certificate": (io.BytesIO(content), name)})


def unpacked(sealed: bytes, pair: Pair) -> dict[str, Any]:
    plain = pkcs7.pkcs7_decrypt_der(sealed, pair.certificate, pair.key, [])
    with zipfile.ZipFile(io.BytesIO(plain)) as packed:
        return {name: json.loads(packed.read(name)) for name in packed.namelist()}


@pytest.fixture
def house() -> House:
    made = House()
    made.freeze()
    return made


def test_every_case_of_the_own_house_is_in_and_none_of_anothers(house: House, as_user: AsUser) -> None:
    closed = make_case(house.contact, name="Lukket Navn")
    closed.state, closed.closed_at = CaseState.CLOSED, utc_now()
    populate("fremmed")
    gone = make_case(house.contact, name="Slettet Navn")
    gone.erased_at = utc_now()
    references = {house.woman.case.reference, closed.reference, gone.reference}
    pair = make_pair()
    answer = send(as_user(house.officer), pair.pem)
    assert (answer.status_code, answer.mimetype) == (200, "application/pkcs7-mime")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dokument.p7m"'
    found = unpacked(answer.data, pair)
    index = found.pop("indeks.json")
    assert {one["reference"] for one in found.values()} == references
    assert (index["cases"], len(index["documents"]), index["organisation"]) == (3, 3, house.name)
    assert index["rows"]["client_case"] == 3
    assert {one["reference"]: one["erased"] for one in index["documents"]}[gone.reference]
    text = json.dumps(found, ensure_ascii=False)
    assert "Lukket Navn" in text
    assert "fremmed" not in text
    assert "Slettet Navn" not in text


def test_a_case_is_complete_by_the_register(house: House, as_user: AsUser) -> None:
    """Also what is about children, third persons and staff, which is never handed out to her."""
    pair, made = make_pair(), house.woman
    kept = {
        (table.name, mark.column)
        for table in reached_from("client")
        if table.name not in NOT_RETURNED
        for mark in marks_of(table)
        if mark.whose is not Whose.INNER
    }
    wanted = {place: mark for place, mark in made.marks.items() if place in kept}
    left_out = {place: mark for place, mark in made.marks.items() if place not in kept}
    name = db.session.get_one(User, house.contact.user_id).name
    text = json.dumps(unpacked(send(as_user(house.administrator), pair.der).data, pair), ensure_ascii=False)
    assert [place for place, mark in wanted.items() if mark not in text] == []
    assert [place for place, mark in left_out.items() if mark in text] == []
    assert len(wanted) > 60
    assert name in text
    third = {place for place in wanted if _whose(*place) is Whose.THIRD}
    assert {("watched_person", "name"), ("case_block", "reason")} <= third


def _whose(table: str, column: str) -> Whose:
    return next(mark.whose for mark in marks_of(Base.metadata.tables[table]) if mark.column == column)


def test_nothing_that_is_marked_stands_in_the_sealed_file_in_plain(house: House, as_user: AsUser) -> None:
    sealed = send(as_user(house.officer), make_pair().pem).data
    assert [mark for mark in house.woman.marks.values() if mark.encode() in sealed] == []
    assert b"sager/" not in sealed


def test_each_file_has_a_signed_receipt_and_lines_in_the_trail(app: Flask, house: House, as_user: AsUser) -> None:
    officer, administrator, pair = as_user(house.officer), as_user(house.administrator), make_pair()
    case_id = house.woman.case.id
    first, second = send(officer, pair.pem), send(administrator, pair.pem)
    receipts = db.session.scalars(sa.select(OrganisationReturn).order_by(OrganisationReturn.id)).all()
    assert [one.sha256 for one in receipts] == [hashlib.sha256(file.data).hexdigest() for file in (first, second)]
    assert [(one.cases, one.made_role) for one in receipts] == [(1, house.officer.role), (1, house.administrator.role)]
    number, fingerprint, size = receipts[0].public_id, receipts[0].certificate_sha256, receipts[0].size
    assert size == len(first.data)
    lines = db.session.execute(
        sa.select(AuditEntry.subject_type, AuditEntry.case_id, AuditEntry.shown)
        .where(AuditEntry.action == Audit.DATA_RETURNED)
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(line) for line in lines] == [("case", case_id, None), ("organisation", None, 1)] * 2
    page = administrator.get("/leaving/")
    assert page.text.count("/leaving/returns/") == 2
    shown = administrator.get(f"/leaving/returns/{number}").text
    assert fingerprint in shown
    found = db.session.get_one(OrganisationReturn, receipts[0].id)
    found.organisation = db.session.get_one(Organisation, house.organisation_id)
    found.made_by = db.session.get_one(User, found.made_by_id)
    text = organisation_returns.statement(found)
    assert text.replace('"', "&#34;") in shown
    key = Ed25519PublicKey.from_public_bytes(b64decode(app.extensions["anchors"].public_key))
    key.verify(found.signature, text.encode())
    assert app.extensions["anchors"].public_key in shown


def test_a_receipt_that_was_changed_says_so(house: House, as_user: AsUser) -> None:
    send(as_user(house.officer), make_pair().pem)
    number = db.session.scalars(sa.select(OrganisationReturn.public_id)).one()
    browser = as_user(house.officer)
    assert "passer ikke" not in browser.get(f"/leaving/returns/{number}").text
    db.session.execute(sa.update(OrganisationReturn).values(cases=7))
    assert "passer ikke" in browser.get(f"/leaving/returns/{number}").text


def test_a_second_press_makes_no_second_file(house: House, as_user: AsUser) -> None:
    browser, pair = as_user(house.officer), make_pair()
    fields = browser.hidden(PAGE, PAGE)
    answers = [browser.post(PAGE, data=fields | {"certificate": (io.BytesIO(pair.pem), "x")}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 303]
    assert len(db.session.scalars(sa.select(OrganisationReturn.id)).all()) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Vælg filen"),
        (b"Ikke et certifikat", "ikke læses som et certifikat"),
        (b"0" * 30_000, "for stor"),
        (make_elliptic(), "en anden slags"),
        (make_pair(bits=1024).pem, "2048"),
        (make_pair(days=1, begins=utc_now() - 3 * DAY).pem, "gælder ikke længere"),
    ],
    ids=["nothing", "no certificate", "too large", "another key", "short key", "over"],
)
def test_a_bad_certificate_is_refused_beside_its_field(
    house: House, as_user: AsUser, content: bytes, message: str
) -> None:
    answer = send(as_user(house.officer), content, "certifikat.pem" if content else "")
    assert answer.status_code == 422
    assert message in answer.text.partition('id="certificate-error"')[2]
    assert "certifikat.pem" not in answer.text
    assert db.session.scalars(sa.select(OrganisationReturn.id)).all() == []
    assert db.session.scalars(sa.select(AuditEntry.id).where(AuditEntry.action == Audit.DATA_RETURNED)).all() == []


def test_a_whole_megabyte_is_not_even_read(house: House, as_user: AsUser) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="certificate"; filename="x.pem"\r\n\r\n'
    sent = {"data": head + b"0" * 1_100_000 + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    assert as_user(house.officer).post(PAGE, **sent).status_code == 413


def later(house: House, by: timedelta) -> None:
    """Let it be that much later: the day of the freeze lies back."""
    wanted = sa.select(OrganisationExit).where(OrganisationExit.organisation_id == house.organisation_id)
    leaving = db.session.scalars(wanted).one()
    assert leaving.frozen_at is not None
    leaving.frozen_at -= by
    db.session.flush()


def post(browser: Any) -> int:
    return int(browser.post(PAGE, data={"certificate": (io.BytesIO(make_pair().pem), "x.pem")}).status_code)


def test_not_before_day_0(as_user: AsUser) -> None:
    house = House()
    browser = as_user(house.officer)
    assert "frem til dag 30" in browser.get(PAGE).text
    assert post(browser) == 404
    organisation = db.session.get_one(Organisation, house.organisation_id)
    organisation_exits.ask(organisation, actor=actor_of(house.administrator), now=utc_now())
    assert post(browser) == 409
    assert db.session.scalars(sa.select(OrganisationReturn.id)).all() == []


def test_until_the_last_hour_of_day_30_and_no_longer(house: House, as_user: AsUser) -> None:
    browser = as_user(house.officer)
    later(house, 30 * DAY - timedelta(hours=1))
    assert post(browser) == 200
    later(house, timedelta(hours=1))
    assert post(browser) == 409
    assert 'type="file"' not in browser.get(PAGE).text
    organisation_exits.revoke_due(utc_now())
    assert post(as_user(house.administrator)) == 409
    assert "/leaving/returns/" in as_user(house.administrator).get("/leaving/").text


def test_nobody_else_receives_them(as_user: AsUser) -> None:
    house = House()
    others = [role for role in Role if role not in LAST_ROLES | {Role.SYSTEM}]
    members = {role: make_member(role, db.session.get_one(Organisation, house.organisation_id)) for role in others}
    house.freeze()
    answers = {}
    for role, member in members.items():
        browser = as_user(member)
        answers[role] = (browser.get(PAGE).status_code, post(browser))
    assert answers == dict.fromkeys(others, (403, 403))


def test_another_house_sees_no_receipt(house: House, as_user: AsUser) -> None:
    send(as_user(house.officer), make_pair().pem)
    number = db.session.scalars(sa.select(OrganisationReturn.public_id)).one()
    stranger = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    assert stranger.get(f"/leaving/returns/{number}").status_code == 404
    assert post(stranger) == 404


def test_whoever_is_kept_out_of_a_case_receives_none(house: House, as_user: AsUser) -> None:
    """A file for a certificate of his own would be the way around every block."""
    block = CaseBlock(
        case_id=house.woman.case.id,
        user_id=house.officer.user_id,
        created_at=utc_now(),
        created_by_id=house.contact.user_id,
    )
    db.session.add(block)
    assert post(as_user(house.officer)) == 403
    assert post(as_user(house.administrator)) == 200


def test_a_fresh_proof_is_asked_for_before_the_file_is_chosen(house: House, as_user: AsUser) -> None:
    browser = as_user(house.officer)
    db.session.execute(sa.text("UPDATE user_session SET stepped_up_at = NULL"))
    assert browser.get(PAGE).location.startswith("/step-up")
    assert post(browser) == 409


def test_more_than_memory_may_hold_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_file, "MOST_BYTES", 100)
    actor, now = actor_of(house.officer), utc_now()
    leaving = organisation_returns.begin(actor=actor, now=now)
    with pytest.raises(NotNow, match="én fil"):
        return_file.packed(organisation_returns.documents(leaving, actor=actor, now=now), "x", now)


def test_the_page_is_there_in_english_too(house: House, as_user: AsUser) -> None:
    user = db.session.get_one(User, house.officer.user_id)
    browser = as_user(house.officer)
    assert "Modtag sagerne" in browser.get(PAGE).text
    user.language = Language.ENGLISH
    assert "Receive the cases" in as_user(house.officer).get(PAGE).text


def test_a_second_case_of_the_same_woman_at_another_house_stays_there(house: House, as_user: AsUser) -> None:
    other = make_case(make_member(), name="Fælles")
    other.client_id = house.woman.case.client_id
    db.session.flush()
    reference, pair = other.reference, make_pair()
    found = unpacked(send(as_user(house.officer), pair.pem).data, pair)
    assert reference not in json.dumps(found)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) >= 2
