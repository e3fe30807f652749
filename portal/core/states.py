"""The states that things can be in, one vocabulary per thing (state machines: `domain/<area>.py`). Stored by value."""

from enum import StrEnum


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class RequestState(StrEnum):
    """One programme's answer to one referral."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    IN_VISITATION = "in_visitation"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REDIRECTED = "redirected"


class EnrolmentState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    TRANSFERRED = "transferred"
    NEVER_STARTED = "never_started"


class CounsellingState(StrEnum):
    """The statutory offer of coordinating counselling."""

    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LATER = "later"
    NO_ANSWER = "no_answer"
    STARTED = "started"
    ENDED = "ended"


class RoundState(StrEnum):
    PLANNED = "planned"
    ENROLLING = "enrolling"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    NOT_MET = "not_met"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class UnitState(StrEnum):
    VACANT_NOT_READY = "vacant_not_ready"
    VACANT_READY = "vacant_ready"
    ACCEPTING = "accepting"
    HELD = "held"
    OCCUPIED = "occupied"
    NOTICE_GIVEN = "notice_given"
    OUT_OF_SERVICE = "out_of_service"


class TenancyState(StrEnum):
    RESERVED = "reserved"
    ACTIVE = "active"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENDED = "extended"
    NOTICE = "notice"
    MOVED_OUT = "moved_out"
    NOT_TAKEN = "not_taken"


class TaskState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    FULL = "full"
    CONFIRMED = "confirmed"
    REPORTED = "reported"
    VERIFIED = "verified"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ClaimState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DONE = "done"
    RELEASED = "released"
    WITHDRAWN_BY_STAFF = "withdrawn_by_staff"


class FurnishingState(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    SCOPING = "scoping"
    DESIGNED = "designed"
    SOURCING = "sourcing"
    SCHEDULED = "scheduled"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    WISHED = "wished"
    NEEDED = "needed"
    RESERVED = "reserved"
    IN_STOCK = "in_stock"
    DELIVERED = "delivered"
    DROPPED = "dropped"


class GrantState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    SCREENING = "screening"
    ASSESSED = "assessed"
    APPROVED = "approved"
    DECLINED = "declined"
    PAYMENT_ORDERED = "payment_ordered"
    PAID = "paid"
    RECEIPTED = "receipted"
    WITHDRAWN = "withdrawn"


class FollowUpState(StrEnum):
    PLANNED = "planned"
    DUE = "due"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    SKIPPED_UNSAFE = "skipped_unsafe"
    DIED = "died"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class WishState(StrEnum):
    """Of a wish that somebody else answers."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


class DeadlineState(StrEnum):
    OPEN = "open"
    # On nobody's list while something stands over the case; it comes back with that.
    RESTS = "rests"
    DONE = "done"
    CANCELLED = "cancelled"
