"""Who the women are: a made-up list of first names with a single letter, so that none of them is anybody."""

from collections.abc import Iterator
from itertools import cycle

from portal.demo.stage import Stage
from portal.demo.women import Woman

NAMES: tuple[tuple[str, str], ...] = (
    ("Layla B.", "arabisk"),
    ("Anja T.", "dansk"),
    ("Hodan A.", "somali"),
    ("Ewa N.", "polsk"),
    ("Bente R.", "dansk"),
    ("Oksana H.", "ukrainsk"),
    ("Camille F.", "dansk"),
    ("Noor S.", "arabisk"),
    ("Dorthe L.", "dansk"),
    ("Parisa G.", "farsi"),
    ("Elin V.", "dansk"),
    ("Selam T.", "tigrinya"),
    ("Freja D.", "dansk"),
    ("Rania M.", "arabisk"),
    ("Gry E.", "dansk"),
    ("Elif C.", "tyrkisk"),
    ("Heidi P.", "dansk"),
    ("Iryna S.", "ukrainsk"),
    ("Ingrid O.", "dansk"),
    ("Ayan J.", "somali"),
    ("Josefine K.", "dansk"),
    ("Zofia W.", "polsk"),
    ("Kirsten B.", "dansk"),
    ("Yasmin D.", "arabisk"),
    ("Malene H.", "dansk"),
    ("Grace N.", "engelsk"),
    ("Nina S.", "dansk"),
    ("Huda R.", "arabisk"),
    ("Pernille A.", "dansk"),
    ("Malee P.", "thai"),
    ("Ronja M.", "dansk"),
    ("Shirin K.", "farsi"),
    ("Sanne G.", "dansk"),
    ("Ioana D.", "rumænsk"),
    ("Tina J.", "dansk"),
    ("Amna Q.", "urdu"),
    ("Ulla N.", "dansk"),
    ("Salma Y.", "arabisk"),
    ("Vibe S.", "dansk"),
    ("Daryna P.", "ukrainsk"),
    ("Winnie L.", "dansk"),
    ("Ifrah O.", "somali"),
    ("Asta M.", "dansk"),
    ("Agnieszka K.", "polsk"),
    ("Karla F.", "dansk"),
    ("Zeynep A.", "tyrkisk"),
    ("Maren B.", "dansk"),
    ("Sahra W.", "somali"),
    ("Solvej T.", "dansk"),
    ("Mariam E.", "dari"),
    ("Rikke-Marie Ø.", "dansk"),
    ("Farah I.", "arabisk"),
    ("Signe U.", "dansk"),
    ("Thea Å.", "dansk"),
    ("Kholoud Z.", "arabisk"),
    ("Emma-Sofie J.", "dansk"),
    ("Lena C.", "tysk"),
    ("Birgit V.", "dansk"),
    ("Nadia F.", "arabisk"),
    ("Lotte I.", "dansk"),
    ("Halina B.", "polsk"),
    ("Merete C.", "dansk"),
    ("Olena V.", "ukrainsk"),
    ("Jytte Æ.", "dansk"),
    ("Fatuma H.", "somali"),
    ("Katja R.", "dansk"),
)
CONTACTS = ("katrine", "nanna", "katrine", "tove", "pia", "nanna", "katrine", "tove")
# How many children the women have, as often as it is so.
CHILDREN = (0, 1, 2, 0, 1, 0, 3, 1, 0, 2)
AGES = (34, 27, 41, 23, 38, 31, 29, 46, 36, 52, 25, 33)
GOLDEN = 0.618034
# Born before the first of the women came.
YOUNGEST = 4


class Cast:
    """Hands out one woman after the other, always the same ones for a seed, and knows them all by case."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.women: list[Woman] = []
        self._names = iter(NAMES)
        self._contacts: Iterator[str] = cycle(CONTACTS)

    def next(
        self,
        *,
        admitted: int | None = None,
        moved: int | None = None,
        planned: int | None = None,
        is_anonymous: bool = False,
        contact: str | None = None,
    ) -> Woman:
        """The next woman of the story. Days count back from today; `planned` counts ahead."""
        number = len(self.women)
        name, language = (None, "dansk") if is_anonymous else next(self._names)
        contact = contact or next(self._contacts)
        year = self.stage.today.year
        born = year - AGES[number % len(AGES)]
        woman = Woman(
            key=f"w{number}",
            name=name,
            birth_year=born,
            contact=contact,
            municipality="odense" if contact in ("nanna", "pia", "claus") else "aarhus",
            admitted=admitted,
            moved=moved,
            planned=planned,
            language=language,
            needs_interpreter=language not in ("dansk", "engelsk") and number % 4 != 1,
            children=self._children(born, number),
            protection=1 if number % 6 == 2 else 2 if number % 23 == 20 else 0,
            has_raised_risk=number % 5 == 3,
            rank=(0.05 + number * GOLDEN) % 1,
        )
        self.women.append(woman)
        return woman

    def _children(self, born: int, number: int) -> tuple[int, ...]:
        year = self.stage.today.year
        oldest = min(15, year - born - 21)
        return tuple(
            year - max(oldest - 3 * place, YOUNGEST) for place in range(CHILDREN[number % len(CHILDREN)]) if oldest > 0
        )

    def by_case(self) -> dict[int, Woman]:
        """Every woman whose case has been opened by now, by its id."""
        return {woman.case_id: woman for woman in self.women if woman.case_id}
