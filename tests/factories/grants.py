"""Funds, their people, and applications walked to a state through the services."""

from dataclasses import dataclass

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import GrantCategory, PayeeKind, TrackKind
from portal.core.states import GrantState
from portal.db import db
from portal.models.grants import Fund, GrantApplication
from portal.models.programmes import Offer, Programme
from portal.models.users import Membership
from portal.queries import grants as grant_queries
from portal.services import grant_decisions, grant_payments, grants
from tests.factories.people import actor_of, make_case, make_member, make_organisation


@dataclass(frozen=True)
class House:
    """A fund with its people, and a contact person with a case."""

    fund: Fund
    officer: Membership
    first: Membership
    second: Membership
    payer: Membership
    contact: Membership


def make_house(*, budget_ore: int = 10_000_000) -> House:
    """A fund of 100,000 kroner; a second approver above 5,000."""
    organisation = make_organisation(OrganisationKind.NGO)
    programme = Programme(
        key=f"grant-{organisation.id}",
        name_da="Starthjælp",
        name_en="Start-up grant",
        provider="Fond",
        kind=TrackKind.GRANT,
        summary_da="",
        summary_en="",
        rules={},
    )
    db.session.add(programme)
    db.session.flush()
    offer = Offer(programme_id=programme.id, organisation_id=organisation.id, is_accepting=True)
    db.session.add(offer)
    db.session.flush()
    fund = Fund(
        organisation_id=organisation.id,
        offer_id=offer.id,
        name="Starthjælp",
        budget_ore=budget_ore,
        reserved_ore=0,
        spent_ore=0,
        second_approval_above_ore=500_000,
    )
    db.session.add(fund)
    db.session.flush()
    return House(
        fund,
        make_member(Role.GRANT_OFFICER, organisation),
        make_member(Role.GRANT_APPROVER, organisation),
        make_member(Role.GRANT_APPROVER, organisation),
        make_member(Role.GRANT_PAYER, organisation),
        make_member(),
    )


def make_application(house: House, *, ore: int = 300_000, state: GrantState = GrantState.ASSESSED) -> GrantApplication:
    """An application over one amount, walked to the state."""
    now, contact, officer = utc_now(), actor_of(house.contact), actor_of(house.officer)
    case = make_case(house.contact)
    application = grants.draft(case_id=case.id, fund=house.fund, actor=contact, now=now)
    application.fund, application.case = house.fund, case
    grants.fill_in(
        application,
        lines=[grants.Line(GrantCategory.BASIC_FURNITURE, ore)],
        other_support="ingen",
        payee_kind=PayeeKind.SHOP,
        account="1234 0000000000",
        actor=contact,
        now=now,
    )
    order = [
        GrantState.DRAFT,
        GrantState.SUBMITTED,
        GrantState.SCREENING,
        GrantState.ASSESSED,
        GrantState.APPROVED,
        GrantState.PAYMENT_ORDERED,
        GrantState.PAID,
    ]
    reached = order.index(state)
    steps = [
        lambda: grants.submit(application, actor=contact, now=now),
        lambda: grants.screen(application, actor=officer, now=now),
        lambda: grant_decisions.recommend(
            application,
            text="Behovet er klart",
            actor=officer,
            now=now,
            amounts={line.id: line.requested_ore for line in grant_queries.list_lines(application)},
        ),
        lambda: [
            grant_decisions.approve(application, actor=actor_of(m), now=now)
            for m in ([house.first, house.second] if ore > 500_000 else [house.first])
        ],
        lambda: grant_payments.order_payment(application, actor=actor_of(house.payer), now=now),
        lambda: grant_payments.pay(
            application, paid_on=local_date(now), reference="B-1", actor=actor_of(house.payer), now=now
        ),
    ]
    for step in steps[:reached]:
        step()
    return application
