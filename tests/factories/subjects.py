"""A woman about whom every table holds a row, with a mark of her own in every text: what leaks is recognised."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, Range

from portal.core.ids import new_public_id
from portal.core.kinds import TrackKind
from portal.core.rights import RetentionRule
from portal.db import Base, Choice, UTCDateTime, db
from portal.domain.subject_data import reached_from
from portal.models.cases import Case
from portal.models.users import Membership
from portal.vault import Encrypted, EncryptedJson
from tests.factories.enquiries import make_activity
from tests.factories.housing import make_homes, make_unit
from tests.factories.people import make_case, make_member, make_municipality, make_organisation
from tests.factories.referrals import make_offer
from tests.factories.tasks import make_pool

MOMENT = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = date(2026, 5, 4)
# Made by the services, with columns that only the case itself may hold.
MADE = {"client_case", "case_access", "team_member"}
FIXED: dict[tuple[str, str], Any] = {
    # One that takes nothing back.
    ("note", "is_withdrawal"): False,
    ("meeting", "ends_at"): datetime(2026, 5, 4, 10, tzinfo=UTC),
    ("task", "ends_at"): datetime(2026, 5, 4, 10, tzinfo=UTC),
    ("break_glass", "ends_at"): datetime(2026, 5, 4, 10, tzinfo=UTC),
    ("consent", "expires_on"): date(2026, 11, 4),
    ("follow_up", "closes_on"): date(2026, 5, 20),
    ("follow_up", "span"): "6w",
    ("statutory_notice", "kind"): "admission",
    ("case_document", "basis"): "consent",
    ("enquiry", "conclusions"): ["admitted"],
    ("outside_contact", "themes"): ["housing"],
    ("leaving_bridge", "received_on"): date(2026, 5, 4),
    ("case_document", "state"): "clean",
    ("case_document", "media"): "pdf",
    ("case_document", "content"): "UERG",
    ("child", "birth_year"): 2018,
    ("client", "protection_level"): 1,
    ("retention_item", "rule"): RetentionRule.R6,
    ("phase_plan", "areas"): ["housing"],
    ("safe_contact_way", "days"): "any",
    ("furnishing_item", "quantity"): 2,
    ("hour_entitlement", "minutes_total"): 600,
    ("hour_entry", "minutes"): 60,
    ("stay", "destination"): "own_home",
    ("tenancy", "destination"): "own_home",
}
# Left empty: a constraint ties them to something else.
EMPTY = {"child_id", "corrects_id", "alternative_offer_id"}


@dataclass
class Populated:
    """The case, its child, and every mark by the column that holds it."""

    key: str
    case: Case
    member: Membership
    child_id: int = 0
    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def populate(key: str, *, member: Membership | None = None) -> Populated:
    """A case in which each table with a way to her holds a row; `key` begins every mark."""
    make_municipality()
    member = member or make_member()
    case = make_case(member, name=f"{key} navn", phone="20304050", now=MOMENT)
    made = Populated(key, case, member)
    _client(made)
    ids = {
        "client": case.client_id,
        "client_case": case.id,
        "user_account": member.user_id,
        "membership": member.id,
        "organisation": member.organisation_id,
        "offer": make_offer(TrackKind.HOUSING).id,
        "municipality": "751",
        "housing_unit": make_unit(make_homes()).id,
        "volunteer": make_pool()[2].id,
        "fund": _fund(member),
        "activity": make_activity(member).id,
        "group_round": None,
    }
    for table in reached_from("client"):
        if table.name not in MADE | {"client", "audit_event", "audit_sample"}:
            ids[table.name] = _row(made, table, ids)
    _childs_hours(made, ids)
    db.session.flush()
    db.session.expire_all()
    return made


def _client(made: Populated) -> None:
    client = made.case.client
    client.name, client.address, client.language = (
        made_mark(made, "client", one) for one in ("name", "address", "language")
    )
    client.cpr_number, client.birth_year, client.protection_level = made_mark(made, "client", "cpr_number"), 1990, 1
    client.phone, client.name_index, client.cpr_index = made_mark(made, "client", "phone"), b"n" * 16, b"c" * 16
    made.case.responsible_municipality_code = made.case.paying_municipality_code = "751"
    db.session.flush()


def made_mark(made: Populated, table: str, column: str) -> str:
    """A text that stands nowhere else, remembered by its column."""
    mark = f"{made.key}-{table}-{column}-mrk"
    made.marks[table, column] = mark
    return mark


def _fund(member: Membership) -> int:
    from portal.models.grants import Fund

    fund = Fund(
        organisation_id=member.organisation_id, offer_id=make_offer().id, name="Fond", budget_ore=10_000,
        reserved_ore=0, spent_ore=0, second_approval_above_ore=500_000,
    )  # fmt: skip
    db.session.add(fund)
    db.session.flush()
    return fund.id


def _row(made: Populated, table: sa.Table, ids: dict[str, Any]) -> Any:
    values = {column.name: _value(made, table, column, ids) for column in table.columns if not column.identity}
    if table.name in ("legal_hold", "standing_mark"):
        values |= {"lifted_at": MOMENT, "lifted_by_id": made.member.user_id}
    if table.name == "keep_apart":
        values |= {"ended_at": None, "ended_by_id": None}
    if table.name == "case_block":
        values |= {"organisation_id": None, "user_id": made.member.user_id}
    if table.name == "take_over":
        values |= {"to_id": make_member().user_id}
    if table.name == "case_transfer":
        values |= {"to_organisation_id": make_organisation().id}
    key = _put(table, {name: value for name, value in values.items() if value is not None})
    made.rows[table.name] = key
    if table.name == "child":
        made.child_id = key[0]
    return key[0]


def _put(table: sa.Table, values: dict[str, Any]) -> tuple[Any, ...]:
    """Saved as an object, because that is what seals it. Returns its key."""
    mapper = next(found for found in Base.registry.mappers if found.local_table is table)
    row = mapper.class_()
    for name, value in values.items():
        setattr(row, mapper.get_property_by_column(table.c[name]).key, value)
    db.session.add(row)
    db.session.flush()
    return tuple(mapper.primary_key_from_instance(row))


def _value(made: Populated, table: sa.Table, column: sa.Column[Any], ids: dict[str, Any]) -> Any:
    if (table.name, column.name) in FIXED:
        return FIXED[table.name, column.name]
    for key in column.foreign_keys:
        is_staff = key.column.table.name == "user_account" and column.nullable
        is_left_out = column.name in EMPTY and column.nullable
        if is_staff or is_left_out or key.column.table.name == table.name:
            return None
        return ids.get(key.column.table.name)
    return _plain(made, table, column)


def _json(made: Populated, table: sa.Table, column: sa.Column[Any]) -> Any:
    if column.name == "spans":
        return []
    mark = made_mark(made, table.name, column.name)
    return [mark] if column.name == "info_before" else {"spørgsmål": mark}


def _plain(made: Populated, table: sa.Table, column: sa.Column[Any]) -> Any:
    kind = column.type
    if column.name == "public_id":
        return new_public_id()
    if isinstance(kind, Choice):
        return None if column.nullable else next(iter(kind.kind))
    if isinstance(kind, EncryptedJson):
        return _json(made, table, column)
    if isinstance(kind, Encrypted | sa.Text):
        return made_mark(made, table.name, column.name)
    if column.nullable:
        return None
    if isinstance(kind, UTCDateTime):
        return MOMENT
    if isinstance(kind, sa.Date):
        return DAY
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, sa.LargeBinary):
        return made.key.encode().rjust(16, b"0")
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 1
    if column.name == "period":
        return Range(DAY, date(2028, 5, 4))
    return {}


def _childs_hours(made: Populated, ids: dict[str, Any]) -> None:
    """Hours of the child beside her own: they are the child's."""
    hours = Base.metadata.tables["hour_entitlement"]
    entry = Base.metadata.tables["hour_entry"]
    values = {"enrolment_id": ids["enrolment"], "child_id": made.child_id, "minutes_total": 240, "minutes_used": 45}
    (key,) = _put(hours, values)
    values = {"entitlement_id": key, "held_on": DAY, "minutes": 45, "registered_at": MOMENT}
    _put(entry, values | {"registered_by_id": made.member.user_id, "authorisation": "barnets-autorisation"})
