"""The gate on everything that goes to her: nothing leaves but as she has said that it is safe (R-767). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from portal.core.clock import is_weekday, local_date, local_time
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import ContactChannel, MayAnswer, PlaceKind
from portal.core.safe_contact import Barred, Means
from portal.domain.deadlines import ClockKey, due_on

NO_DAYS, WEEKDAYS, ANY_DAY = "none", "weekdays", "any"
# What each answer of hers lets through. A video talk needs a link, which goes by mail or is told on the telephone.
LETS: Mapping[ContactChannel, frozenset[Means]] = {
    ContactChannel.PHONE: frozenset({Means.CALL, Means.VIDEO}),
    ContactChannel.SMS: frozenset({Means.SMS}),
    ContactChannel.EMAIL: frozenset({Means.EMAIL, Means.CALENDAR, Means.VIDEO}),
    ContactChannel.LETTER: frozenset({Means.LETTER}),
    ContactChannel.ONLY_CONTACT_PERSON: frozenset(),
}
# A letter comes when it comes: it keeps to no hours.
AT_ANY_HOUR = frozenset({Means.LETTER})
# What somebody else can read on a telephone or in a mail box that is shared.
READABLE = frozenset({Means.SMS, Means.EMAIL, Means.CALENDAR})
# A meeting that is a call to her. At all other places she comes, or is visited as she has agreed.
CALLS: Mapping[PlaceKind, Means] = {PlaceKind.PHONE: Means.CALL, PlaceKind.VIDEO: Means.VIDEO}
# Beside which field of the meeting the refusal stands.
FIELDS: Mapping[Barred, str] = {Barred.DAY: "day", Barred.HOUR: "starts"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way that she has allowed: on which days, from which hour to which, the end not included (R-800)."""

    channel: ContactChannel
    days: str = ANY_DAY
    from_hour: int | None = None
    to_hour: int | None = None
    may_answer: MayAnswer = MayAnswer.HERSELF
    may_leave_voicemail: bool = False
    may_say_who_calls: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What she has said: each way that she has allowed, and what holds for all of them. No way at all: not for now."""

    ways: tuple[Way, ...]
    is_device_shared: bool
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """Something that is to go to her: by what, when, and what it would give away."""

    means: Means
    starts_at: datetime
    # When a call ends; a message is there in a moment.
    ends_at: datetime | None = None
    leaves_voicemail: bool = False
    says_who: bool = False
    has_content: bool = False


class Unsafe(Invalid):
    """What was to go to her does not: it stands on the work list instead, with the reason (R-767)."""

    def __init__(self, why: Barred, *, case_id: int) -> None:
        super().__init__(
            _("This is not how she has said that she can be reached. Ask her, and write a new card of safe contact."),
            field=FIELDS.get(why, "place_kind"),
        )
        self.why = why
        self.case_id = case_id


def barred(card: Card | None, leaving: Leaving, *, now: datetime) -> Barred | None:
    """Why this does not go to her; None when it may (R-767). What she has not said is a no."""
    if card is None:
        return Barred.NO_CARD
    if not card.ways:
        return Barred.NONE_FOR_NOW
    if any(way.channel is ContactChannel.ONLY_CONTACT_PERSON for way in card.ways):
        return Barred.ONLY_THROUGH
    if is_stale(card.verified_at, now=now):
        return Barred.OUT_OF_DATE
    # A link to a video talk may go by either of two ways: one of them is enough, whole.
    ways = [way for way in card.ways if leaving.means in LETS[way.channel]]
    whys = [_at_the_time(way, leaving) or _gives_away(card, way, leaving) for way in ways] or [Barred.MEANS]
    return None if None in whys else whys[0]


def is_stale(verified_at: datetime, *, now: datetime) -> bool:
    """Whether she must be asked again (R-106)."""
    return local_date(now) >= due_on(ClockKey.SAFE_CONTACT_CHECK, local_date(verified_at))


def check_ways(ways: Sequence[Way]) -> None:
    """Raise Invalid for ways that do not go together, or hours that end before they begin; the field is named (R-800).

    "Only through the contact person" is an answer of its own: beside another way it would not be true.
    """
    channels = [way.channel for way in ways]
    if ContactChannel.ONLY_CONTACT_PERSON in channels and len(channels) > 1:
        raise Invalid(
            _("Only through the contact person means that no other way is safe. Choose it alone, or the other ways."),
            field="ways",
        )
    if len(set(channels)) < len(channels):
        raise Invalid(_("Each way is written once."), field="ways")
    for way in ways:
        if (way.from_hour is None) != (way.to_hour is None) or (way.from_hour or 0) >= (way.to_hour or 24):
            raise Invalid(
                _("The end must come after the beginning. Write both, or leave both empty."),
                field=f"{way.channel.value}_to_hour",
            )


def _at_the_time(way: Way, leaving: Leaving) -> Barred | None:
    if leaving.means in AT_ANY_HOUR:
        return None
    starts, ends = leaving.starts_at, leaving.ends_at or leaving.starts_at
    day, last = local_date(starts), local_date(ends)
    if way.days == WEEKDAYS and not (is_weekday(day) and is_weekday(last)):
        return Barred.DAY
    if way.from_hour is None or way.to_hour is None:
        return None
    # Up to the full hour, and over midnight never.
    begins_in_time = way.from_hour <= local_time(starts).hour < way.to_hour
    ends_in_time = day == last and _minutes(local_time(ends)) <= way.to_hour * 60
    return None if begins_in_time and ends_in_time else Barred.HOUR


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute + (1 if at.second or at.microsecond else 0)


def _gives_away(card: Card, way: Way, leaving: Leaving) -> Barred | None:
    if leaving.leaves_voicemail and not way.may_leave_voicemail:
        return Barred.VOICEMAIL
    if leaving.says_who and not way.may_say_who_calls:
        return Barred.SAYS_WHO
    if leaving.has_content and card.is_device_shared and leaving.means in READABLE:
        return Barred.READ_ALONG
    return None
