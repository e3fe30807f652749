"""The other parent asks for the child's dossier: nothing in it tells where the child is (threat T7)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.messages import MessageKind
from portal.core.rights import Capacity, Harm, IdentityCheck, RefusalGround, RightsKind, RightsState
from portal.core.states import DeadlineState
from portal.db import db
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.rights import RightsRequest
from portal.models.users import Membership
from portal.queries import rights as queries
from portal.services import access_export, blocks, dossier, rights, rights_second
from tests.factories.people import actor_of, make_member
from tests.factories.subjects import Populated, populate

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
NEEDS = "Trives på Skovvangskolen. Bor Nørregade 12, 8000 aarhus c. Ring 20 30 40 50. Mor hedder Anna."
pytestmark = pytest.mark.usefixtures("session")


class Story:
    """A request of the other parent, with the two people who answer it."""

    def __init__(self) -> None:
        self.made: Populated = populate("hende")
        child = db.session.get_one(Child, self.made.child_id)
        child.needs = NEEDS
        db.session.flush()
        house = self.made.member.organisation_id
        self.first, self.second = _member(Role.DATA_PROTECTION_OFFICER, house), _member(Role.SAFETY_OFFICER, house)
        case = db.session.get_one(Case, self.made.case.id)
        self.request: RightsRequest = rights.record(
            case,
            kind=RightsKind.CHILD_DOSSIER,
            capacity=Capacity.OTHER_PARENT,
            child=child,
            received_on=date(2026, 11, 19),
            asked_by_note="faderen ved advokat",
            actor=actor_of(self.made.member),
            now=NOW,
        )
        self.request.case, self.request.child = case, child
        self.given: dict[str, Any] = {"actor": actor_of(self.first), "now": NOW}
        self.other: dict[str, Any] = {"actor": actor_of(self.second), "now": NOW}

    def prepare(self) -> None:
        rights.take(self.request, IdentityCheck.CUSTODY_PAPER, **self.given)
        dossier.prepare(self.request, **self.given)

    def handed_out(self) -> str:
        return " ".join(str(line.value) for line in dossier.lines(self.request))

    def text(self, column: str) -> Any:
        return next(one for one in queries.list_texts(self.request) if one.source == f"child.{column}")


def _member(role: Role, organisation_id: int) -> Membership:
    from portal.models.organisations import Organisation

    return make_member(role, db.session.get_one(Organisation, organisation_id))


def test_places_and_numbers_are_struck_before_anybody_looks() -> None:
    story = Story()
    story.prepare()
    shown = story.handed_out()
    for hidden in ("Skovvang", "Nørregade", "aarhus", "20 30 40 50"):
        assert hidden not in shown
    assert "Trives på" in shown


def test_only_the_child_stands_in_it() -> None:
    story = Story()
    story.prepare()
    shown = story.handed_out()
    foreign = [place for place, mark in story.made.marks.items() if mark in shown and place[0] != "child"]
    assert foreign == []
    assert "advokat" not in shown


def test_the_person_strikes_third_people_by_hand() -> None:
    story = Story()
    story.prepare()
    dossier.strike(story.request, story.text("needs"), "Anna", **story.given)
    assert "Anna" not in story.handed_out()


def test_nothing_leaves_before_harm_was_assessed_and_a_second_person_said_yes() -> None:
    story = Story()
    story.prepare()
    with pytest.raises(Invalid):
        rights_second.propose(story.request, **story.given)
    rights.assess_harm(story.request, Harm.POSSIBLE, "han kender skolen", **story.given)
    rights_second.propose(story.request, **story.given)
    with pytest.raises(NotNow):
        dossier.check_released(story.request)
    with pytest.raises(Forbidden):
        rights_second.confirm(story.request, **story.given)
    rights_second.confirm(story.request, **story.other)
    dossier.check_released(story.request)
    assert story.request.seconded_by_id == story.second.user_id != story.request.taken_by_id


def test_serious_harm_is_refused_and_never_released() -> None:
    story = Story()
    story.prepare()
    rights.assess_harm(story.request, Harm.SERIOUS, "truet med at hente barnet", **story.given)
    with pytest.raises(Invalid):
        rights_second.propose(story.request, **story.given)
    rights.refuse(story.request, RefusalGround.HARM, "se vurderingen", **story.given)
    assert story.request.state is RightsState.REFUSED
    with pytest.raises(NotNow):
        dossier.check_released(story.request)


def test_what_was_found_is_shown_only_with_two() -> None:
    story = Story()
    story.prepare()
    text = story.text("needs")
    dossier.want_shown(story.request, text, 0, **story.given)
    rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    with pytest.raises(NotNow):
        dossier.agree_to_show(story.request, text, 0, **story.other)
    rights_second.propose(story.request, **story.given)
    with pytest.raises(Forbidden):
        dossier.agree_to_show(story.request, text, 0, **story.given)
    assert "Skovvang" not in story.handed_out()
    dossier.agree_to_show(story.request, text, 0, **story.other)
    assert "Skovvangskolen" in story.handed_out()


def test_what_is_written_while_it_waits_does_not_slip_in() -> None:
    story = Story()
    story.prepare()
    story.request.child.needs = "Bor nu Nygade 4"  # type: ignore[union-attr]
    db.session.flush()
    assert "Nygade" not in story.handed_out()
    assert "Trives på" in story.handed_out()


def test_sent_back_it_can_be_worked_on() -> None:
    story = Story()
    story.prepare()
    rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    rights_second.propose(story.request, **story.given)
    with pytest.raises(Invalid):
        rights_second.send_back(story.request, "  ", **story.other)
    rights_second.send_back(story.request, "Skolen står stadig i teksten", **story.other)
    assert story.request.return_reason == "Skolen står stadig i teksten"
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.RIGHTS_SENT_BACK)
    assert db.session.scalars(told).all() == [story.request.taken_by_id]
    dossier.strike(story.request, story.text("needs"), "Anna", **story.given)
    assert story.request.state is RightsState.IN_WORK


def test_sent_back_after_the_first_has_left_it_is_told_to_her_colleagues() -> None:
    story = Story()
    story.prepare()
    rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    rights_second.propose(story.request, **story.given)
    next_one = _member(Role.DATA_PROTECTION_OFFICER, story.first.organisation_id)
    story.first.ended_at = NOW
    db.session.flush()
    rights_second.send_back(story.request, "Skolen står stadig i teksten", **story.other)
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.RIGHTS_SENT_BACK)
    assert db.session.scalars(told).all() == [next_one.user_id]


def test_the_other_parent_shows_papers(session: Any) -> None:
    story = Story()
    with pytest.raises(Invalid):
        rights.take(story.request, IdentityCheck.PHOTO_ID, **story.given)


def test_the_texts_are_sealed_in_the_database(session: Any) -> None:
    story = Story()
    story.prepare()
    raw = session.execute(sa.text("SELECT text FROM dossier_text")).scalars().all()
    assert raw and all(b"Skovvang" not in bytes(one) for one in raw)


def test_the_mothers_own_export_says_nothing_of_the_others_request() -> None:
    story = Story()
    mine = rights.record(
        story.request.case,
        kind=RightsKind.ACCESS,
        capacity=Capacity.HERSELF,
        received_on=NOW.date(),
        actor=actor_of(story.made.member),
        now=NOW,
    )
    mine.case = story.request.case
    text = str([[entry.values for entry in one.entries] for one in access_export.of_woman(mine).sections])
    assert "advokat" not in text


def test_nobody_is_asked_before_the_texts_have_been_taken_down() -> None:
    story = Story()
    rights.take(story.request, IdentityCheck.CUSTODY_PAPER, **story.given)
    rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    with pytest.raises(NotNow):
        rights_second.propose(story.request, **story.given)
    dossier.prepare(story.request, **story.given)
    rights_second.propose(story.request, **story.given)
    assert story.request.state is RightsState.WAITING


def test_a_second_person_is_asked_only_where_there_is_one_who_may_see_the_case() -> None:
    story = Story()
    story.prepare()
    rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    assert list(queries.list_seconds(story.request, story.given["actor"]).values()) == [story.second.user.name]
    given = {"actor": actor_of(story.made.member), "now": NOW, "reason": None}
    blocks.keep_out(story.request.case, user_id=story.second.user_id, **given)
    assert queries.list_seconds(story.request, story.given["actor"]) == {}
    with pytest.raises(NotNow):
        rights_second.propose(story.request, **story.given)
    assert story.request.state is RightsState.IN_WORK


def test_the_first_takes_it_back_and_nobody_else() -> None:
    story = Story()
    story.prepare()
    rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    with pytest.raises(NotNow):
        rights_second.recall(story.request, **story.given)
    rights_second.propose(story.request, **story.given)
    other = _member(Role.DATA_PROTECTION_OFFICER, story.made.member.organisation_id)
    with pytest.raises(Forbidden):
        rights_second.recall(story.request, actor=actor_of(other), now=NOW)
    assert waits_for(story) == {story.second.user_id}
    rights_second.recall(story.request, **story.given)
    assert story.request.state is RightsState.IN_WORK
    assert waits_for(story) == set()


def waits_for(story: Story) -> set[int | None]:
    """On whose work lists it stands as the second person's."""
    mine = (Deadline.subject_public_id == story.request.public_id, Deadline.kind == DeadlineKind.SECOND_PERSON)
    return set(db.session.scalars(sa.select(Deadline.owner_id).where(*mine, Deadline.state == DeadlineState.OPEN)))


