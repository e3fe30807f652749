"""Kinds of things, as the field names them. Stored by value; the words for people are in `domain/labels.py`."""

from enum import StrEnum


class TrackKind(StrEnum):
    """A kind of course: one file in `domain/tracks/` each."""

    INDIVIDUAL_COUNSELLING = "individual_counselling"
    GROUP = "group"
    HOUSING = "housing"
    TRANSITION_SUPPORT = "transition_support"
    CTI = "cti"
    COORDINATING_COUNSELLING = "coordinating_counselling"
    ENTITLEMENT = "entitlement"
    VOLUNTEER_NETWORK = "volunteer_network"
    FURNISHING = "furnishing"
    GRANT = "grant"
    COURSE = "course"


class TeamScope(StrEnum):
    """How much of a case a team member works with."""

    FULL = "full"
    MUNICIPAL = "municipal"


class NeedArea(StrEnum):
    """What she may need help with: the law's areas and the four that civil society meets."""

    HOUSING = "housing"
    FINANCES = "finances"
    WORK = "work"
    SCHOOL = "school"
    DAYCARE = "daycare"
    HEALTH = "health"
    NETWORK = "network"
    TREATMENT = "treatment"
    SAFETY = "safety"
    PRACTICAL = "practical"


class MunicipalityDuty(StrEnum):
    """What a municipality is to a case."""

    RESPONSIBLE = "responsible"
    PAYING = "paying"


class MunicipalityReason(StrEnum):
    """Why a municipality is responsible, or pays, from a day on."""

    FIRST = "first"
    MOVED = "moved"
    AGREED = "agreed"
    DECISION = "decision"
    PAYER_DIFFERS = "payer_differs"


class SafetyLevel(StrEnum):
    ORDINARY = "ordinary"
    RAISED = "raised"
    HIGH = "high"


class ContactChannel(StrEnum):
    SMS = "sms"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    ONLY_CONTACT_PERSON = "only_contact_person"


class MayAnswer(StrEnum):
    """Who may answer when somebody calls her: with anybody else, one rings off."""

    HERSELF = "herself"
    NAMED = "named"
    ANYBODY = "anybody"


class ConsentPurpose(StrEnum):
    REFERRAL = "referral"
    PROGRESS_BACK = "progress_back"
    FOLLOW_UP = "follow_up"
    STATISTICS = "statistics"


class ConsentForm(StrEnum):
    WRITTEN = "written"
    ORAL = "oral"


class ReferralSource(StrEnum):
    SHELTER = "shelter"
    MUNICIPALITY = "municipality"
    SELF = "self"
    RELATIVE = "relative"


