"""A municipality takes its part of a case over into its own records."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, utc_now
from portal.core.courses import CounsellingAnswer, CounsellingEnd, OfferWay
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.domain.labels import label
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.services import cases, counselling, counselling_work, notes, team
from tests.factories.files import put
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.support.pdf import words_of

Browser = Callable[..., Any]
NOW = utc_now()
TODAY = local_date(NOW)
PERIOD = {"from_on": f"{TODAY - timedelta(days=30):%d %m %Y}", "to_on": f"{TODAY:%d %m %Y}"}


@pytest.fixture
def town(session: Any) -> Any:
    return make_member(Role.MUNICIPAL_ADVISER, make_organisation(OrganisationKind.MUNICIPALITY, name="Kommunen"))


def here(case: Case) -> str:
    return f"/documents/{case.public_id}/records"


def opened(answer: Any) -> tuple[dict[str, bytes], dict[str, Any]]:
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    return files, json.loads(files["metadata.json"])


def test_the_whole_of_its_own_case_with_what_an_archive_asks_for(as_user: Browser, session: Any, town: Any) -> None:
    """R-689: one PDF, the documents, and of each its day, theme, role and hash."""
    case = make_case(town, name="Amira Karim")
    who: Any = {"actor": actor_of(town), "now": NOW}
    notes.write_note(case, text="Talt om bolig og økonomi", happened_at=NOW - timedelta(days=2), **who)
    notes.write_note(case, text="Fra sidste år", happened_at=NOW - timedelta(days=300), **who)
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=5), **who)
    put(case, theme="Afgørelse om tilskud", **who)
    browser = as_user(town)
    assert browser.get(here(case)).status_code == 200
    answer = browser.post(here(case), data=PERIOD)
    files, about = opened(answer)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dokument.zip"'
    assert sorted(files) == ["001.pdf", "002.pdf", "metadata.json"]
    shown = words_of(files["001.pdf"])
    for words in ("Taltomboligogøkonomi", "Afgørelseomtilskud", case.reference, "Orienteringomoptagelse"):
        assert words in shown
    assert "Frasidsteår" not in shown
    assert about["case_reference"] == case.reference
    assert [entry["sha256"] for entry in about["files"]] == [
        hashlib.sha256(files[entry["file"]]).hexdigest() for entry in about["files"]
    ]
    document = about["files"][1]
    assert (document["theme"], document["author_role"]) == ("Afgørelse om tilskud", "municipal_adviser")
    assert document["document_date"] == TODAY.isoformat()
    (note,) = about["notes"]
    assert note["document_date"] == (TODAY - timedelta(days=2)).isoformat()
    assert note["sha256"] == hashlib.sha256("Talt om bolig og økonomi".encode()).hexdigest()
    assert note["entered_at"] >= note["happened_at"]
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.RECORDS_EXPORTED in tags


def test_of_anothers_case_its_own_part_alone(as_user: Browser, session: Any, town: Any) -> None:
    """R-689 and R-113."""
    centre = make_member()
    case = make_case(centre, name="Amira Karim")
    team.join_team(case.id, town.user_id, actor=actor_of(centre), now=NOW)
    notes.write_note(case, text="Centrets notat", actor=actor_of(centre), now=NOW)
    notes.write_note(case, text="Kommunens notat", actor=actor_of(town), now=NOW)
    put(case, theme="Centrets brev", actor=actor_of(centre), now=NOW)
    put(case, theme="Kommunens brev", actor=actor_of(town), now=NOW)
    files, about = opened(as_user(town).post(here(case), data=PERIOD))
    shown = words_of(files["001.pdf"])
    assert ("Kommunensnotat" in shown, "Centretsnotat" in shown) == (True, False)
    assert [one["theme"] for one in about["files"][1:]] == ["Kommunens brev"]
    assert len(about["notes"]) == 1


def test_the_whole_of_the_counselling_and_of_a_contact_no_more_than_its_facts(
    as_user: Browser, session: Any, town: Any
) -> None:
    """R-869."""
    centre, colleague = make_member(), make_member(Role.MUNICIPAL_ADVISER, town.organisation, name="Gitte Holm")
    colleague_id, case = colleague.user_id, make_case(centre, name="Amira Karim")
    team.join_team(case.id, town.user_id, actor=actor_of(centre), now=NOW)
    who: Any = {"actor": actor_of(town), "now": NOW}
    day = TODAY - timedelta(days=9)
    row = counselling.offer(
        case.id, offered_on=day, how=OfferWay.PHONE, has_interpreter=True, areas=[NeedArea.HOUSING], **who
    )
    counselling.answer(row, CounsellingAnswer.YES, answered_on=day, **who)
    counselling.start(row, started_on=day, moved_on=day, **who)
    held = counselling_work.Contact(
        day, ContactMode.VISIT_HOME, ContactResult.REACHED, [NeedArea.FINANCES], 45, "Fortroligt"
    )
    counselling_work.log_contact(row, held, actor=actor_of(centre), now=NOW)
    promise = counselling_work.Promise(NeedArea.HOUSING, "Boliganvisningen", "En lejlighed", TODAY)
    counselling_work.note_promise(row, promise, **who)
    until = add_months(day, 9)
    counselling.extend(row, until=until, reason="Retssag", approver_id=colleague_id, moved_on=day, **who)
    counselling.end(row, CounsellingEnd.HER_WISH, ended_on=TODAY, **who)
    files, about = opened(as_user(town).post(here(case), data=PERIOD))
    shown = words_of(files["001.pdf"])
    for words in (
        *(f"{day:%d.%m.%Y}", "Itelefonen", "medtolk", "Bolig", f"Ja·{day:%d.%m.%Y}", f"{until:%d.%m.%Y}"),
        *(
            "".join(str(label(ContactMode.VISIT_HOME)).split()),
            "45minutter",
            "Boliganvisningen",
            "Enlejlighed",
            "Retssag",
            "GitteHolm",
        ),
        "".join(str(label(CounsellingEnd.HER_WISH)).split()),
    ):
        assert words in shown, words
    assert "Fortroligt" not in shown
    told = about["counselling"]
    assert (told["offered_how"], told["answer"], told["end_reason"]) == ("phone", "yes", "her_wish")
    assert [(one["mode"], one["minutes"], one["areas"]) for one in told["contacts"]] == [
        ("visit_home", 45, ["finances"])
    ]


def test_nothing_in_it_has_a_name_or_a_time_that_tells(as_user: Browser, session: Any, town: Any) -> None:
    case = make_case(town, name="Amira Karim")
    put(case, theme="Amiras brev", actor=actor_of(town), now=NOW)
    answer = as_user(town).post(here(case), data=PERIOD)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert all(one.filename[:3].isdigit() or one.filename == "metadata.json" for one in packed.infolist())


@pytest.mark.parametrize(
    "period",
    [
        {"from_on": "", "to_on": ""},
        {"from_on": f"{TODAY:%d %m %Y}", "to_on": f"{TODAY - timedelta(days=1):%d %m %Y}"},
        {"from_on": f"{TODAY:%d %m %Y}", "to_on": f"{TODAY + timedelta(days=1):%d %m %Y}"},
    ],
)
def test_a_period_that_is_none_is_said_beside_the_field(
    as_user: Browser, session: Any, town: Any, period: dict[str, str]
) -> None:
    case = make_case(town)
    assert as_user(town).post(here(case), data=period).status_code == 422
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.RECORDS_EXPORTED not in tags


def test_strangers_get_the_answer_for_nothing_and_other_roles_are_refused(
    as_user: Browser, session: Any, town: Any
) -> None:
    contact = make_member()
    case = make_case(contact)
    assert as_user(contact).post(here(case), data=PERIOD).status_code == 403
    assert as_user(town).post(here(case), data=PERIOD).status_code == 404
    assert as_user(town).get(here(case)).status_code == 404
