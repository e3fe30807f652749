"""One row for any table, of values that its columns and constraints take."""

from datetime import time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, Range

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.rights import RetentionRule
from portal.db import Choice, UTCDateTime, db
from portal.queries.subject_rows import CLASSES
from portal.vault import Encrypted, EncryptedJson

NOW = utc_now()
TODAY = local_date(NOW)
SOON = NOW + timedelta(hours=2)
FIXED: dict[tuple[str, str], Any] = {
    ("meeting", "starts_at"): NOW,
    ("meeting", "ends_at"): SOON,
    ("meeting", "state"): "planned",
    ("task", "ends_at"): SOON,
    ("break_glass", "ends_at"): SOON,
    ("outgoing_mail", "template"): "news",
    ("consent", "expires_on"): TODAY + timedelta(days=90),
    ("follow_up", "closes_on"): TODAY + timedelta(days=20),
    ("follow_up", "span"): "6w",
    ("statutory_notice", "kind"): "admission",
    ("child", "birth_year"): 2018,
    ("child", "birth_date"): None,
    ("child", "custody"): None,
    ("child", "contact"): None,
    ("child_period", "period"): Range(TODAY, TODAY + timedelta(days=30)),
    ("retention_item", "rule"): RetentionRule.R6,
    ("phase_plan", "areas"): ["housing"],
    ("safe_contact_way", "days"): "any",
    ("furnishing_item", "quantity"): 2,
    ("hour_entitlement", "minutes_total"): 600,
    ("hour_entitlement", "minutes_used"): 60,
    ("hour_entry", "minutes"): 60,
    ("stay", "destination"): "own_home",
    ("tenancy", "state"): "active",
    ("tenancy", "destination"): None,
    ("tenancy", "extension_asked_at"): NOW,
    ("tenancy", "period"): Range(TODAY, TODAY + timedelta(days=730)),
    ("dossier_text", "spans"): [],
    ("track_request", "info_before"): ["Kan hun om aftenen?", "Ja, hver torsdag."],
    ("incident", "known_at"): NOW,
    ("user_session", "ends_at"): SOON,
    ("factor", "kind"): "totp",
    ("factor", "confirmed_at"): NOW,
    ("account_code", "ends_at"): SOON,
    ("identity_provider", "issuer"): "https://login.example.org",
    ("account_code", "role"): Role.CONTACT_PERSON,
    ("account_code", "user_id"): None,
    ("kept_form", "content"): {"page": "/cases/new", "fields": [["text", "en hel tekst"]], "is_incomplete": False},
    ("measure", "answers"): {"item": 1},
    # A file is kept as base64.
    ("subject_export", "content"): "UERG",
    ("case_document", "content"): "UERG",
    ("case_document", "basis"): "consent",
    ("passing_draft", "sections"): ["who"],
    ("note_misplacement", "held"): {"text": "en hel tekst"},
    ("passing_draft", "texts"): [{"section": "who", "head": "", "text": "en hel tekst", "found": []}],
    ("case_document", "state"): "clean",
    ("case_document", "media"): "pdf",
    ("membership_absence", "to_on"): TODAY + timedelta(days=3),
    ("retention_setting", "days"): 400,
    ("activity", "ends_at"): SOON,
    ("activity", "guests"): ["residents"],
    ("enquiry", "conclusions"): ["admitted"],
    # One that takes nothing back.
    ("note", "is_withdrawal"): False,
    ("case_import", "state"): "mapping",
    ("case_import", "content"): {"headings": ["Sagsnr"], "rows": [[2, ["A-1"]]]},
    ("case_import", "fields"): ["own_number"],
    ("case_import", "findings"): {"issues": [], "differs": [], "alike": []},
    ("import_layout", "fields"): {"sagsnr": "own_number"},
    ("import_key", "fingerprints"): {"name": "0" * 24},
    ("leaving_bridge", "received_on"): TODAY,
    ("outside_contact", "themes"): ["housing"],
    ("organisation_return", "sha256"): "0" * 64,
    ("organisation_return", "certificate_sha256"): "0" * 64,
}
# A constraint ties them to something that is not so here.
EMPTY = {"child_id", "corrects_id", "alternative_offer_id", "round_id", "absence_id", "closed_at"}
# Somebody of the case who stands in the row, though the column may be empty.
WANTED = {("follow_up", "owner_id"), ("enrolment", "worker_id"), ("deadline", "owner_id"), ("note", "author_id")}


def put_row(table: sa.Table, ids: dict[str, Any], **given: Any) -> Any:
    """Put one row into a table: `given`, what is fixed, the keys of `ids` where it points, else the plainest value."""
    values = {column.name: _value(table, column, ids) for column in table.columns if not column.identity} | given
    if table.name == "case_block":
        values |= {"organisation_id": None, "user_id": ids["stranger"]}
    if table.name == "keep_apart":
        values |= {"ended_at": None, "ended_by_id": None}
    # One that was taken back: a woman who has died would stop what others do in this world.
    if table.name in ("legal_hold", "standing_mark"):
        values |= {"lifted_at": NOW, "lifted_by_id": ids["user_account"]}
    kind = CLASSES[table.name]
    names = {column.name: sa.inspect(kind).get_property_by_column(column).key for column in table.columns}
    made = kind(**{names[name]: value for name, value in values.items() if value is not None})
    db.session.add(made)
    db.session.flush()
    return getattr(made, "id", None)


def _value(table: sa.Table, column: sa.Column[Any], ids: dict[str, Any]) -> Any:
    if (table.name, column.name) in FIXED:
        return FIXED[table.name, column.name]
    for key in column.foreign_keys:
        target = key.column.table.name
        is_free = column.nullable and target in ("user_account", "membership")
        is_empty = column.name in EMPTY and column.nullable
        if is_empty or target == table.name or (is_free and (table.name, column.name) not in WANTED):
            return None
        return ids.get(column.name) or ids.get(target)
    return _plain(table, column)


def _plain(table: sa.Table, column: sa.Column[Any]) -> Any:
    kind = column.type
    if column.name == "public_id":
        return new_public_id()
    if column.name in EMPTY:
        return None
    if isinstance(kind, Encrypted | EncryptedJson):
        return "…" if isinstance(kind, Encrypted) else {}
    if column.nullable:
        return None
    if isinstance(kind, Choice):
        return next(iter(kind.kind))
    by_kind = (
        (sa.Time, time(9)),
        (UTCDateTime, NOW),
        (sa.Date, TODAY),
        (ARRAY, []),
        (sa.Boolean, True),
        (sa.Integer, 1),
    )
    found = next((value for one, value in by_kind if isinstance(kind, one)), None)
    if found is not None:
        return found
    if isinstance(kind, sa.LargeBinary):
        return new_public_id().encode()
    return new_public_id() if isinstance(kind, sa.String | sa.Text) else {}