class CriterionAnswer(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class HerAnswer(StrEnum):
    NOT_ASKED = "not_asked"
    YES = "yes"
    NO = "no"
    THINKING = "thinking"


class DeclineReason(StrEnum):
    CRITERIA = "criteria"
    CAPACITY = "capacity"
    OTHER_HELP_FITS = "other_help_fits"
    SAFETY = "safety"
    HER_WISH = "her_wish"
    NOT_REACHED = "not_reached"


class DeclineFamily(StrEnum):
    """On whose side the reason for a no lies."""

    SERVICE = "service"
    HERS = "hers"
    REFERRAL = "referral"


class WaitingOrder(StrEnum):
    """By what the waiting list of a programme is ordered."""

    FIRST_COME = "first_come"
    LEAVING_DATE = "leaving_date"
    CHILDREN_FIRST = "children_first"


class MarkKind(StrEnum):
    """What happened to somebody on a waiting list beside the order."""

    TAKEN_BEFORE = "taken_before"
    PASSED = "passed"
    SKIPPED = "skipped"
    STILL_WANTED = "still_wanted"
    PUT_FIRST = "put_first"
    FIRST_ENDED = "first_ended"


class MarkReason(StrEnum):
    """Why somebody was taken before those ahead of her, or left waiting while others were asked."""

    SAFETY = "safety"
    MOVES_SOON = "moves_soon"
    ONLY_SHE_FITS = "only_she_fits"
    ROOM_DOES_NOT_FIT = "room_does_not_fit"
    NOT_REACHED = "not_reached"
    HER_WISH = "her_wish"
    OTHER = "other"


class GivenReason(StrEnum):
    """Why a late referral is given to one person: a code, for no word of hers belongs in it."""

    AWAY = "away"
    TOO_MUCH = "too_much"
    KNOWS_IT = "knows_it"


class WithdrawReason(StrEnum):
    HER_WISH = "her_wish"
    OTHER_HELP = "other_help"
    MOVED_AWAY = "moved_away"
    MISTAKE = "mistake"


class EndReason(StrEnum):
    """Why a course ended. That she has been quiet is never a reason."""

    COMPLETED = "completed"
    HER_WISH = "her_wish"
    MOVED_AWAY = "moved_away"
    BACK_AT_CENTRE = "back_at_centre"
    OTHER_HELP = "other_help"
    SAFETY = "safety"
    DIED = "died"
    OTHER = "other"
    # The place was given by a slip and taken back within minutes; nobody chooses it.
    UNDONE = "undone"


class MeetingKind(StrEnum):
    TALK = "talk"
    HOME_VISIT = "home_visit"
    PHONE = "phone"
    GROUP_SESSION = "group_session"
    INTAKE_TALK = "intake_talk"
    COOPERATION = "cooperation"
    NETWORK_MEETING = "network_meeting"
    ACCOMPANIMENT = "accompaniment"
    ESCORT = "escort"
    PSYCHOLOGIST = "psychologist"
    FURNISHING = "furnishing"
    VOLUNTEER_MEETING = "volunteer_meeting"
    RESIDENTS = "residents"


class PlaceKind(StrEnum):
    """Where, without saying where."""

    OUR_ROOMS = "our_rooms"
    HER_HOME = "her_home"
    PHONE = "phone"
    VIDEO = "video"
    AGREED_PLACE = "agreed_place"


class MeetingCancelReason(StrEnum):
    HER_WISH = "her_wish"
    STAFF_ILL = "staff_ill"
    SAFETY = "safety"
    HOLIDAY = "holiday"
    DIED = "died"
    OTHER = "other"


class ContactResult(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    MESSAGE_LEFT = "message_left"


class ContactMode(StrEnum):
    PHONE = "phone"
    MESSAGE = "message"
    VISIT_HOME = "visit_home"
    VISIT_OTHER = "visit_other"
    WITH_CLIENT_TO_SERVICE = "with_client_to_service"
    PROVIDER_MEETING = "provider_meeting"
    NETWORK_MEETING = "network_meeting"
    CHAT = "chat"


class GrantCategory(StrEnum):
    DEPOSIT = "deposit"
    MOVING = "moving"
    BASIC_FURNITURE = "basic_furniture"
    CLOTHES = "clothes"
    TOYS = "toys"
    OTHER = "other"


class PayeeKind(StrEnum):
    """Who receives the money. Never her own address: a centre or a coordinator stands between."""

    LANDLORD = "landlord"
    SHOP = "shop"
    CENTRE = "centre"
    HER_ACCOUNT = "her_account"


class SubjectType(StrEnum):
    """What an audit line, a message or a deadline is about; with its public id it makes an address."""

    CASE = "case"
    REFERRAL = "referral"
    REQUEST = "request"
    ENROLMENT = "enrolment"
    MEETING = "meeting"
    ROUND = "round"
    UNIT = "unit"
    TENANCY = "tenancy"
    TASK = "task"
    CLAIM = "claim"
    FURNISHING = "furnishing"
    GRANT = "grant"
    FOLLOW_UP = "follow_up"
    COUNSELLING = "counselling"
    NOTICE = "notice"
    USER = "user"
    SESSION = "session"
    PROGRAMME = "programme"
    VOLUNTEER = "volunteer"
    BLOCK = "block"
    WATCH_HIT = "watch_hit"
    BREAK_GLASS = "break_glass"
    ALERT = "alert"
    SAMPLE = "sample"
    RIGHTS_REQUEST = "rights_request"
    INCIDENT = "incident"
    INVITATION = "invitation"
    ENQUIRY = "enquiry"
    ACTIVITY = "activity"
    CASE_IMPORT = "case_import"
    ORGANISATION = "organisation"
    SYSTEM = "system"
