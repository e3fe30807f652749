"""Handovers: begun by a consent or a law, looked through, and made into a file that is kept as it was sent (R-688)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Language, Permission
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import _
from portal.core.papers import PaperKind, PassingBasis, PassingSection
from portal.core.rights import ConsentScope
from portal.db import db
from portal.domain import passing_on
from portal.domain.passing_on import Passage
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.domain.workflow import check_version
from portal.models.cases import Case
from portal.models.documents import CaseDocument, PassingDraft
from portal.queries import passing_on as queries
from portal.services import case_marks, documents
from portal.services.case_marks import must_be_open


class ConsentMissing(Invalid):
    """She has not agreed to all that the sections tell. `scopes` is what is missing."""

    def __init__(self, scopes: Sequence[ConsentScope]) -> None:
        super().__init__(
            _("She has not agreed that this organisation gets all of it. Ask her, or leave the sections out."),
            field="sections",
        )
        self.scopes = tuple(scopes)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a handover is to be: for whom, by what, with which sections, in which language."""

    receiver: str | None
    basis: PassingBasis
    sections: Sequence[PassingSection]
    language: Language
    reason: str | None = None


Texts = Callable[[Sequence[PassingSection]], list[tuple[PassingSection, str, str]]]


def begin(case: Case, wish: Wish, texts: Texts, *, actor: Actor, now: datetime) -> PassingDraft:
    """Begin a handover, in the place of one that the actor has under way (R-688).

    `texts` says what the case tells under each section, in the receiver's language. What tells where somebody is, is
    struck at once. Raises ConsentMissing, Invalid (field named), NotNow when closed.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    receiver = queries.find_receiver(case, wish.receiver)
    if receiver is None:
        raise Invalid(_("Choose an organisation that the case may go to."), field="recipient")
    sections = [one for one in PassingSection if one in wish.sections]
    if not sections:
        raise Invalid(_("Choose at least one section."), field="sections")
    reason = None if wish.basis is PassingBasis.CONSENT else check_reason(wish.reason)
    _check_basis(case, wish.basis, sections, receiver, actor=actor, now=now)
    drop_own(case, actor=actor)
    known = queries.known_places(case)
    passages = [
        Passage(section, head, text, passing_on.look_through(text, known)) for section, head, text in texts(sections)
    ]
    draft = PassingDraft(
        case_id=case.id,
        recipient_organisation_id=receiver.id,
        language=wish.language,
        basis=wish.basis,
        reason=reason,
        sections=[one.value for one in sections],
        texts=[one.to_json() for one in passages],
        begun_at=now,
        begun_by_id=actor.user_id,
    )
    db.session.add(draft)
    case_marks.record(Audit.HANDOVER_BEGUN, case, actor=actor, now=now, fields=draft.sections)
    db.session.flush()
    return draft


def _check_basis(
    case: Case,
    basis: PassingBasis,
    sections: Sequence[PassingSection],
    receiver: queries.Receiver,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    today = local_date(now)
    if basis is not PassingBasis.CONSENT:
        passing_on.check_ground(basis, actor.role, receiver.kind, on=today)
        return
    missing = passing_on.missing_scopes(sections, queries.scopes_towards(case, receiver.id, on=today))
    if missing:
        raise ConsentMissing(missing)


def keep(
    case: Case, place: int, number: int, reason: str | None, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Let a stretch stand, with a reason. Raises Invalid, Forbidden at special protection, Stale, NotFound."""
    level = case.client.protection_level
    _change(case, place, lambda one: passing_on.keep(one, number, reason, protection_level=level), actor, now, version)


def strike_again(
    case: Case, place: int, number: int, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Strike a stretch that was to stand. Raises Stale, NotFound."""
    _change(case, place, lambda one: passing_on.strike_again(one, number), actor, now, version)


def strike(case: Case, words: str, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Strike words by hand, wherever they stand. Raises Invalid, Stale."""
    draft = _own(case, actor, version)
    _save(case, draft, passing_on.strike(passing_on.read(draft.texts or ()), words), actor, now)


def _change(
    case: Case, place: int, change: Callable[[Passage], Passage], actor: Actor, now: datetime, version: int | None
) -> None:
    draft = _own(case, actor, version)
    passages = passing_on.read(draft.texts or ())
    if not 0 <= place < len(passages):
        raise NotFound
    passages[place] = change(passages[place])
    _save(case, draft, passages, actor, now)


def _own(case: Case, actor: Actor, version: int | None) -> PassingDraft:
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    draft = queries.get_draft(case, actor.user_id)
    check_version(version, draft.version)
    return draft


def _save(case: Case, draft: PassingDraft, passages: Sequence[Passage], actor: Actor, now: datetime) -> None:
    draft.texts = [one.to_json() for one in passages]
    case_marks.record(Audit.HANDOVER_STRUCK, case, actor=actor, now=now)
    db.session.flush()


Print = Callable[[Sequence[Passage], PassingDraft, queries.Receiver], bytes]


def make(
    case: Case, printed: Print, *, theme: str, actor: Actor, now: datetime, version: int | None = None
) -> CaseDocument:
    """Make the file and keep it as it was sent (R-688, R-689). What was struck is not in what is printed.

    Consent, law, receiver and protection are asked once more. Raises ConsentMissing, Invalid, Stale, NotFound, NotNow.
    """
    draft = _own(case, actor, version)
    receiver = queries.receiver_of(draft)
    if queries.find_receiver(case, receiver.public_id) is None:
        raise Invalid(_("Choose an organisation that the case may go to."))
    sections = [PassingSection(one) for one in draft.sections]
    _check_basis(case, draft.basis, sections, receiver, actor=actor, now=now)
    passages = passing_on.read(draft.texts or ())
    passing_on.check_leaves(passages, protection_level=case.client.protection_level)
    leaving = [replace(one, text=passing_on.redacted(one), stretches=()) for one in passages]
    document = documents.keep_made(
        case,
        documents.Said(PaperKind.HANDOVER, theme, local_date(now)),
        printed(leaving, draft, receiver),
        recipient_organisation_id=receiver.id,
        basis=draft.basis,
        actor=actor,
        now=now,
    )
    case_marks.record(Audit.HANDOVER_MADE, case, actor=actor, now=now, fields=[draft.basis.value, *draft.sections])
    drop_own(case, actor=actor)
    return document


def drop_own(case: Case, *, actor: Actor) -> bool:
    """Take away the handover that the actor has under way. Returns whether there was one."""
    gone = db.session.execute(
        sa.delete(PassingDraft)
        .where(PassingDraft.case_id == case.id, PassingDraft.begun_by_id == actor.user_id)
        .returning(PassingDraft.id),
        execution_options={"synchronize_session": "fetch"},
    ).all()
    db.session.flush()
    return bool(gone)


def drop(case: Case, *, actor: Actor, now: datetime) -> None:
    """Drop it by hand. Raises NotFound when there is none."""
    require(actor, Permission.CASE_EDIT)
    if not drop_own(case, actor=actor):
        raise NotFound
    case_marks.record(Audit.HANDOVER_DROPPED, case, actor=actor, now=now)
    db.session.flush()
