"""The staff of the story, and the log-ins that the demo prints: one per role. All people are invented."""

from dataclasses import dataclass

from portal.core.enums import Role

PASSWORD = "Bro-demo-2026"  # noqa: S105 - printed for everybody, in the demo alone

ORGANISATIONS = {
    "laerken": "Krisecenter Lærken",
    "havblik": "Krisecenter Havblik",
    "aarhus": "Aarhus Kommune",
    "odense": "Odense Kommune",
    "danner": "Danner (demo)",
    "rk": "Røde Kors (demo)",
    "fund": "Fonden Ny Start",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the story, by a short key; printed when the demo shows her log-in."""

    key: str
    name: str
    role: Role
    organisation: str
    is_printed: bool = False

    @property
    def email(self) -> str:
        """The address that she signs in with."""
        return f"{self.key}@bro.example"


PEOPLE: tuple[Person, ...] = (
    Person("katrine", "Katrine Dalgaard", Role.CONTACT_PERSON, "laerken", True),
    Person("henrik", "Henrik Bach", Role.MUNICIPAL_ADVISER, "aarhus", True),
    Person("lone", "Lone Vind", Role.INTAKE, "danner", True),
    Person("maja", "Maja Holm", Role.PROGRAMME_WORKER, "danner", True),
    Person("sofie", "Sofie Brandt", Role.GROUP_LEADER, "danner", True),
    Person("anne", "Anne Krogh", Role.HOUSING_COORDINATOR, "danner", True),
    Person("jonas", "Jonas Thorup", Role.VOLUNTEER_COORDINATOR, "rk", True),
    Person("ida", "Ida Bjerre", Role.VOLUNTEER, "rk", True),
    Person("mikkel", "Mikkel Skov", Role.VOLUNTEER, "rk", True),
    Person("samira", "Samira Haddad", Role.VOLUNTEER, "rk", True),
    Person("bodil", "Bodil Dam (arkitekt)", Role.VOLUNTEER, "rk", True),
    Person("peter", "Peter Vang", Role.GRANT_OFFICER, "fund", True),
    Person("birgitte", "Birgitte Ravn", Role.GRANT_APPROVER, "fund", True),
    Person("torben", "Torben Lykke", Role.GRANT_APPROVER, "fund", True),
    Person("eva", "Eva Storm", Role.GRANT_PAYER, "fund", True),
    Person("ditte", "Ditte Lund", Role.PROGRAMME_LEAD, "danner", True),
    Person("rikke", "Rikke Aagaard", Role.SAFETY_OFFICER, "laerken", True),
    Person("jens", "Jens Overby", Role.DATA_PROTECTION_OFFICER, "danner", True),
    Person("mette", "Mette Dahl", Role.ADMINISTRATOR, "danner", True),
    Person("tove", "Tove Mørk", Role.CONTACT_PERSON, "laerken"),
    Person("marianne", "Marianne Bruun", Role.INTAKE, "laerken"),
    Person("gitte", "Gitte Nyborg", Role.GROUP_LEADER, "laerken"),
    Person("lis", "Lis Winther", Role.GROUP_LEADER, "laerken"),
    Person("nanna", "Nanna Holst", Role.CONTACT_PERSON, "havblik"),
    Person("pia", "Pia Stær", Role.CONTACT_PERSON, "havblik"),
    Person("trine", "Trine Borg", Role.MUNICIPAL_ADVISER, "aarhus"),
    Person("claus", "Claus Enevold", Role.MUNICIPAL_ADVISER, "odense"),
    Person("sara", "Sara Friis", Role.PROGRAMME_WORKER, "danner"),
    Person("louise", "Louise Bak", Role.PROGRAMME_WORKER, "danner"),
    Person("birthe", "Birthe Rask", Role.PROGRAMME_WORKER, "danner"),
    Person("camilla", "Camilla Juul", Role.GROUP_LEADER, "danner"),
    Person("karen", "Karen Toft", Role.INTAKE, "rk"),
    Person("helle", "Helle Munk", Role.PROGRAMME_LEAD, "rk"),
    Person("emil", "Emil Holk", Role.VOLUNTEER, "rk"),
    Person("tora", "Tora Eg", Role.VOLUNTEER, "rk"),
    Person("yusuf", "Yusuf Lind", Role.VOLUNTEER, "rk"),
    Person("vibeke", "Vibeke Sand", Role.SAFETY_OFFICER, "danner", True),
    Person("aksel", "Aksel Frost", Role.DATA_PROTECTION_OFFICER, "laerken", True),
    Person("sidsel", "Sidsel Lyng", Role.PROGRAMME_LEAD, "laerken", True),
)

LOGINS: tuple[dict[str, str], ...] = tuple(
    {
        "role": person.role.value,
        "email": person.email,
        "password": PASSWORD,
        "name": person.name,
        "organisation": ORGANISATIONS[person.organisation],
    }
    for person in PEOPLE
    if person.is_printed
)