def test_a_house_without_an_officer_is_told_that_nobody_can_answer() -> None:
    made: Populated = populate("hende")
    house = made.member.organisation_id
    administrator = _member(Role.ADMINISTRATOR, house)
    case = db.session.get_one(Case, made.case.id)
    asked = {"kind": RightsKind.ACCESS, "capacity": Capacity.HERSELF, "received_on": date(2026, 11, 19)}
    given = {"actor": actor_of(made.member), "now": NOW}
    rights.record(case, **asked, **given)
    told = sa.select(Message.recipient_id, Message.kind, Message.case_id).order_by(Message.id.desc())
    assert tuple(db.session.execute(told).first() or ()) == (
        administrator.user_id,
        MessageKind.RIGHTS_WITHOUT_OFFICER,
        None,
    )
    officer = _member(Role.DATA_PROTECTION_OFFICER, house)
    assert case.reference in {row.reference for row in queries.list_requests(actor_of(officer))[0]}
    rights.record(case, **asked, **given)
    assert tuple(db.session.execute(told).first() or ())[:2] == (officer.user_id, MessageKind.RIGHTS_REQUESTED)


def test_whether_the_child_is_with_the_mother_is_not_told() -> None:
    story = Story()
    story.prepare()
    assert "is_along" not in {line.column for line in dossier.lines(story.request)}


def test_a_judgement_that_was_changed_stays_visible_to_the_second_person() -> None:
    story = Story()
    story.prepare()
    rights.assess_harm(story.request, Harm.SERIOUS, "Han har truet med at opsøge dem", **story.given)
    assert [str(one) for one in rights_second.obstacles_to_ask(story.request, story.given["actor"])]
    with pytest.raises(Invalid) as refused:
        rights.assess_harm(story.request, Harm.NONE_SEEN, None, **story.given)
    assert refused.value.field == "reason"
    rights.assess_harm(story.request, Harm.NONE_SEEN, "Truslen var en andens", **story.given)
    db.session.commit()
    seen = queries.written(queries.get(story.given["actor"], story.request.public_id))
    assert seen.harm_before == ((Harm.SERIOUS, "Han har truet med at opsøge dem"),)
    assert rights_second.obstacles_to_ask(story.request, story.given["actor"]) == []


def test_who_cannot_show_who_he_is_is_refused_without_pretending_that_he_did() -> None:
    story = Story()
    rights.refuse(story.request, RefusalGround.IDENTITY, "Viste ingen papirer", **story.given)
    assert story.request.state is RightsState.REFUSED
    assert story.request.identity_check is IdentityCheck.NOT_YET
