"""Columns about her."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "client",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version index_organisation_id",
        Part("name", C.S3, F.PERSON_NAME, key=K.SUBJECT),
        Part("phone", C.S3, F.CONTACT_PHONE_EMAIL, key=K.SUBJECT),
        Part("cpr_number", C.S4_IDENTITY, F.PERSON_CPR, key=K.SUBJECT),
        Part("address", C.S4_LOCATION, F.ADDR_EXACT, key=K.LOCATION, retention=R.PLACES),
        Part("name_index phone_index cpr_index phone_cross_index cpr_cross_index", C.K, about=About.NOBODY),
        Part("birth_year", C.S3, F.PERSON_AGE_BAND),
        Part("protection_level protection_until", C.S2, F.ADDR_PROTECTION_LEVEL),
        Part("language needs_interpreter needs_accessible", C.S2, F.PERSON_LANGUAGE_NEEDS),
    ),
    Table(
        "safe_contact_card",
        R.JOURNAL,
        About.CLIENT,
        "id public_id client_id verified_by_id",
        Part("code_word note", C.S3, F.CONTACT_SAFE_RULES, key=K.SUBJECT),
        Part("is_device_shared verified_at", C.S2, F.CONTACT_SAFE_RULES),
    ),
    Table(
        "safe_contact_way",
        R.JOURNAL,
        About.CLIENT,
        "card_id",
        Part(
            "channel days from_hour to_hour may_answer may_leave_voicemail may_say_who_calls verified_at",
            C.S2,
            F.CONTACT_SAFE_RULES,
        ),
    ),
)
