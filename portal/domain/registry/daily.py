"""Columns of what a house does from day to day: enquiries, contacts with other parties, events."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "enquiry",
        R.ENQUIRY,
        About.CLIENT,
        "id public_id version organisation_id recorded_by_id case_id codes_version",
        Part("name", C.S3, F.PERSON_NAME, key=K.ORGANISATION),
        Part("phone", C.S3, F.CONTACT_PHONE_EMAIL, key=K.ORGANISATION),
        Part("phone_index", C.K, about=About.NOBODY),
        Part("wish offered_instead", C.S3, F.NOTE_CASE, key=K.ORGANISATION),
        Part("child_count child_bands", C.S2, F.CHILD_COUNT_BAND),
        Part("region", C.S2, F.ADDR_AREA),
        Part(
            "received_at channel asker violence_forms conclusions reject_reasons call_back_on called_back_at"
            " recorded_at",
            C.S2,
            F.NOTE_CASE,
        ),
    ),
    Table(
        "case_import",
        R.SHORT_LIVED,
        About.NOBODY,
        "id public_id version organisation_id made_by_id membership_id ends_at row_count fields with_alike attempt_id"
        " lease_until new_count alike_count here_count differs_count wrong_count done_count",
        Part("content findings", C.S3, F.PERSON_NAME, F.CONTACT_PHONE_EMAIL, F.NOTE_CASE, key=K.ORGANISATION),
        Part("state made_at finished_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "import_layout",
        R.IN_USE,
        About.NOBODY,
        "id public_id organisation_id",
        Part("fields", C.S2, F.USER_MEMBERSHIP, key=K.ORGANISATION),
    ),
    Table(
        "import_key",
        R.JOURNAL,
        About.CLIENT,
        "id public_id organisation_id case_id",
        Part("own_number", C.S3, F.CASE_EXISTS, key=K.CASE),
        Part("fingerprints", C.S2, F.CASE_EXISTS, key=K.CASE),
        Part("number_index", C.K, about=About.NOBODY),
    ),
    Table(
        "outside_contact",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id author_id organisation_id codes_version",
        Part("party_name text", C.S3, F.NOTE_CASE, key=K.CASE),
        Part("happened_at written_at direction channel party themes basis minutes", C.S2, F.NOTE_CASE),
    ),
    Table(
        "activity",
        R.IN_USE,
        About.NOBODY,
        "id public_id version organisation_id responsible_id registered_at cancelled_at",
        Part("kind title guests child_bands starts_at ends_at named others", C.S1, F.CALENDAR_ENTRY),
    ),
    Table(
        "activity_attendance",
        R.JOURNAL,
        About.CLIENT,
        "activity_id case_id set_by_id",
        Part("set_at", C.S2, F.CALENDAR_ENTRY),
    ),
)
