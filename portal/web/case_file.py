"""The parts of a case file: one row of links on each of its pages, with those that this reader may open."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, request, url_for

from portal.core.enums import Permission
from portal.core.i18n import _
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.permissions import can
from portal.web.access import current_actor


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, its page (which takes the public id of the case), and what opens it."""

    label: object
    endpoint: str
    group: FieldGroup
    permission: Permission = Permission.CASE_EDIT
    # Whether somebody who works with a part of the case alone opens it too.
    is_in_part: bool = False
    # Other pages that belong to it.
    under: tuple[str, ...] = ()

    def is_open_to(self, seen: Lens) -> bool:
        """Whether the reader may open it."""
        # An emergency opens the first page of the case, and nothing behind it.
        if seen.relation is Relation.BG or not can(current_actor(), self.permission):
            return False
        if seen.sees_all_tracks:
            return seen.shows(self.group)
        return self.is_in_part and (seen.shows(self.group) or seen.reads_own_house)


PARTS = (
    Part(_("Journal"), "cases.journal", FieldGroup.NOTE_CASE, is_in_part=True),
    Part(_("Contact with others"), "contacts.index", FieldGroup.NOTE_CASE, is_in_part=True),
    Part(
        _("Plan"),
        "plans.goals",
        FieldGroup.ENROL_TRACK_STATE,
        under=(
            *("plans.goal", "plans.new_goal", "plans.edit_goal", "plans.needs", "plans.stay_plan", "plans.for_her"),
            *("plans.stay_plan_version", "plans.write_stay_plan", "plans.municipal_plan"),
        ),
    ),
    Part(
        _("Safety"),
        "risk.overview",
        FieldGroup.RISK_NARRATIVE_PERPETRATOR,
        under=("risk.assess", "risk.event", "risk.plan", "risk.old_plan", "risk.violence", "apart.index"),
    ),
    Part(
        _("Children"),
        "children.index",
        FieldGroup.CHILD_IDENTITY,
        under=(
            *("children.new", "children.child", "children.change", "children.setting", "children.ask_for_place"),
            *("children.new_concern", "children.concern", "children.letter"),
        ),
    ),
    Part(_("Stays"), "cases.stay", FieldGroup.CHILD_IDENTITY, under=("cases.admission", "cases.ended_stay")),
    Part(_("Deadlines"), "deadlines.of_case", FieldGroup.ENROL_TRACK_STATE, is_in_part=True),
    Part(
        _("Papers"),
        "documents.index",
        FieldGroup.DOCUMENT_FILE,
        is_in_part=True,
        under=("documents.new", "documents.edit", "documents.handover", "documents.review", "documents.records"),
    ),
    Part(_("Before she leaves"), "bridge.index", FieldGroup.CTI_PHASE_CONTACTS),
    Part(
        _("Counselling"),
        "counselling.coordinating",
        FieldGroup.ENROL_TRACK_STATE,
        Permission.COUNSELLING_RECORD,
        is_in_part=True,
    ),
    Part(_("Consents"), "cases.consents_page", FieldGroup.CONSENT_RECORD),
)


def parts(seen: Lens, public_id: str) -> Iterator[dict[str, object]]:
    """The links of the file, the one on which one stands marked. Nothing where only the first would be left."""
    shown = [part for part in PARTS if part.is_open_to(seen)]
    if not shown:
        return
    here = request.endpoint
    yield {
        "label": str(_("At a glance")),
        "url": url_for("cases.detail", public_id=public_id),
        "is_current": here == "cases.detail",
    }
    for part in shown:
        is_current = here == part.endpoint or here in part.under
        yield {
            "label": str(part.label),
            "url": url_for(part.endpoint, public_id=public_id),
            "is_current": is_current,
        }


def init_app(app: Flask) -> None:
    """Templates call `case_parts(seen, public_id)`; `cases/_parts.html` shows them."""
    app.jinja_env.globals.update(case_parts=parts)
