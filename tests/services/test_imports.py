"""Cases from a spreadsheet: every kind of mistake found, all rows or none, and nobody twice."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound, NotNow
from portal.core.imports import ImportField as F
from portal.core.imports import ImportState
from portal.db import db, transaction
from portal.jobs.imports import _progress, run_imports
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Note, TeamMember
from portal.models.children import Child
from portal.models.clients import Client
from portal.models.imports import CaseImport, ImportKey
from portal.models.messages import Message
from portal.models.organisations import Municipality
from portal.models.outbox import OutgoingMail
from portal.models.stays import StatutoryNotice, Stay
from portal.models.users import Membership
from portal.queries import imports as queries
from portal.services import import_runs, imports
from portal.uploads.sheets import read
from portal.wall import beside_as_system
from tests.factories.imports import AT, BROKEN, as_csv, as_xlsx, good_row, make_checked, make_house
from tests.factories.people import actor_of, make_case, make_member


def counts(session: Any) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in db.metadata.sorted_tables
    }


def started(member: Any, taken: CaseImport, *, with_alike: bool = False) -> CaseImport:
    imports.start(taken, with_alike=with_alike, actor=actor_of(member), now=utc_now())
    db.session.commit()
    return taken


def after_run(session: Any, member: Any, taken: CaseImport) -> CaseImport:
    public_id = taken.public_id
    run_imports(utc_now())
    session.expire_all()
    return queries.get(actor_of(member), public_id, whole=True)


def test_three_hundred_rows_with_every_kind_of_mistake_then_all_of_them_then_nothing(session: Any) -> None:
    member, colleague, mail = make_house()
    good = [good_row(number, mail) for number in range(300)]
    broken, wanted = [list(row) for row in good], set()
    for at, (field, text, code) in enumerate(BROKEN, start=1):
        broken[at * 9][AT[field]] = text
        wanted.add((at * 9 + 2, field.value, code))
    broken[299] = [*broken[299], "for meget"]
    before = counts(session)
    taken = make_checked(member, as_xlsx(broken))
    found = {tuple(issue[:3]) for issue in taken.findings["issues"] if not issue[4]}
    assert found == wanted | {(301, "", "extra")}
    assert len(BROKEN) > 20
    assert taken.wrong_count == len(BROKEN) + 1
    with pytest.raises(NotNow):
        imports.start(taken, with_alike=False, actor=actor_of(member), now=utc_now())
    assert {name: n for name, n in counts(session).items() if n != before[name]}.keys() <= {
        *("case_import", "import_layout", "audit_event", "audit_head", "data_key", "organisation_key")
    }

    taken = after_run(session, member, started(member, make_checked(member, as_csv(good))))
    assert (taken.state, taken.done_count, taken.content) == (ImportState.DONE, 300, None)
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 300
    assert session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 300
    assert session.scalar(sa.select(sa.func.count()).select_from(StatutoryNotice)) == 300
    assert session.scalar(sa.select(sa.func.count()).select_from(Child)) == 300
    assert session.scalars(sa.select(Client.protection_level)).all().count(2) == 100
    mine = sa.select(sa.func.count()).select_from(TeamMember)
    live = TeamMember.ended_at.is_(None)
    assert session.scalar(mine.where(TeamMember.user_id == colleague.user_id, live)) == 75
    assert session.scalar(mine.where(TeamMember.user_id == member.user_id, live)) == 225
    tags = session.scalars(sa.select(AuditEntry.action)).all()
    assert (tags.count(Audit.CASE_OPENED), tags.count(Audit.CASE_IMPORTED), tags.count(Audit.IMPORT_DONE)) == (
        300,
        300,
        1,
    )
    # One message and one mail, however many cases.
    assert session.scalars(sa.select(Message.recipient_id)).all() == [member.user_id]
    assert session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == 1
    notes = {text.split("\n")[0] for text in session.scalars(sa.select(Note.text))}
    assert notes == {"=HYPERLINK(x)", "Fra den gamle liste"}

    again = make_checked(member, as_xlsx(good))
    assert (again.here_count, again.new_count, again.differs_count) == (300, 0, 0)
    before = counts(session)
    with pytest.raises(NotNow):
        imports.start(again, with_alike=True, actor=actor_of(member), now=utc_now())
    assert run_imports(utc_now()) == 0
    assert counts(session) == before


def test_a_changed_row_is_told_and_nothing_is_overwritten(session: Any) -> None:
    member, _colleague, mail = make_house()
    rows = [good_row(number, mail) for number in (1, 2, 5)]
    after_run(session, member, started(member, make_checked(member, as_csv(rows))))
    name = session.scalars(sa.select(Client.name).order_by(Client.id)).first()
    rows[0][AT[F.NAME]] = "Helt Anderledes"
    rows[0][AT[F.PHONE]] = ""
    rows[0][AT[F.OWN_NUMBER]] = " g - 0001 "
    again = make_checked(member, as_csv(rows))
    assert (again.here_count, again.differs_count, again.new_count) == (2, 1, 0)
    assert again.findings["differs"] == [[2, ["name", "phone"]]]
    assert session.scalars(sa.select(Client.name).order_by(Client.id)).first() == name


@pytest.mark.parametrize("in_the_way", ["constraint", "rule"])
def test_a_row_that_fails_in_the_middle_leaves_nothing(session: Any, in_the_way: str) -> None:
    member, colleague, mail = make_house()
    rows = [good_row(number, "") for number in range(12)]
    if in_the_way == "rule":
        rows[7][AT[F.CONTACT_PERSON]] = mail
    taken = started(member, make_checked(member, as_csv(rows)))
    before = counts(session)
    if in_the_way == "rule":
        # She leaves between the check and the run.
        session.execute(sa.update(Membership).where(Membership.id == colleague.id).values(ended_at=utc_now()))
    else:
        # The database itself refuses the eighth row.
        session.execute(
            sa.text(
                "CREATE FUNCTION bad() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF"
                " (SELECT count(*) FROM import_key) >= 7 THEN RAISE unique_violation; END IF; RETURN NEW; END $$"
            )
        )
        session.execute(sa.text("CREATE TRIGGER bad BEFORE INSERT ON import_key FOR EACH ROW EXECUTE FUNCTION bad()"))
    session.commit()
    taken = after_run(session, member, taken)
    assert (taken.state, taken.done_count) == (ImportState.FAILED, 0)
    assert taken.findings["issues"][0][0] == 9
    assert taken.content is not None
    after = counts(session)
    new = {name for name in after if after[name] != before[name]}
    assert new <= {"message", "outgoing_mail", "audit_event", "audit_head", "reference_counter"}
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportKey)) == 0
    if in_the_way == "constraint":
        session.execute(sa.text("DROP TRIGGER bad ON import_key"))
        fields = [F(field) if field else None for field in taken.fields]
        imports.check(taken, fields, allow_invented_cpr=True, actor=actor_of(member), now=utc_now())
        assert after_run(session, member, started(member, taken)).done_count == 12


def test_a_run_that_died_is_taken_up_again_and_the_dead_one_cannot_finish(session: Any) -> None:
    member, _colleague, mail = make_house()
    taken = started(member, make_checked(member, as_csv([good_row(1, mail)])))
    first = import_runs.claim(now=utc_now())
    assert first is not None
    assert import_runs.claim(now=utc_now()) is None
    later = utc_now() + import_runs.LEASE + timedelta(seconds=1)
    second = import_runs.claim(now=later)
    assert second is not None and second.attempt_id != first.attempt_id
    with pytest.raises(Conflict), session.begin_nested():
        import_runs.run(first, ["2026-9001"], now=later, progress=lambda _done: None, allow_invented_cpr=True)
    done = import_runs.run(second, ["2026-9002"], now=later, progress=lambda _done: None, allow_invented_cpr=True)
    assert done == 1
    assert session.scalars(sa.select(Case.reference)).all() == ["2026-9002"]
    assert queries.get(actor_of(member), taken.public_id).state is ImportState.DONE


def test_a_case_of_hers_looks_alike_and_nobody_elses_does(session: Any) -> None:
    member, colleague, mail = make_house()
    row = good_row(1, mail)
    known = {"name": row[AT[F.NAME]], "birth_year": int(row[AT[F.BIRTH_YEAR]])}
    make_case(colleague, **known)
    make_case(make_member(), **known, phone="20 00 01 11")
    assert make_checked(member, as_csv([row])).alike_count == 0
    make_case(member, **known)
    taken = make_checked(member, as_csv([row, good_row(2, mail)]))
    assert (taken.alike_count, taken.new_count, taken.findings["alike"]) == (1, 1, [2])
    assert after_run(session, member, started(member, taken)).done_count == 1
    again = make_checked(member, as_csv([row, good_row(2, mail)]))
    assert after_run(session, member, started(member, again, with_alike=True)).done_count == 1


def test_only_contact_persons_and_only_their_own_files(session: Any) -> None:
    member, colleague, mail = make_house()
    content = as_csv([good_row(1, mail)])
    for role in (Role.PROGRAMME_LEAD, Role.ADMINISTRATOR, Role.INTAKE, Role.VOLUNTEER):
        with pytest.raises(Forbidden):
            imports.take_in(read(content), actor=actor_of(make_member(role)), now=utc_now())
    taken = make_checked(member, content)
    for stranger in (colleague, make_member()):
        with pytest.raises(NotFound):
            queries.get(actor_of(stranger), taken.public_id)
        assert queries.list_imports(actor_of(stranger)) == ([], None)
    assert queries.get(actor_of(member), taken.public_id).id == taken.id


def test_no_cpr_column_is_kept_where_the_house_may_hold_none(session: Any) -> None:
    member = make_member()
    row = good_row(1, "")
    taken = imports.take_in(read(as_csv([row])), actor=actor_of(member), now=utc_now())
    assert row[AT[F.CPR]] not in str(taken.content)
    assert "cpr" not in taken.fields
    fields = [F(field) if field else None for field in taken.fields]
    fields[AT[F.CPR]] = F.CPR
    with pytest.raises(Invalid):
        imports.check(taken, fields, actor=actor_of(member), now=utc_now())


def test_columns_are_remembered_and_must_have_an_own_number_once(session: Any) -> None:
    member, _colleague, _mail = make_house()
    heads = ["Kode", "Kvinden", "Journalnr"]
    who = {"actor": actor_of(member), "now": utc_now()}
    sheet = read(as_csv([["K-1", "Amira", "x"]], heads=heads))
    taken = imports.take_in(sheet, **who)
    assert taken.fields == ["", "", "own_number"]
    for fields in ([None, F.NAME, None], [F.OWN_NUMBER, F.NAME, F.OWN_NUMBER], [F.OWN_NUMBER]):
        with pytest.raises(Invalid):
            imports.check(taken, fields, **who)
    imports.check(taken, [F.OWN_NUMBER, F.NAME, None], **who)
    assert imports.take_in(sheet, **who).fields == ["own_number", "name", ""]


def test_rows_are_forgotten_after_seven_days_and_when_dropped(session: Any) -> None:
    member, _colleague, mail = make_house()
    who = {"actor": actor_of(member), "now": utc_now()}
    old, dropped = (make_checked(member, as_csv([good_row(1, mail)])) for _ in range(2))
    imports.drop(dropped, **who)
    assert (dropped.state, dropped.content, dropped.findings) == (ImportState.DROPPED, None, None)
    with pytest.raises(NotNow):
        imports.drop(dropped, **who)
    assert imports.purge(utc_now() + timedelta(days=6)) == 0
    assert imports.purge(utc_now() + timedelta(days=7, minutes=1)) == 1
    session.refresh(old, ["content", "state"])
    assert (old.state, old.content) == (ImportState.DROPPED, None)


def test_a_house_brings_in_three_files_a_day_and_what_is_typed_is_not_hindered(session: Any) -> None:
    member, _colleague, mail = make_house()
    for first in (0, 10, 20):
        rows = [good_row(first + number, mail) for number in range(9)]
        after_run(session, member, started(member, make_checked(member, as_csv(rows))))
    fourth = make_checked(member, as_csv([good_row(99, mail)]))
    with pytest.raises(NotNow):
        imports.start(fourth, with_alike=False, actor=actor_of(member), now=utc_now())
    # Twenty a day are typed by hand; what the files brought is not counted with them.
    assert make_case(member, phone="20304050").client.phone == "+4520304050"


def test_whoever_left_before_the_run_opens_nothing(session: Any) -> None:
    member, _colleague, mail = make_house()
    started(member, make_checked(member, as_csv([good_row(1, mail)])))
    session.execute(sa.update(Membership).where(Membership.id == member.id).values(ended_at=utc_now()))
    session.commit()
    assert run_imports(utc_now()) == 0
    assert session.scalars(sa.select(CaseImport.state)).all() == [ImportState.FAILED]
    assert session.scalar(sa.select(sa.func.count()).select_from(Municipality)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


def test_while_it_runs_others_see_how_far_it_is_and_no_case(committed: Any) -> None:
    member, _colleague, mail = make_house()
    committed.commit()
    taken = started(member, make_checked(member, as_csv([good_row(number, mail) for number in range(12)])))
    with transaction():
        claim = import_runs.claim(now=utc_now())
    assert claim is not None
    with transaction():
        references = import_runs.references_for(claim, now=utc_now())
    seen = []

    def look(done: int) -> None:
        _progress(claim, done)
        with db.engine.connect() as other:
            other.exec_driver_sql("SELECT set_config('bro.scope', 'system', true)")
            far = other.execute(sa.select(CaseImport.done_count, CaseImport.state)).one()
            seen.append((done, far.done_count, other.scalar(sa.select(sa.func.count()).select_from(Case))))

    with transaction():
        import_runs.run(claim, references, now=utc_now(), progress=look, allow_invented_cpr=True)
    assert [one for one in seen if one[0] in (9, 10, 12)] == [(9, 0, 0), (10, 10, 0), (12, 10, 0)]
    assert queries.get(actor_of(member), taken.public_id).done_count == 12
    assert committed.scalar(sa.select(sa.func.count()).select_from(Case)) == 12


def test_two_workers_never_take_the_same_file(committed: Any) -> None:
    member, _colleague, mail = make_house()
    committed.commit()
    started(member, make_checked(member, as_csv([good_row(1, mail)])))
    held = committed.scalars(sa.select(CaseImport).with_for_update()).one()
    assert held.state is ImportState.QUEUED
    with beside_as_system() as other:
        free = sa.select(CaseImport.id).where(CaseImport.state == ImportState.QUEUED).with_for_update(skip_locked=True)
        assert other.scalars(free).all() == []
    committed.rollback()
    with transaction():
        assert import_runs.claim(now=utc_now()) is not None
    with transaction():
        assert import_runs.claim(now=utc_now()) is None
