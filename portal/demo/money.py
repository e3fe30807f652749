"""Applications to the fund of the story, in every state that one can be in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from portal.core.actor import Actor
from portal.core.kinds import DeclineReason, GrantCategory, PayeeKind
from portal.demo import women
from portal.demo.house import KRONE
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.models.grants import GrantApplication
from portal.queries import grants as queries
from portal.services import grant_decisions, grant_payments, grants

Lines = Sequence[tuple[GrantCategory, int, str]]
Step = Callable[[GrantApplication, Actor, datetime], object]
HOME: Lines = ((GrantCategory.DEPOSIT, 6000, "Indskud til toværelses"), (GrantCategory.MOVING, 1200, "Flyttebil"))
ROOM: Lines = ((GrantCategory.BASIC_FURNITURE, 3200, "Senge og madrasser"), (GrantCategory.TOYS, 600, "Legetøj"))
SMALL: Lines = ((GrantCategory.CLOTHES, 1800, "Vintertøj til børnene"),)
LARGE: Lines = (
    (GrantCategory.DEPOSIT, 9000, "Indskud"),
    (GrantCategory.BASIC_FURNITURE, 4500, "Spisebord, stole og senge"),
    (GrantCategory.CLOTHES, 1500, "Tøj"),
)


class Application:
    """One application on its way; every step happens on a day."""

    def __init__(self, stage: Stage, woman: Woman, by: str, lines: Lines, *, on: int) -> None:
        self.stage, self.woman, self.by, self.lines = stage, woman, by, lines
        self.public_id = ""
        stage.on(on, self._draft, hour=9)

    def _draft(self, now: datetime) -> None:
        case, actor = women.get(self.stage, self.woman, self.by)
        fund = queries.list_funds()[0]
        self.public_id = grants.draft(case_id=case.id, fund=fund, actor=actor, now=now).public_id
        grants.fill_in(
            queries.get(actor, self.public_id),
            lines=[grants.Line(category, kroner * KRONE, purpose) for category, kroner, purpose in self.lines],
            other_support="Kommunen har givet afslag på enkeltydelse.",
            payee_kind=self.stage.random.choice((PayeeKind.SHOP, PayeeKind.LANDLORD, PayeeKind.CENTRE)),
            account="0000 0000000000",
            actor=actor,
            now=now,
        )

    def then(self, on: int, by: str, step: Step, *, hour: int) -> None:
        """Let somebody take a step with it."""
        actor = self.stage.actors[by]

        def act(now: datetime) -> None:
            step(queries.get(actor, self.public_id), actor, now)

        self.stage.on(on, act, hour=hour)

    def submit(self, on: int) -> None:
        """Send it to the fund."""
        self.then(on, self.by, lambda row, actor, now: grants.submit(row, actor=actor, now=now), hour=10)

    def screen(self, on: int) -> None:
        """Take it up for reading."""
        self.then(on, "peter", lambda row, actor, now: grants.screen(row, actor=actor, now=now), hour=11)

    def recommend(self, on: int, *, part: float = 1.0) -> None:
        """Recommend the whole amount, or a part of it."""

        def step(row: GrantApplication, actor: Actor, now: datetime) -> None:
            amounts = {line.id: int(line.requested_ore * part) for line in queries.list_lines(row)}
            text = "Behovet er klart beskrevet, og beløbet svarer til det, vi plejer at give."
            grant_decisions.recommend(row, amounts=amounts, text=text, actor=actor, now=now)

        self.then(on, "peter", step, hour=12)

    def approve(self, on: int, *approvers: str) -> None:
        """Let one approver or two say yes."""
        for place, approver in enumerate(approvers):
            self.then(
                on,
                approver,
                lambda row, actor, now: grant_decisions.approve(row, actor=actor, now=now),
                hour=13 + place,
            )

    def pay(self, ordered: int, paid: int | None = None) -> None:
        """Order the payment, and pay when its day has come."""
        self.then(
            ordered, "eva", lambda row, actor, now: grant_payments.order_payment(row, actor=actor, now=now), hour=9
        )
        if paid is None:
            return

        def step(row: GrantApplication, actor: Actor, now: datetime) -> None:
            day, reference = self.stage.day(self.stage.ago_of(now)), f"UDB-{self.stage.random.randrange(1000, 9999)}"
            grant_payments.pay(row, paid_on=day, reference=reference, actor=actor, now=now)

        self.then(paid, "eva", step, hour=10)

    def receipts(self, on: int) -> None:
        """The receipts are in."""
        self.then(
            on, "peter", lambda row, actor, now: grant_payments.receive_receipts(row, actor=actor, now=now), hour=14
        )


def tell(stage: Stage, moved: dict[int, Woman]) -> None:
    """Let the applications be written, read, decided and paid."""
    Application(stage, moved[6], "katrine", ROOM, on=1)
    Application(stage, moved[15], moved[15].contact, HOME, on=4).submit(2)
    late = Application(stage, moved[27], moved[27].contact, ROOM, on=21)
    late.submit(20)
    late.screen(16)
    asked = Application(stage, moved[41], moved[41].contact, SMALL, on=12)
    asked.submit(11)
    asked.screen(9)
    text = "Hvad koster tøjet, og til hvor mange børn?"
    asked.then(8, "peter", lambda row, actor, now: grants.ask_info(row, wanted=text, actor=actor, now=now), hour=12)
    reading = _read(stage, moved[58], SMALL, 7)
    reading.recommend(3)
    whole = _read(stage, moved[77], LARGE, 9)
    whole.recommend(5, part=0.8)
    _decided(stage, moved[100], ROOM, 14)
    _decided(stage, moved[112], HOME, 16).pay(5)
    for days, lines, on in ((128, LARGE, 60), (140, SMALL, 48)):
        _decided(stage, moved[days], lines, on).pay(on - 12, on - 14)
    for days, lines, on in ((155, ROOM, 120), (187, HOME, 150), (203, SMALL, 160), (240, LARGE, 200)):
        paid = _decided(stage, moved[days], lines, on)
        paid.pay(on - 12, on - 14)
        paid.receipts(on - 35)
    _said_no(stage, moved)


def _read(stage: Stage, woman: Woman, lines: Lines, on: int) -> Application:
    row = Application(stage, woman, woman.contact, lines, on=on)
    row.submit(on - 1)
    row.screen(on - 3)
    return row


def _decided(stage: Stage, woman: Woman, lines: Lines, on: int) -> Application:
    row = _read(stage, woman, lines, on)
    row.recommend(on - 5)
    is_large = sum(kroner for _category, kroner, _purpose in lines) > 5000
    row.approve(on - 7, *(("birgitte", "torben") if is_large else ("torben",)))
    return row


def _said_no(stage: Stage, moved: dict[int, Woman]) -> None:
    declined = _read(stage, moved[262], SMALL, 40)
    declined.recommend(35)
    text = "Fonden giver ikke to gange til det samme inden for et år. Søg Børnehjælpsdagen i stedet."
    declined.then(
        33,
        "birgitte",
        lambda row, actor, now: grant_decisions.decline(
            row, reason=DeclineReason.CRITERIA, text=text, actor=actor, now=now
        ),
        hour=13,
    )
    withdrawn = Application(stage, moved[70], moved[70].contact, HOME, on=30)
    withdrawn.submit(29)
    withdrawn.then(15, withdrawn.by, lambda row, actor, now: grants.withdraw(row, actor=actor, now=now), hour=12)
