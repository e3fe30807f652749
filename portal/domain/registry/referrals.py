"""Columns of referrals and of each programme's answer."""

from portal.core.protection import DataSubject as About
from portal.core.protection import FieldClass as C
from portal.core.protection import KeyKind as K
from portal.core.protection import Retention as R
from portal.domain.disclosure import FieldGroup as F
from portal.domain.registry.entry import Part, Table

TABLES = (
    Table(
        "referral",
        R.JOURNAL,
        About.CLIENT,
        "id public_id version case_id referrer_id organisation_id",
        Part("own_words stale_safety_reason", C.S3, F.REFERRAL_CONTENT, key=K.CASE),
        Part("needs planned_move_on source", C.S2, F.REFERRAL_CONTENT),
        Part("reference created_at edited_at sent_at step may_see_progress", C.S2, F.REFERRAL_STATUS),
    ),
    Table(
        "track_request",
        R.REFERRAL_NOT_ACCEPTED,
        About.CLIENT,
        "id public_id version referral_id case_id offer_id programme_version_id organisation_id "
        "alternative_offer_id meanwhile_offer_id holder_id held_until decided_by_id given_to_id",
        Part("answers info_wanted info_given info_before", C.S3, F.REFERRAL_CONTENT, key=K.CASE),
        Part("decline_text alternative_text meanwhile_text", C.S3, F.REFERRAL_STATUS, key=K.CASE),
        Part("criteria steps her_answer", C.S2, F.REFERRAL_CONTENT),
        Part(
            "state sent_at answer_due_on paused_days_left offered_at offer_expires_on waiting_since decided_at "
            "decline_reason withdraw_reason cool_down_until clock_round given_until priority_reason wait_reason",
            C.S2,
            F.REFERRAL_STATUS,
        ),
    ),
    Table(
        "request_event",
        R.REFERRAL_NOT_ACCEPTED,
        About.CLIENT,
        "id request_id actor_id",
        Part("from_state to_state at reason", C.S2, F.REFERRAL_STATUS),
    ),
    Table(
        "request_rung",
        R.REFERRAL_NOT_ACCEPTED,
        About.CLIENT,
        "id request_id owner_id",
        Part("clock_round rung fired_at", C.S2, F.REFERRAL_STATUS),
    ),
    Table(
        "waiting_mark",
        R.REFERRAL_NOT_ACCEPTED,
        About.CLIENT,
        "id public_id request_id case_id made_by_id",
        Part("text", C.S3, F.REFERRAL_CONTENT, key=K.CASE),
        Part("kind reason made_at", C.S2, F.REFERRAL_STATUS),
    ),
    Table(
        "decline_rule",
        R.IN_USE,
        About.NOBODY,
        "id organisation_id",
        Part("reason cool_down_days is_active", C.S1, F.STATS_RELEASED),
    ),
)
