"""Columns of those who sign in, of organisations and of what they offer."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "user_account",
        R.IN_USE,
        About.USER,
        "id public_id",
        Part("name", C.S3, F.USER_MEMBERSHIP, F.VOLUNTEER_PROFILE, key=K.SUBJECT),
        Part("email", C.S3, F.USER_MEMBERSHIP, key=K.SUBJECT),
        Part("email_index person_index password_hash", C.K, about=About.NOBODY),
        Part("language is_active created_at signed_in_at signed_in_before_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "membership",
        R.IN_USE,
        About.USER,
        "id public_id user_id organisation_id",
        Part(
            "role given_at ended_at attested_at suspended_at suspended_for woken_at",
            C.S2,
            F.USER_MEMBERSHIP,
        ),
    ),
    Table(
        "user_session",
        R.SECURITY_LOG,
        About.USER,
        "public_id user_id membership_id",
        Part("token_hash", C.K, about=About.NOBODY),
        Part("created_at seen_at ends_at revoked_at stepped_up_at proof browser", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "organisation",
        R.IN_USE,
        About.NOBODY,
        "id public_id",
        Part("name kind region municipality_code may_hold_cpr is_active is_frozen", C.S1, F.STATS_RELEASED),
    ),
    Table("municipality", R.IN_USE, About.NOBODY, "", Part("code name region", C.S0, F.STATS_RELEASED)),
    Table(
        "programme",
        R.IN_USE,
        About.NOBODY,
        "id public_id owner_id",
        Part("key name_da name_en provider kind summary_da summary_en rules retired_on", C.S0, F.STATS_RELEASED),
    ),
    Table(
        "programme_version",
        R.IN_USE,
        About.NOBODY,
        "id public_id version programme_id created_by_id edited_by_id published_by_id",
        Part(
            "number state valid_from content created_at edited_at published_at",
            C.S1,
            F.STATS_RELEASED,
        ),
    ),
    Table(
        "offer",
        R.IN_USE,
        About.NOBODY,
        "id public_id version programme_id organisation_id",
        Part("capacity is_accepting", C.S1, F.STATS_RELEASED),
    ),
    Table(
        "place",
        R.IN_USE,
        About.NOBODY,
        "id public_id version organisation_id offer_id told_by_id",
        Part(
            "rooms free_on most_children oldest_child is_accessible languages duty_phone told_at",
            C.S1,
            F.STATS_RELEASED,
        ),
    ),
    Table("place_opening", R.IN_USE, About.NOBODY, "id organisation_id offer_id opened_at closed_at"),
    Table("place_standard", R.IN_USE, About.USER, "id user_id", Part("wanted", C.S1, F.STATS_RELEASED)),
    Table(
        "place_watch",
        R.SHORT_LIVED,
        About.USER,
        "id public_id user_id",
        Part("wanted set_at ends_on ended_at", C.S1, F.STATS_RELEASED),
    ),
)
