"""Women who stay at a centre now: drafts, referrals that wait, answers that were given, and a few who stay unnamed."""

from datetime import datetime
from functools import partial

from portal.core.courses import ReopenReason
from portal.core.kinds import DeclineReason, EndReason, HerAnswer, MarkReason, WithdrawReason
from portal.demo import courses, referring, women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.stays import Destination
from portal.queries import enrolments as enrolment_queries
from portal.queries import referrals as referral_queries
from portal.queries import requests as request_queries
from portal.services import course_returns, own_approaches, request_endings, waiting

# So many days ago somebody came by herself whose talks ended, and went on.
LEFT_AND_BACK = 75


def tell(stage: Stage, cast: Cast) -> None:
    """Let them come, be referred, and wait."""
    _drafts(stage, cast)
    _waiting(stage, cast)
    _answered(stage, cast)
    _unnamed(stage, cast)
    _own_approach(stage, cast)


def _here(stage: Stage, cast: Cast, admitted: int, planned: int | None, contact: str | None = None) -> Woman:
    woman = cast.next(admitted=admitted, planned=planned, contact=contact)
    women.arrive(stage, woman)
    return woman


def _drafts(stage: Stage, cast: Cast) -> None:
    """Half-written ones, one of which has lain for more than three weeks."""
    for step, age, contact in ((4, 1, "katrine"), (3, 6, "nanna"), (2, 25, "katrine")):
        woman = _here(stage, cast, 30 + age, 35, contact)
        keys = ["cti", "furnishing", "qnet"] if step == 4 else ["hours", f"counselling-{woman.municipality}"]
        referring.refer(stage, woman, keys, sent=age, until_step=step)


def _waiting(stage: Stage, cast: Cast) -> None:
    """Sent and not answered: new ones, one that is nearly due, one that is overdue."""
    for sent, keys, contact in (
        (0, ["cti", "hours"], "katrine"),
        (1, ["transition", "qnet"], "pia"),
        (3, ["cti", "counselling-aarhus"], "tove"),
        (10, ["hours"], "katrine"),
    ):
        woman = _here(stage, cast, sent + 33, 37 - sent, contact)
        referring.refer(stage, woman, keys, sent=sent)
    read = _here(stage, cast, 60, 30, "nanna")
    referring.refer(stage, read, ["cti", "counselling-odense"], sent=4)
    referring.take(stage, read, "cti", on=2)
    asked = _here(stage, cast, 55, 26, "katrine")
    referring.refer(stage, asked, ["transition"], sent=7)
    referring.take(stage, asked, "transition", on=6)
    referring.ask(stage, asked, "transition", "Kan hun trygt få besøg derhjemme?", on=5)


def _answered(stage: Stage, cast: Cast) -> None:
    """Offered, on the list, declined with another way, taken back, closed because nobody answered."""
    thinking = _here(stage, cast, 70, 18, "katrine")
    referring.refer(stage, thinking, ["transition", "qnet"], sent=6)
    referring.take(stage, thinking, "transition", on=5)
    referring.offer(stage, thinking, "transition", on=2, answer=HerAnswer.THINKING)
    referring.admit(stage, thinking, "qnet", sent=6)
    for sent, contact in ((18, "nanna"), (13, "tove")):
        woman = _here(stage, cast, sent + 50, 32, contact)
        referring.refer(stage, woman, ["hours"], sent=sent)
        referring.take(stage, woman, "hours", on=sent - 1)
        referring.wait(stage, woman, "hours", on=sent - 4)
    stage.on(3, partial(_put_first, stage, woman))
    declined = _here(stage, cast, 64, 28, "katrine")
    referring.refer(stage, declined, ["cti"], sent=11)
    referring.take(stage, declined, "cti", on=9)
    text = "Hun har mest brug for en ven og et netværk lige nu."
    referring.decline(stage, declined, "cti", DeclineReason.OTHER_HELP_FITS, text, on=6, instead="qnet")
    full = _here(stage, cast, 90, 22, "pia")
    referring.refer(stage, full, ["furnishing"], sent=30)
    referring.take(stage, full, "furnishing", on=28)
    referring.decline(
        stage, full, "furnishing", DeclineReason.CAPACITY, "Vi har ingen frivillige i området før jul.", on=26
    )
    _taken_back(stage, cast)
    _silent(stage, cast)
    _changed_her_mind(stage, cast)


