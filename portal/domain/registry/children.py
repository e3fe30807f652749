"""Columns about her children and the notices of concern for them."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "child",
        R.JOURNAL,
        About.CHILD,
        "id public_id version client_id",
        Part("name birth_date needs", C.S3, F.CHILD_IDENTITY, key=K.SUBJECT),
        Part("custody", C.S3, F.CHILD_CUSTODY, key=K.SUBJECT),
        # How the child sees the other parent, as others judge it: in nothing that a parent is given.
        Part("contact contact_text", C.S3, F.CHILD_CUSTODY, key=K.SUBJECT, about=About.CLIENT),
        Part("birth_year is_along", C.S2, F.CHILD_COUNT_BAND, F.CHILD_IDENTITY),
        Part("language needs_interpreter last_spoken_on", C.S2, F.CHILD_IDENTITY),
    ),
    Table(
        "child_period",
        R.JOURNAL,
        About.CHILD,
        "id public_id version child_id",
        Part("kind period", C.S2, F.CHILD_IDENTITY),
    ),
    Table(
        "child_setting",
        R.JOURNAL,
        About.CHILD,
        "id public_id version child_id told_by_id assessed_by_id",
        Part("place", C.S4_LOCATION, F.ADDR_EXACT, key=K.LOCATION, retention=R.PLACES),
        Part("may_collect may_say assessment", C.S3, F.CHILD_CUSTODY, key=K.SUBJECT, about=About.CLIENT),
        Part("kind told_on assessed_on", C.S2, F.CHILD_IDENTITY, about=About.CLIENT),
    ),
    Table(
        "former_child_place",
        R.PLACES,
        About.CHILD,
        "id public_id child_id",
        Part("place", C.S4_LOCATION, F.ADDR_EXACT, key=K.LOCATION),
        Part("kind replaced_at", C.S2, F.ADDR_EXACT, about=About.CLIENT),
    ),
    Table(
        "child_step",
        R.JOURNAL,
        About.CHILD,
        "id public_id child_id noted_by_id",
        Part("step done_on", C.S2, F.CHILD_IDENTITY),
    ),
    Table(
        "child_consent",
        R.JOURNAL,
        About.CHILD,
        "id public_id child_id recorded_by_id",
        Part("question is_yes given_by given_on", C.S2, F.CHILD_IDENTITY),
    ),
    Table(
        "note_child",
        R.JOURNAL,
        About.CHILD,
        "note_id child_id",
        Part("was_spoken_with", C.S2, F.CHILD_IDENTITY, about=About.CLIENT),
    ),
    Table("meeting_child", R.JOURNAL, About.CHILD, "meeting_id child_id"),
    Table(
        "concern_notice",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id child_id author_id organisation_id released_by_id",
        Part("text", C.S3, F.CHILD_IDENTITY, key=K.CASE),
        Part(
            "state duty drafted_at violence_suspected is_kept_back released_at sent_on sent_how municipality_code "
            "receipt_due_on receipted_on",
            C.S2,
            F.CHILD_IDENTITY,
        ),
    ),
)
