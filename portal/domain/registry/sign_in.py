"""Columns of how people prove who they are."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "factor",
        R.IN_USE,
        About.USER,
        "id public_id user_id",
        Part("name", C.S3, F.USER_MEMBERSHIP, key=K.SUBJECT),
        # Sealed because the app's secret must be read again; shown once, when it is set up.
        Part("secret", C.S3, F.USER_MEMBERSHIP, key=K.SUBJECT, about=About.NOBODY),
        Part("last_step credential_id public_key sign_count", C.K, about=About.NOBODY),
        Part("kind transports created_at confirmed_at last_used_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table(
        "recovery_code",
        R.IN_USE,
        About.NOBODY,
        "id user_id created_at used_at",
        Part("locator code_hash", C.K),
    ),
    Table(
        "half_sign_in",
        R.SHORT_LIVED,
        About.NOBODY,
        "user_id tries created_at ends_at",
        Part("token_hash email_index", C.K),
    ),
    Table("passkey_challenge", R.SHORT_LIVED, About.NOBODY, "ceremony user_id ends_at", Part("challenge", C.K)),
    Table(
        "account_code",
        R.SECURITY_LOG,
        About.USER,
        "id public_id organisation_id user_id created_by_id confirmed_by_id",
        Part("name email", C.S3, F.USER_MEMBERSHIP, key=K.ORGANISATION),
        Part("email_index code_index", C.K, about=About.NOBODY),
        Part("purpose role language created_at ends_at used_at withdrawn_at", C.S2, F.USER_MEMBERSHIP),
    ),
    Table("code_wish", R.SECURITY_LOG, About.NOBODY, "asked_at told_at", Part("email_index", C.K)),
    Table(
        "known_device",
        R.SECURITY_LOG,
        About.USER,
        "user_id",
        Part("token_hash", C.K, about=About.NOBODY),
        Part("seen_at", C.S2, F.USER_MEMBERSHIP),
    ),
)
