"""The children of the story: two families with records of their own, and one notice of concern under way."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from portal.core.children import (
    ChildSettingKind,
    ConsentGiver,
    ConsentQuestion,
    ContactArrangement,
    Custody,
    PlanStep,
    SentHow,
    Whereabouts,
)
from portal.core.clock import local_date
from portal.core.kinds import MeetingKind, PlaceKind
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.queries import children as queries
from portal.services import child_settings, children, concerns, meetings, notes
from portal.services.child_settings import SettingRecord
from portal.services.children import ChildRecord
from portal.services.concerns import ConcernText

NAMES = ("Noor", "Elias", "Sofia", "Malik")
HOUSE = ("katrine", "tove")
DAY = timedelta(days=1)


def tell(stage: Stage, cast: Cast) -> None:
    """Let the children of two women be known, talked with and looked after."""
    fitting = [
        woman
        for woman in cast.women
        if woman.contact in HOUSE and woman.children and woman.admitted and not woman.protection and woman.name
    ]
    for number, woman in enumerate(fitting[:2]):
        stage.on(9 - number, partial(_know, stage, woman), hour=9)
        stage.on(6 - number, partial(_work, stage, woman), hour=11)
    stage.on(4, partial(_worry, stage, fitting[0]), hour=13)


def _know(stage: Stage, woman: Woman, now: datetime) -> None:
    """Who they are, with whom, and where they go."""
    case, actor = women.get(stage, woman, woman.contact)
    today = local_date(now)
    by: dict[str, Any] = {"actor": actor, "now": now}
    for name, child in zip(NAMES, queries.list_children(case), strict=False):
        new = ChildRecord(
            birth_year=child.birth_year,
            name=name,
            custody=Custody.JOINT,
            contact=ContactArrangement.SUPERVISED,
            contact_text="Hver anden lørdag, med en voksen fra kommunen til stede.",
            needs="Bliver bange for høje stemmer. Vil gerne tegne.",
        )
        children.change(case, child, new, **by)
        children.set_where(case, child, Whereabouts.WITH_HER, from_on=today - 30 * DAY, **by)
        for place in ("Opdigtet Skole 1", "Opdigtet Skole 2"):
            kept = SettingRecord(
                place=place,
                may_collect="Kun hendes mor og mormor. Faren må ikke hente.",
                may_say="Intet i telefonen. Klassen får intet at vide.",
                told_on=today - DAY,
                assessed_on=today - DAY,
                assessment="Lederen ved besked. Barnet følges til og fra døren.",
            )
            child_settings.save(case, child, ChildSettingKind.SCHOOL, kept, **by)


def _work(stage: Stage, woman: Woman, now: datetime) -> None:
    """A talk with the eldest, a meeting about it, and what its parents have said yes to."""
    case, actor = women.get(stage, woman, woman.contact)
    today = local_date(now)
    by: dict[str, Any] = {"actor": actor, "now": now}
    for child in queries.list_children(case)[:1]:
        text = "Vi tegnede sammen. Barnet fortalte om sin nye klasse."
        notes.write_note(case, text=text, about=[child], was_spoken_with=True, **by)
        children.note_step(case, child, PlanStep.ACTIVITY_GROUP, done_on=today, **by)
        said: dict[str, Any] = {"is_yes": True, "given_by": ConsentGiver.HER, "given_on": today}
        children.note_consent(case, child, ConsentQuestion.PSYCHOLOGIST, **said, **by)
        starts = now + 10 * DAY
        meetings.plan(
            kind=MeetingKind.COOPERATION,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            place_kind=PlaceKind.OUR_ROOMS,
            responsible_id=actor.user_id or 0,
            organisation_id=actor.organisation_id or 0,
            case_id=case.id,
            theme="Skolen",
            about=[child],
            **by,
        )


def _worry(stage: Stage, woman: Woman, now: datetime) -> None:
    """A notice of concern that waits for the municipality's receipt."""
    case, actor = women.get(stage, woman, woman.contact)
    for child in queries.list_children(case)[:1]:
        text = "Barnet fortalte, at det var bange for at komme på samvær, og viste et blåt mærke på armen."
        notice = concerns.draft(case, child, ConcernText(text), actor=actor, now=now)
        concerns.send(
            case,
            notice,
            sent_on=local_date(now),
            how=SentHow.DIGITAL_POST,
            municipality_code=case.responsible_municipality_code,
            actor=actor,
            now=now,
        )
