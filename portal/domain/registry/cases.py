"""Columns of the case: its team, notes, consents and stays."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "client_case",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version client_id owner_organisation_id opened_by_id erased_at",
        Part("reference lead_reference", C.S2, F.CASE_REF),
        Part("state opened_at closed_at", C.S2, F.CASE_EXISTS),
        Part("responsible_municipality_code paying_municipality_code", C.S2, F.ADDR_AREA),
        Part("planned_move_on moved_on", C.S2, F.CTI_PHASE_CONTACTS),
    ),
    Table(
        "municipality_period",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id corrects_id recorded_by_id",
        Part("duty municipality_code from_on reason recorded_at", C.S2, F.ADDR_AREA),
    ),
    Table(
        "standing_mark",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id set_by_id lifted_by_id",
        Part("kind since_on source set_at lifted_at", C.S2, F.CONTACT_SAFE_RULES),
        Part("note lift_reason", C.S3, F.NOTE_CASE, key=K.CASE),
    ),
    Table("reference_counter", R.IN_USE, About.NOBODY, "year last"),
    Table(
        "team_member",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id user_id membership_id organisation_id absence_id",
        Part("is_primary scope joined_at ended_at", C.S2, F.AUDIT_CASE_ACCESS),
    ),
    Table(
        "note",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id enrolment_id counselling_id meeting_id author_id organisation_id corrects_id",
        Part("text", C.S3, F.NOTE_CASE, F.NOTE_TRACK, key=K.CASE),
        Part("happened_at written_at mode talk result minutes themes took_part", C.S2, F.NOTE_CASE, F.NOTE_TRACK),
        Part("is_day_only readers is_withdrawal aside is_moved_in", C.S2, F.NOTE_CASE, F.NOTE_TRACK),
    ),
    Table(
        "note_pin",
        R.JOURNAL,
        About.CLIENT,
        "note_id pinned_by_id",
        Part("pinned_at", C.S2, F.NOTE_CASE, F.NOTE_TRACK),
    ),
    Table(
        "note_misplacement",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id note_id target_case_id asked_by_id decided_by_id",
        Part("held remark answer", C.S3, F.NOTE_CASE, F.NOTE_TRACK, key=K.CASE),
        Part("state reason asked_at decided_at length", C.S2, F.NOTE_CASE, F.NOTE_TRACK),
    ),
    Table(
        "consent",
        R.CONSENT,
        About.CLIENT,
        "id public_id case_id recipient_organisation_id recorded_by_id",
        Part("purpose scope form given_on expires_on withdrawn_at", C.S2, F.CONSENT_RECORD),
    ),
    Table(
        "stay",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id decided_by_id previous_stay_id codes_version",
        # At which centre she stayed tells where she was.
        Part("organisation_id", C.S2, F.ADDR_EXACT),
        Part("admitted_on discharged_on previous_stay_ever destination link_reason", C.S2, F.CASE_EXISTS),
        Part("admission_reasons delay_reason main_activity permit is_reported counselling", C.S2, F.CHILD_IDENTITY),
    ),
    Table(
        "stay_correction",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id stay_id corrected_by_id",
        Part("original reason", C.S3, F.CHILD_IDENTITY, key=K.CASE),
        Part("corrected_at", C.S2, F.CHILD_IDENTITY),
    ),
    Table(
        "leaving_bridge",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id",
        Part("receiver civil_reason", C.S3, F.CTI_PHASE_CONTACTS, key=K.CASE),
        Part("received_on first_contact_on address_checked_on grant_answer", C.S2, F.CTI_PHASE_CONTACTS),
        Part("civil_offer psychologist_offer", C.S2, F.CTI_PHASE_CONTACTS),
    ),
    Table(
        "statutory_notice",
        R.JOURNAL,
        About.CLIENT,
        "id public_id case_id stay_id",
        Part("kind due_on sent_on is_anonymous told_on", C.S2, F.CASE_EXISTS),
    ),
)
