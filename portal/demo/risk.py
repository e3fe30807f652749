"""What the story tells of danger: plans for each home, a threat last night, and answers."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.kinds import SafetyLevel
from portal.core.risk import (
    AssessmentMoment,
    ByWhom,
    PlanHome,
    PlanSection,
    PoliceTold,
    ReviewReason,
    RiskMethod,
    ViolenceKind,
)
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Act, Stage
from portal.demo.women import Woman
from portal.domain.risk import Answers
from portal.domain.stays import Destination
from portal.models.cases import Case
from portal.services import risk, risk_reviews, safety_plans, violence

SECTIONS: dict[PlanSection, str | None] = {
    PlanSection.WARNING_SIGNS: "Mange beskeder på kort tid. Børnene bliver stille, når telefonen lyser.",
    PlanSection.WAYS_OUT: "Ud ad bagdøren og over gården. Tasken med pas og medicin står i skabet i gangen.",
    PlanSection.WHO_TO_CALL: "Ved fare 112. Ellers søsteren, som kommer med det samme.",
    PlanSection.CHILDREN: "De går ind til underboen og ringer derfra. Det er øvet to gange.",
    PlanSection.DEVICES: "Placering er slået fra på alle telefoner. Nye adgangskoder til mail og netbank.",
    PlanSection.NEIGHBOURS: "Underboen ringer, hvis der er råb. Frivillige får intet at vide.",
}
# Who is asked: days ago and how safe she feels, from the first of them to the last.
RECENT = 2
ASKED = ((40, 5), (26, 5), (9, 6))


def tell(stage: Stage, cast: Cast) -> None:
    """Let some of them be asked, one be threatened, and two plans be made."""
    for woman in cast.women:
        # Those who moved in the last days are still to be looked at: it stands on somebody's list.
        if woman.admitted is not None and woman.moved is not None and woman.moved > RECENT:
            stage.at(woman.moved, 17, _settler(stage, woman))
    here = [woman for woman in cast.women if woman.name and woman.admitted and not woman.moved]
    moved = [woman for woman in cast.women if woman.name and woman.moved and woman.moved > 45]
    for woman in here[4:6]:
        stage.at(min(3, (woman.admitted or 3) - 1), 11, _planner(stage, woman, PlanHome.CENTRE))
    threatened, asked, waits = moved[0], moved[1], moved[2]
    for days, felt in ASKED:
        stage.at(days, 12, _asker(stage, asked, felt))
    stage.at(1, 16, lambda now: _threat(stage, threatened, now))
    stage.at(2, 15, lambda now: _court(stage, waits, now))


def _settler(stage: Stage, woman: Woman) -> Act:
    return lambda now: _settle(stage, woman, now)


def _settle(stage: Stage, woman: Woman, now: datetime) -> None:
    """On the day she leaves the centre: an assessment, and a plan for the home she comes to."""
    case, actor = women.get(stage, woman, woman.contact)
    is_raised = woman.has_raised_risk
    risk.assess_safety(
        case,
        level=SafetyLevel.RAISED if is_raised else SafetyLevel.ORDINARY,
        reason="Han har spurgt fælles venner, hvor hun bor." if is_raised else None,
        assessed_on=stage.day(stage.ago_of(now)),
        judged=risk.Judged(
            moment=AssessmentMoment.BEFORE_EXIT,
            method=RiskMethod.PATRIARK if is_raised else RiskMethod.JUDGEMENT,
            is_trained=is_raised,
            tool="PATRIARK, 2. udgave" if is_raised else None,
            result="mellem" if is_raised else None,
            is_safe_to_move=True,
            responsible_id=actor.user_id,
        ),
        actor=actor,
        now=now,
    )
    is_own = woman.destination is Destination.OWN_HOME
    _plan(stage, case, PlanHome.OWN_HOME if is_own else PlanHome.WITH_OTHERS, actor, now)


def _plan(stage: Stage, case: Case, home: PlanHome, actor: Actor, now: datetime) -> None:
    today = stage.day(stage.ago_of(now))
    safety_plans.write_plan(
        case, home=home, sections=SECTIONS, has_code_word=True, confirmed_on=today, actor=actor, now=now
    )


def _planner(stage: Stage, woman: Woman, home: PlanHome) -> Act:
    def act(now: datetime) -> None:
        case, actor = women.get(stage, woman, woman.contact)
        _plan(stage, case, home, actor, now)

    return act


def _asker(stage: Stage, woman: Woman, felt: int) -> Act:
    def act(now: datetime) -> None:
        case, actor = women.get(stage, woman, woman.contact)
        violence.keep_answers(case, Answers(False, False, felt), actor=actor, now=now)

    return act


def _threat(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    told = violence.Told(
        kinds=[ViolenceKind.THREAT, ViolenceKind.MESSAGE],
        by_whom=ByWhom.FORMER_PARTNER,
        police=PoliceTold.YES,
        did_children_see=True,
        text="Han skrev 14 gange i nat. Hun har gemt beskederne.",
    )
    violence.record_violence(case, told, actor=actor, now=now)


def _court(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    risk_reviews.ask_by_hand(case, ReviewReason.COURT_DATE, actor=actor, now=now)