def _put_first(stage: Stage, woman: Woman, now: datetime) -> None:
    ditte = stage.actors["ditte"]
    request = request_queries.get_for_lead(ditte, woman.requests["hours"])
    waiting.put_first(request, MarkReason.MOVES_SOON, actor=ditte, now=now)


def _taken_back(stage: Stage, cast: Cast) -> None:
    woman = _here(stage, cast, 48, 44, "katrine")
    referring.refer(stage, woman, ["qnet"], sent=12)

    def act(now: datetime) -> None:
        actor = stage.actors["katrine"]
        request = referral_queries.get_request(actor, woman.requests["qnet"])
        request_endings.withdraw(request, WithdrawReason.HER_WISH, actor=actor, now=now)

    stage.on(10, act)


def _silent(stage: Stage, cast: Cast) -> None:
    woman = _here(stage, cast, 80, 21, "nanna")
    referring.refer(stage, woman, ["transition"], sent=40)
    referring.take(stage, woman, "transition", on=39)
    referring.ask(stage, woman, "transition", "Hvornår flytter hun i egen bolig?", on=38)

    def act(now: datetime) -> None:
        ditte = stage.actors["ditte"]
        request = request_queries.get_for_lead(ditte, woman.requests["transition"])
        request_endings.lapse(request, actor=ditte, now=now)

    stage.on(20, act)


def _changed_her_mind(stage: Stage, cast: Cast) -> None:
    """A place that never became a course, and a woman who went back; both may come again."""
    woman = cast.next(admitted=150, moved=60)
    woman.destination = Destination.FAMILY_FRIENDS
    women.arrive(stage, woman)
    referring.refer(stage, woman, ["transition"], sent=100)
    referring.admit(stage, woman, "transition", sent=100, worker="birthe")
    courses.never_start(stage, woman, "transition", "birthe", EndReason.HER_WISH, on=80)


def _unnamed(stage: Stage, cast: Cast) -> None:
    for admitted, contact in ((9, "katrine"), (23, "nanna"), (2, "tove")):
        women.arrive(stage, cast.next(admitted=admitted, is_anonymous=True, contact=contact))


def _own_approach(stage: Stage, cast: Cast) -> None:
    """Women who called by themselves: no centre, no referral, no name needed."""
    for days, is_anonymous in ((75, False), (31, True), (6, False)):
        woman = cast.next(contact="birthe", is_anonymous=is_anonymous)
        women.open_without_stay(stage, woman, days)
        stage.on(days - 1, partial(_talk, stage, woman))
        if days > 10:
            courses.start(stage, woman, "talks", "birthe", on=days - 3)
            until = 26 if days == LEFT_AND_BACK else 2
            courses.contacts(stage, woman, "talks", "birthe", since=days - 4, until=until, every=11)
        if days == LEFT_AND_BACK:
            courses.end(stage, woman, "talks", "birthe", EndReason.HER_WISH, on=24)
            stage.on(9, partial(_go_on, stage, woman))


def _go_on(stage: Stage, woman: Woman, now: datetime) -> None:
    """She wanted no more talks, and called again two weeks later."""
    course_returns.reopen(woman.courses["talks"], ReopenReason.HER_WISH, actor=stage.actors["ditte"], now=now)


def _talk(stage: Stage, woman: Woman, now: datetime) -> None:
    birthe = stage.actors["birthe"]
    offer = next(each for each in enrolment_queries.list_own_approach(birthe) if each.id == stage.offers["talks"].id)
    woman.courses["talks"] = own_approaches.own_approach(
        case_id=woman.case_id, offer=offer, actor=birthe, now=now
    ).public_id
