"""Who there is: organisations, people, offers, a fund. Municipalities and programmes keep their public names."""

from datetime import datetime, timedelta

from portal.core.actor import SYSTEM, Actor
from portal.core.enums import Language, OrganisationKind, Region, Role
from portal.core.volunteers import Skill
from portal.demo.logins import ORGANISATIONS, PASSWORD, PEOPLE, Person
from portal.demo.stage import Stage
from portal.services import accounts, organisations, reference, volunteers

BEGINNING = 1200
KRONE = 100
FUND_NAME = "Starthjælp"
FUND_BUDGET, SECOND_ABOVE = 200_000 * KRONE, 5_000 * KRONE

KINDS: dict[str, tuple[OrganisationKind, Region, str | None, bool]] = {
    "laerken": (OrganisationKind.SHELTER, Region.CENTRAL, None, False),
    "havblik": (OrganisationKind.SHELTER, Region.SOUTH, None, False),
    "aarhus": (OrganisationKind.MUNICIPALITY, Region.CENTRAL, "751", True),
    "odense": (OrganisationKind.MUNICIPALITY, Region.SOUTH, "461", True),
    "danner": (OrganisationKind.NGO, Region.CAPITAL, None, False),
    "rk": (OrganisationKind.NGO, Region.CENTRAL, None, False),
    "fund": (OrganisationKind.NGO, Region.CAPITAL, None, False),
}

# A short name for each offer: programme, organisation, places.
OFFERS: dict[str, tuple[str, str, int | None]] = {
    "talks": ("danner-individual-counselling", "danner", None),
    "group": ("danner-aftercare-group", "danner", None),
    "homes": ("dannerboligerne", "danner", 10),
    "transition": ("danner-transition-support", "danner", 15),
    "cti": ("cti-women", "danner", 40),
    "counselling-aarhus": ("coordinating-counselling", "aarhus", None),
    "counselling-odense": ("coordinating-counselling", "odense", None),
    "hours": ("psychologist-hours", "danner", 25),
    "qnet": ("qnet", "rk", 30),
    "furnishing": ("fra-bolig-til-hjem", "rk", 12),
    "grant": ("start-up-grant", "fund", None),
    "ambulatory": ("ambulatory-group", "laerken", None),
}

VOLUNTEERS: dict[str, tuple[Region, list[Skill], int | None]] = {
    "ida": (Region.CENTRAL, [Skill.CHILDREN, Skill.TOOLS], 500),
    "mikkel": (Region.CENTRAL, [Skill.DRIVING_LICENCE, Skill.TRAILER, Skill.TOOLS], None),
    "samira": (Region.CENTRAL, [Skill.ARABIC, Skill.CHILDREN, Skill.ENGLISH], 320),
    "bodil": (Region.CENTRAL, [Skill.ARCHITECT, Skill.DRIVING_LICENCE], 200),
    "emil": (Region.CENTRAL, [Skill.TOOLS, Skill.DRIVING_LICENCE], None),
    "tora": (Region.SOUTH, [Skill.CHILDREN, Skill.ENGLISH], 40),
    "yusuf": (Region.CENTRAL, [Skill.SOMALI, Skill.ARABIC], None),
}


def build(stage: Stage) -> None:
    """Found the organisations, hire the people, open the offers."""
    now = stage.moment(BEGINNING)
    reference.load(actor=SYSTEM, now=now)
    for key, (kind, region, code, may_hold_cpr) in KINDS.items():
        stage.organisations[key] = organisations.found(
            ORGANISATIONS[key],
            kind,
            region,
            municipality_code=code,
            may_hold_cpr=may_hold_cpr,
            actor=SYSTEM,
            now=now,
        )
    # One password for all of them: hashed once, since a good hash takes its time.
    hashed = accounts.hasher.hash(PASSWORD)
    for person in PEOPLE:
        stage.actors[person.key] = _hire(stage, person, hashed, now)
    for key, (programme, giver, capacity) in OFFERS.items():
        organisation = stage.organisations[giver]
        stage.offers[key] = organisations.open_offer(organisation, programme, capacity=capacity, actor=SYSTEM, now=now)
    organisations.open_fund(stage.offers["grant"], FUND_NAME, FUND_BUDGET, SECOND_ABOVE, actor=SYSTEM, now=now)
    _enlist(stage, now)


def _hire(stage: Stage, person: Person, hashed: str, now: datetime) -> Actor:
    user = accounts.create_user(
        person.name, person.email, PASSWORD, language=Language.DANISH, hashed=hashed, actor=SYSTEM, now=now
    )
    organisation = stage.organisations[person.organisation]
    membership = accounts.add_membership(user, organisation, person.role)
    return Actor(user.id, membership.id, organisation.id, person.role, "da", person.name, organisation.name)


def _enlist(stage: Stage, now: datetime) -> None:
    for key, (region, skills, certificate_days) in VOLUNTEERS.items():
        until = None if certificate_days is None else stage.today + timedelta(days=certificate_days)
        stage.volunteers[key] = volunteers.save_profile(
            user_id=stage.actors[key].user_id or 0,
            organisation_id=stage.organisations["rk"].id,
            region=region,
            skills=[skill.value for skill in skills],
            pledged_on=stage.day(400),
            trained_on=stage.day(380),
            certificate_until=until,
            actor=stage.actors["jonas"],
            now=now,
        )
    assert all(stage.actors[key].role is Role.VOLUNTEER for key in VOLUNTEERS)
