"""What is handed out is complete and pure: every field of hers, nothing of anybody else."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, NotNow
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.rights import Capacity, RightsKind
from portal.db import Base, db
from portal.domain.disclosure import Relation
from portal.domain.subject_data import Whose, marks_of, own, reached_from
from portal.models.children import Child
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.rights import RightsRequest, SubjectExport
from portal.queries import subject_rows
from portal.services import access_export, audit, rights
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.subjects import Populated, populate

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")
# Tables that have no row of hers alone, or hold nothing that is handed out.
REACHED = reached_from("client")


def ask(made: Populated, kind: RightsKind = RightsKind.ACCESS) -> RightsRequest:
    child = db.session.get_one(Child, made.child_id) if kind is RightsKind.CHILD_DOSSIER else None
    capacity = Capacity.CUSTODIAL_PARENT if child else Capacity.HERSELF
    case = db.session.get_one(type(made.case), made.case.id)
    request = rights.record(
        case,
        kind=kind,
        capacity=capacity,
        child=child,
        received_on=date(2026, 11, 19),
        actor=actor_of(made.member),
        now=NOW,
    )
    request.case, request.child = case, child
    return request


def handed_out(assembled: access_export.Assembled) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for section in assembled.sections:
        for entry in section.entries:
            for column, value in entry.values.items():
                found.setdefault((entry.table, column), []).append(value)
    return found


def as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def test_every_registered_field_of_hers_is_handed_out() -> None:
    made = populate("hende")
    found = handed_out(access_export.of_woman(ask(made)))
    wanted = {(table.name, mark.column) for table in REACHED for mark in own(marks_of(table), of_child=False)}
    no_row = {"legal_hold"} - {table for table, _column in found}
    assert {(table, column) for table, column in wanted if table not in no_row} - set(found) == set()
    hers = {place for place in made.marks if place in wanted}
    lost = [place for place in hers if made.marks[place] not in as_text(found[place])]
    assert lost == []
    assert len(hers) > 40


def test_nothing_of_anybody_else_is_handed_out() -> None:
    made, other = populate("hende"), populate("en-anden")
    text = as_text(
        [[entry.values for entry in section.entries] for section in access_export.of_woman(ask(made)).sections]
    )
    assert "en-anden" not in text
    foreign = [place for place, mark in made.marks.items() if mark in text and not _is_hers(*place)]
    assert foreign == []
    assert "barnets-autorisation" not in text
    assert other.case.id != made.case.id


def _is_hers(table: str, column: str) -> bool:
    return any(mark.column == column and mark.whose is Whose.HERS for mark in marks_of(Base.metadata.tables[table]))


def test_another_organisations_case_of_the_same_woman_is_not_ours_to_hand_out(session: Any) -> None:
    made = populate("hende")
    elsewhere = populate("andetsteds")
    elsewhere.case.client_id = made.case.client_id
    session.flush()
    text = as_text(
        [[entry.values for entry in section.entries] for section in access_export.of_woman(ask(made)).sections]
    )
    assert "andetsteds" not in text
    assert made.marks["note", "text"] in text


def test_a_childs_dossier_holds_the_childs_own_fields_alone() -> None:
    made = populate("hende")
    sections = access_export.of_child(ask(made, RightsKind.CHILD_DOSSIER))
    entries = [entry for section in sections for entry in section.entries]
    own = {"child", "child_consent", "child_step", "hour_entitlement", "hour_entry"}
    assert {entry.table for entry in entries} == own
    text = as_text([entry.values for entry in entries])
    seen = {place for place, mark in made.marks.items() if mark in text}
    assert seen == {("child", column) for column in ("name", "needs", "birth_date", "language", "custody")}
    assert [entry.values["minutes_total"] for entry in entries if entry.table == "hour_entitlement"] == [240]


def test_a_brother_or_sister_is_not_in_the_dossier(session: Any) -> None:
    made = populate("hende")
    session.add(Child(client_id=made.case.client_id, name="søskende-mrk", birth_year=2020, is_along=True, version=1))
    session.flush()
    text = as_text(
        [entry.values for one in access_export.of_child(ask(made, RightsKind.CHILD_DOSSIER)) for entry in one.entries]
    )
    assert "søskende-mrk" not in text


def test_a_row_with_one_link_to_somebody_else_is_nobodys(session: Any) -> None:
    made, other = populate("hende"), populate("en-anden")
    table = Base.metadata.tables["attendance"]
    session.execute(
        sa.insert(table).values(
            meeting_id=other.rows["meeting"][0], enrolment_id=made.rows["enrolment"][0], presence="present"
        )
    )
    rows = subject_rows.collect("client", made.case.client_id)["attendance"]
    assert [row.meeting_id for row in rows] == [made.rows["meeting"][0]]


def test_who_looked_is_told_without_names_and_who_received_with_what() -> None:
    made = populate("hende")
    looker = make_member(name="Kigger Hansen")
    audit.record_view(actor=actor_of(looker), case_id=made.case.id, relation=Relation.CT, page=Page.CASE, now=NOW)
    elsewhere = make_organisation(OrganisationKind.NGO, name="Modtageren")
    db.session.execute(sa.update(Enrolment).values(organisation_id=elsewhere.id))
    db.session.flush()
    assembled = access_export.of_woman(ask(made))
    assert [(look.role, look.page) for look in assembled.looks] == [(Role.CONTACT_PERSON, Page.CASE)]
    assert "Kigger" not in as_text([vars_of(look) for look in assembled.looks])
    # The course, and a paper that was handed over, each to whom it went.
    received = {one.what: one.organisation for one in assembled.received}
    assert received == {
        "course": "Modtageren",
        "handover": db.session.get_one(Organisation, made.member.organisation_id).name,
    }


def vars_of(look: Any) -> dict[str, Any]:
    return {name: getattr(look, name) for name in look.__slots__}


def test_what_is_about_a_programme_says_which() -> None:
    """Of a change of state, of a follow-up and of its answers: they hang on a row that names the programme."""
    sections = access_export.of_woman(ask(populate("hende"))).sections
    entries = [entry for section in sections for entry in section.entries]
    named = {entry.values["offer_id"] for entry in entries if "offer_id" in entry.values}
    silent = ("request_event", "follow_up", "measure", "meeting")
    said = {entry.table: entry.programme for entry in entries if entry.table in silent}
    assert set(said) == set(silent)
    assert "" not in named and set(said.values()) <= named


def test_a_file_is_fetched_once_and_is_sealed_until_then(session: Any) -> None:
    made = populate("hende")
    request = ask(made)
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    access_export.store(request, b"hemmelig-zip", actor=actor_of(officer), now=NOW)
    raw = (
        session.execute(
            sa.text("SELECT content FROM subject_export WHERE content IS NOT NULL AND built_at = :at"), {"at": NOW}
        )
        .scalars()
        .all()
    )
    assert raw and all(b"hemmelig" not in bytes(one) for one in raw)
    assert access_export.fetch(request, actor=actor_of(officer), now=NOW) == b"hemmelig-zip"
    with pytest.raises(NotNow):
        access_export.fetch(request, actor=actor_of(officer), now=NOW)
    assert session.scalars(sa.select(SubjectExport.content).where(SubjectExport.built_at == NOW)).all() == [None]


def test_a_file_that_nobody_fetched_is_gone_after_seven_days() -> None:
    request = ask(populate("hende"))
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    access_export.store(request, b"x", actor=actor_of(officer), now=NOW)
    before = access_export.purge(NOW + timedelta(days=6, hours=23))
    assert access_export.purge(NOW + timedelta(days=7)) == 1
    assert before <= 1
    with pytest.raises(NotNow):
        access_export.fetch(request, actor=actor_of(officer), now=NOW + timedelta(days=7))


def test_only_who_runs_requests_fetches() -> None:
    request = ask(populate("hende"))
    with pytest.raises(Forbidden):
        access_export.fetch(request, actor=actor_of(make_member(Role.SAFETY_OFFICER)), now=NOW)


def test_no_more_statements_than_tables(count_queries: Any) -> None:
    made = populate("hende")
    request = ask(made)
    db.session.flush()
    count_queries.start()
    access_export.of_woman(request)
    assert count_queries.stop() <= len(REACHED) + 12


def test_a_value_that_was_shown_on_demand_is_a_look_and_the_form_that_asked_is_none() -> None:
    made = populate("hende")
    looker = actor_of(make_member())
    given = {"actor": looker, "case_id": made.case.id, "now": NOW}
    audit.record_view(relation=Relation.CT, page=Page.ADDRESS_REVEAL, **given)
    audit.record(Audit.ADDRESS_REVEALED, SubjectType.CASE, made.case.public_id, reason="Hun flytter", **given)
    request = ask(made)
    assert [(look.page, look.action) for look in access_export.of_woman(request).looks] == [
        (None, Audit.ADDRESS_REVEALED)
    ]
