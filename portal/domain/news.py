"""What is told on somebody's day of what others did in her cases: which acts, and what must be open to her (R-791)."""

from collections.abc import Mapping

from portal.core.audit_tags import Audit
from portal.domain.disclosure import FieldGroup as F

# Nothing about who is kept out, who is apart, who looked, and what is only asked for.
TOLD: Mapping[Audit, F] = {
    Audit.NOTE_WRITTEN: F.NOTE_CASE,
    Audit.CONTACT_LOGGED: F.NOTE_CASE,
    Audit.VIOLENCE_RECORDED: F.RISK_NARRATIVE_PERPETRATOR,
    Audit.SAFETY_ASSESSED: F.RISK_LEVEL,
    Audit.SAFETY_PLAN_WRITTEN: F.RISK_NARRATIVE_PERPETRATOR,
    Audit.SAFE_CONTACT_SET: F.CONTACT_SAFE_RULES,
    Audit.MEETING_PLANNED: F.CALENDAR_ENTRY,
    Audit.MEETING_MOVED: F.CALENDAR_ENTRY,
    Audit.MEETING_CANCELLED: F.CALENDAR_ENTRY,
    Audit.MEETING_HELD: F.CALENDAR_ENTRY,
    Audit.MEETING_NOT_MET: F.CALENDAR_ENTRY,
    Audit.CHILD_ADDED: F.CHILD_IDENTITY,
    Audit.CHILD_CHANGED: F.CHILD_IDENTITY,
    Audit.DOCUMENT_ADDED: F.DOCUMENT_FILE,
    Audit.GOAL_SET: F.NOTE_CASE,
    Audit.GOAL_REACHED: F.NOTE_CASE,
    Audit.STAY_RECORDED: F.CTI_PHASE_CONTACTS,
    Audit.STAY_ENDED: F.CTI_PHASE_CONTACTS,
    Audit.REQUEST_ACCEPTED: F.ENROL_TRACK_STATE,
    Audit.REQUEST_DECLINED: F.ENROL_TRACK_STATE,
    Audit.REQUEST_WAITLISTED: F.ENROL_TRACK_STATE,
    Audit.REQUEST_OFFERED: F.ENROL_TRACK_STATE,
    Audit.ENROLMENT_STARTED: F.ENROL_TRACK_STATE,
    Audit.ENROLMENT_PAUSED: F.ENROL_TRACK_STATE,
    Audit.ENROLMENT_ENDED: F.ENROL_TRACK_STATE,
    Audit.ENROLMENT_COMPLETED: F.ENROL_TRACK_STATE,
}
