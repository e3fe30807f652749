"""Names of nobody and of nowhere: surnames end in "prøve" (trial), places and houses in "opdigt" (made up)."""

from datetime import date
from random import Random

from portal.core.enums import Region

FIRST = (
    *("Aja", "Alma", "Amira", "Anja", "Asta", "Ayan", "Bente", "Camille", "Daryna", "Dorthe", "Elif", "Elin", "Ewa"),
    *("Farah", "Freja", "Grace", "Gry", "Halina", "Heidi", "Hodan", "Huda", "Ifrah", "Ingrid", "Ioana", "Iryna"),
    *("Josefine", "Jytte", "Karla", "Katja", "Kholoud", "Kirsten", "Layla", "Lena", "Lotte", "Malee", "Malene"),
    *("Maren", "Mariam", "Merete", "Nadia", "Nina", "Noor", "Oksana", "Olena", "Parisa", "Pernille", "Rania", "Ronja"),
    *("Sahra", "Salma", "Sanne", "Selam", "Shirin", "Signe", "Solvej", "Thea", "Tina", "Ulla", "Vibe", "Winnie"),
    *("Yasmin", "Zeynep", "Zofia"),
)
ROOTS = (
    *("Ager", "Ask", "Bak", "Birk", "Blom", "Bro", "Bæk", "Dal", "Eg", "Elle", "Eng", "Fjeld", "Frost", "Fyr", "Grøn"),
    *(
        "Hav",
        "Hede",
        "Holm",
        "Høj",
        "Is",
        "Kilde",
        "Klint",
        "Krat",
        "Lund",
        "Lyng",
        "Mark",
        "Mose",
        "Nord",
        "Pil",
        "Ring",
    ),
    *("Rød", "Sand", "Siv", "Skov", "Snee", "Sol", "Sten", "Strand", "Sø", "Tang", "Torn", "Vang", "Vest", "Vind"),
)
MARK = "prøve"
INVENTED = "opdigt"
LANGUAGES = (
    "arabisk",
    "somali",
    "ukrainsk",
    "polsk",
    "farsi",
    "tyrkisk",
    "tigrinya",
    "rumænsk",
    "urdu",
    "thai",
    "engelsk",
)
# By kind of programme, in Danish and in English: what it is, never whose.
PROGRAMMES = {
    "individual_counselling": ("Samtaler", "Talks"),
    "group": ("Gruppeforløb", "Group"),
    "transition_support": ("Støtte i overgangen", "Transition support"),
    "cti": ("CTI-forløb", "CTI course"),
    "coordinating_counselling": ("Koordinerende rådgivning", "Coordinating counselling"),
    "volunteer_network": ("Frivilligt netværk", "Volunteer network"),
    "furnishing": ("Hjælp til indretning", "Help with furnishing"),
}
# No subscriber's number in Denmark begins with 10.
UNUSED_NUMBERS = "+4510"
DOMAIN = "example.invalid"
# Where they have to stand in for a region: share of women in a hundred.
REGIONS = ((Region.CAPITAL, 38), (Region.CENTRAL, 20), (Region.SOUTH, 19), (Region.ZEALAND, 17), (Region.NORTH, 6))


def person(random: Random) -> str:
    """Somebody who does not exist."""
    return f"{random.choice(FIRST)} {random.choice(ROOTS)}{MARK}"


def centre(number: int) -> str:
    """A centre that does not exist."""
    return f"Krisecenter {ROOTS[number % len(ROOTS)]}{INVENTED} {number + 1}"


def municipality(number: int) -> str:
    """A municipality that does not exist."""
    return f"{ROOTS[-1 - number % len(ROOTS)]}{INVENTED} Kommune {number + 1}"


def municipality_code(number: int) -> str:
    """A code that no municipality can have: they are three digits."""
    return f"F{number + 1:02d}"


def association(number: int) -> str:
    """An association that does not exist."""
    return f"Foreningen {ROOTS[number * 7 % len(ROOTS)]}{INVENTED} {number + 1}"


def phone(number: int) -> str:
    """The number of nobody's telephone."""
    return f"{UNUSED_NUMBERS}{number:06d}"


def cpr(random: Random, today: date, taken: set[str]) -> str:
    """Ten digits whose birth date has not come yet: nobody has them, and nobody will while the set is in use."""
    while True:
        year = random.randrange(today.year + 1, 2037)
        number = (
            f"{random.randrange(1, 29):02d}{random.randrange(1, 13):02d}{year % 100:02d}"
            f"{random.choice('49')}{random.randrange(1000):03d}"
        )
        if number not in taken:
            taken.add(number)
            return number
