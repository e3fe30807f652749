"""What the story tells of plans: two women with goals, steps, needs at two points, and a stay plan that is agreed."""

from datetime import datetime, timedelta

from portal.core.measures import CtiArea
from portal.core.plans import ConfirmedHow, GoalState, MunicipalPlan, RatedBy, RatingPoint
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Act, Stage
from portal.demo.women import Woman
from portal.queries.plans import list_goals
from portal.services import needs, plans, stay_plans

# What she said on the first days and what she says now: 0 is no problem, 4 a complete one.
FIRST = dict(zip(CtiArea, (3, 4, 2, 3, 3, 4, 2), strict=True))
NOW = dict(zip(CtiArea, (2, 2, 1, 3, 2, 3, 2), strict=True))
# Area, what she wants, how it is seen, days from now until it is to be reached, its steps with their days.
Goals = tuple[tuple[CtiArea, str, str, int, tuple[tuple[str, int], ...]], ...]
GOALS: Goals = (
    (
        CtiArea.HOUSING,
        "Mit eget sted med et værelse til hver.",
        "En lejekontrakt i eget navn",
        60,
        (("Skrive sig op i boligforeningen", -6), ("Ringe til kommunen om indskud", 5)),
    ),
    (
        CtiArea.FINANCES,
        "Jeg vil vide, hvor mange penge jeg har.",
        "Et budget på et stykke papir",
        20,
        (("Finde de sidste tre kontoudskrifter", -2), ("Lave budgettet sammen", 9)),
    ),
    (
        CtiArea.WORK,
        "Tilbage på sprogskolen.",
        "Tilmeldt et hold",
        40,
        (("Spørge, hvornår næste hold begynder", 12),),
    ),
)
RECENT, OLDEST = 4, 20


def tell(stage: Stage, cast: Cast) -> None:
    """Let two women who stay at the centre have a plan."""
    here = [one for one in cast.women if one.name and one.admitted and one.admitted > OLDEST and not one.moved]
    for number, woman in enumerate(here[:2]):
        stage.at((woman.admitted or OLDEST) - 2, 13, _rater(stage, woman, RatingPoint.MOVE_IN, FIRST))
        stage.at(RECENT + 8, 13, _goal_setter(stage, woman, GOALS[: 3 - number]))
        stage.at(RECENT, 13, _rater(stage, woman, RatingPoint.MIDWAY, NOW))
        stage.at(RECENT, 14, _planner(stage, woman, is_linked=not number))


def _rater(stage: Stage, woman: Woman, point: RatingPoint, scores: dict[CtiArea, int]) -> Act:
    def act(now: datetime) -> None:
        case, actor = women.get(stage, woman, woman.contact)
        rated = needs.Rated(point, RatedBy.HER, stage.day(stage.ago_of(now)), scores)
        needs.rate(case, rated, actor=actor, now=now)

    return act


def _goal_setter(stage: Stage, woman: Woman, goals: Goals) -> Act:
    def act(now: datetime) -> None:
        case, actor = women.get(stage, woman, woman.contact)
        for area, wish, sign, days, steps in goals:
            wanted = plans.Wanted(area, wish, sign, due_on=stage.weekday(days))
            goal = plans.set_goal(case, wanted, actor=actor, now=now)
            made = [
                plans.add_step(case, goal, text, due_on=stage.today + timedelta(days=on), actor=actor, now=now)
                for text, on in steps
            ]
            if len(made) > 1:
                plans.finish_step(case, goal, made[0], actor=actor, now=now)
                plans.move_goal(case, goal, GoalState.IN_PROGRESS, actor=actor, now=now)

    return act


def _planner(stage: Stage, woman: Woman, *, is_linked: bool) -> Act:
    def act(now: datetime) -> None:
        case, actor = women.get(stage, woman, woman.contact)
        today = stage.day(stage.ago_of(now))
        written = stay_plans.Written(
            "Et sted at bo, før skolen begynder igen, og styr på pengene.",
            offers="Samtale hver tirsdag. Hjælp til ansøgninger hver torsdag. Børnesamtale hver anden uge.",
            children="De skal have ro til lektier og kunne ringe til deres mormor." if woman.children else None,
            goals=[goal.public_id for goal in list_goals(case)],
            next_review_on=stage.weekday(38),
        )
        stay_plans.write(case, written, actor=actor, now=now)
        how = ConfirmedHow.PAPER if is_linked else ConfirmedHow.ORALLY
        stay_plans.agree(case, how=how, confirmed_on=today, actor=actor, now=now)
        if is_linked:
            noted = stay_plans.Noted(
                MunicipalPlan.WHOLE_PLAN,
                plan_on=today - timedelta(days=5),
                consent_on=today,
                sent_on=today,
                next_meeting_on=stage.weekday(9),
            )
            stay_plans.note_municipal_plan(case, noted, actor=actor, now=now)

    return act
