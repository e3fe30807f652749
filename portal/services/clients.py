"""Changes to what is known about her: who she is, and how to reach her safely."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.identity import IdentityProblem, check_birth_year, check_cpr, check_phone
from portal.core.kinds import ContactChannel, MayAnswer
from portal.core.text import check_name
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.decisions import COMPARED_FIELDS
from portal.domain.safe_contact import ANY_DAY, NO_DAYS, Way, check_ways, is_stale
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.clients import SafeContactCard, SafeContactWay
from portal.queries import case_parts, person_facts
from portal.services import case_marks, comparing, safe_contact
from portal.services.client_indexes import write_indexes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who she is, as far as it is known. Everything may be empty."""

    name: str | None = None
    birth_year: int | None = None
    cpr: str | None = None
    phone: str | None = None
    language: str | None = None
    needs_interpreter: bool = False
    needs_accessible: bool = False


def set_identity(
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    identity: Identity,
    allow_invented_cpr: bool = False,
    version: int | None = None,
) -> None:
    """Set who she is, as known now; everything may be empty (R-105).

    The history names the changed fields, not the values. An empty CPR number leaves the stored one as it is. Raises
    Invalid (field named), Stale, NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.client.version)
    write_identity(case, identity, actor=actor, now=now, allow_invented_cpr=allow_invented_cpr)


def write_identity(
    case: Case,
    identity: Identity,
    *,
    actor: Actor,
    now: datetime,
    allow_invented_cpr: bool = False,
    tag: Audit = Audit.CASE_CHANGED,
) -> None:
    """Write who she is and which fields changed. Assumes that the caller may do so. Raises Invalid (field named).

    What a file brings is not counted with what is typed: it has a limit of its own (R-718).
    """
    client, today = case.client, local_date(now)
    name, phone = _checked("name", check_name, identity.name), _checked("phone", check_phone, identity.phone)
    wanted: dict[str, object] = {
        "name": name,
        "birth_year": _checked("birth_year", partial(check_birth_year, on=today), identity.birth_year),
        "phone": phone,
        "language": identity.language or None,
        "needs_interpreter": identity.needs_interpreter,
        "needs_accessible": identity.needs_accessible,
    }
    if identity.cpr:
        wanted["cpr_number"] = _checked_cpr(identity.cpr, actor=actor, now=now, allow_invented=allow_invented_cpr)
    changed = sorted(field for field, value in wanted.items() if getattr(client, field) != value)
    if not changed:
        return
    for column, field in COMPARED_FIELDS.items():
        if column in changed and wanted[column] and tag is not Audit.CASE_IMPORTED:
            comparing.check_pace(actor=actor, now=now, field=field)
    for field in changed:
        setattr(client, field, wanted[field])
    write_indexes(client, case.owner_organisation_id)
    case_marks.record(tag, case, actor=actor, now=now, fields=changed)
    db.session.flush()


def _checked(field: str, check: Callable[[T], T], value: T | None) -> T | None:
    if not value:
        return None
    try:
        return check(value)
    except ValueError as problem:
        raise Invalid(str(problem), field=field) from problem


def _checked_cpr(cpr: str, *, actor: Actor, now: datetime, allow_invented: bool) -> str | None:
    """Only where the organisation may keep CPR numbers (R-605)."""
    if not case_parts.may_hold_cpr(actor):
        raise Invalid(_("Your organisation may not keep CPR numbers. Leave the field empty."), field="cpr")
    return _checked("cpr", lambda text: check_cpr(text, allow_invented=allow_invented, on=local_date(now)), cpr)


def set_safe_contact(
    case: Case,
    *,
    channel: ContactChannel,
    actor: Actor,
    now: datetime,
    days: str = ANY_DAY,
    from_hour: int | None = None,
    to_hour: int | None = None,
    may_answer: MayAnswer = MayAnswer.HERSELF,
    may_leave_voicemail: bool = False,
    may_say_who_calls: bool = False,
    **general: Any,
) -> SafeContactCard:
    """Write a new card that allows this one way, or with the days "none" not one: see `set_ways`, also for the rest."""
    way = Way(channel, days, from_hour, to_hour, may_answer, may_leave_voicemail, may_say_who_calls)
    return set_ways(case, () if days == NO_DAYS else (way,), actor=actor, now=now, **general)


def set_ways(
    case: Case,
    ways: Sequence[Way],
    *,
    actor: Actor,
    now: datetime,
    is_device_shared: bool = False,
    code_word: str | None = None,
    note: str | None = None,
    version: int | None = None,
) -> SafeContactCard:
    """Write a new card of how she may be reached; the old one stays behind it. Asked again after 30 days (R-106).

    `ways`: those that she has allowed, each as she has said; none means not at all for now (R-800). `version` is how
    many cards the page knew of. Raises Invalid (field named), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    _check_newest_card(case, version)
    check_ways(ways)
    card = SafeContactCard(client_id=case.client_id, verified_at=now, verified_by_id=actor.user_id)
    card.is_device_shared, card.code_word, card.note = is_device_shared, code_word or None, note or None
    db.session.add(card)
    db.session.flush()
    db.session.add_all(SafeContactWay(card_id=card.id, verified_at=now, **asdict(way)) for way in ways)
    case_marks.put_up(
        DeadlineKind.SAFE_CONTACT_CHECK,
        case,
        due_on=due_on(ClockKey.SAFE_CONTACT_CHECK, local_date(now)),
        actor=actor,
        now=now,
    )
    case_marks.record(Audit.SAFE_CONTACT_SET, case, actor=actor, now=now)
    db.session.flush()
    safe_contact.look_again(case, actor=actor, now=now)
    return card


def confirm_card(case: Case, *, was_reached: bool, actor: Actor, now: datetime) -> bool:
    """She says that she may still be reached as before: her newest card is written anew with today's day (R-801).

    Returns whether it was. One that is not too old is left as it is: somebody has asked her meanwhile. Raises Invalid
    when nobody has spoken with her.
    """
    known = person_facts.find_card(actor, case)
    if known is None or not is_stale(known.verified_at, now=now):
        return False
    if not was_reached:
        raise Invalid(_("Only she can say so, and she was not reached. Take the tick away."), field="still_safe")
    general: dict[str, Any] = {
        "is_device_shared": known.is_device_shared,
        "code_word": known.code_word,
        "note": known.note,
    }
    set_ways(case, known.ways, actor=actor, now=now, **general)
    return True


def _check_newest_card(case: Case, version: int | None) -> None:
    if version is not None:
        # Two cards at once would both be the third one: the second waits here, and counts the first.
        db.session.refresh(case.client, ["version"], with_for_update=True)
        check_version(version, case_parts.count_cards(case))


def keep_phone(case: Case, text: str, *, actor: Actor, now: datetime) -> None:
    """Keep a telephone number that stood in a text, where it is one (R-385). Raises Invalid after too many (R-610)."""
    try:
        number = check_phone(text)
    except IdentityProblem:
        return
    comparing.check_pace(actor=actor, now=now, field="text")
    case.client.phone = number
    write_indexes(case.client, case.owner_organisation_id)
    case_marks.record(Audit.CASE_CHANGED, case, actor=actor, now=now, fields=["phone"])
