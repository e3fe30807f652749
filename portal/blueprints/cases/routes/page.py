"""The page of one case."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.cases import bp, view
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.measures import InstrumentKey
from portal.core.pages import Page
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.permissions import can
from portal.queries import (
    case_ahead,
    case_courses,
    case_page,
    case_parts,
    case_team,
    case_timeline,
    children,
    followups,
    plans,
)
from portal.queries import cases as case_queries
from portal.web import safe_contact
from portal.web.access import access, current_actor, log_view
from portal.web.children import child_name
from portal.web.curves import one_a_day
from portal.web.paging import read_page
from portal.web.past import past_items


@bp.get("/<public_id>")
@access(Permission.CASE_VIEW, Permission.CASE_EMERGENCY)
def detail(public_id: str) -> ResponseReturnValue:
    """Everything about one case that this reader may see."""
    actor, today, after = current_actor(), local_date(utc_now()), request.args.get("after")
    header = case_page.header(actor, public_id, today=today)
    seen = header.seen
    courses = case_courses.list_courses(actor, header.id, seen)
    ahead = case_ahead.list_ahead(actor, header.id, seen, today=today)
    past = read_page(lambda: case_timeline.list_past(actor, header.id, seen, after=after, pins_first=True))
    hers = children.glance(header.id, seen, today=today)
    opened = case_team.access(header.id) if seen.shows(FieldGroup.AUDIT_CASE_ACCESS) else None
    can_do = _flags(header)
    log_view(case_id=header.id, relation=seen.relation, page=Page.CASE)
    return render_template(
        "cases/detail.html",
        header=header,
        courses=courses,
        next_items=view.next_items(ahead, public_id),
        curve=_curve(header),
        **_been(past, public_id, {one.public_id: child_name(one) for one in hers}),
        **_turning(public_id, past.following, after),
        access=opened,
        plan=plans.glance(header.id) if can_do["plan"] else [],
        **_words(header, courses, hers, ahead),
        can=can_do,
    )


def _been(past: case_timeline.PastPage, public_id: str, names: dict[str, str]) -> dict[str, Any]:
    """What has been, and what stands above it."""
    parts = {"items": past.rows, "pinned": past.pinned, "waiting": past.waiting}
    all_of_page = [row for rows in parts.values() for row in rows]
    return {part: past_items(rows, public_id, names, all_of_page) for part, rows in parts.items()}


def _turning(public_id: str, following: str | None, after: str | None) -> dict[str, str | None]:
    """The pages before and after this one of what has been."""
    return {
        "more_url": url_for("cases.detail", public_id=public_id, after=following) if following else None,
        "first_url": url_for("cases.detail", public_id=public_id) if after else None,
    }


def _curve(header: case_page.Header) -> list[tuple[str, int | None]]:
    """How safe she has felt, from follow-up to follow-up; nothing for a reader without scores."""
    if not header.seen.shows(FieldGroup.OUTCOME_SCORES):
        return []
    points = followups.curves(current_actor(), header.id).get(InstrumentKey.SAFETY_FEELING, [])
    return one_a_day(points)


def _words(
    header: case_page.Header,
    courses: list[case_courses.Course],
    hers: list[children.ChildFacts],
    ahead: list[case_ahead.Ahead],
) -> dict[str, Any]:
    sentence, colour = safe_contact.sentence(header.card)
    today = local_date(utc_now())
    return {
        "chips": [*view.alone(ahead, today), *view.chips(header, courses)],
        "strip": sentence,
        "strip_kind": colour,
        "strip_age": safe_contact.age(header.card),
        "facts": view.facts(header, hers),
        "danger_days": (today - header.safety_assessed_on).days if header.safety_assessed_on else 0,
        "ribbon": view.ribbon_of(courses, today),
        "first_steps": view.first_steps(header),
        "left": case_queries.count_unfinished(header.id) if header.died_on and _works_on_all(header) else None,
    }


def _flags(header: case_page.Header) -> dict[str, bool]:
    """What the page offers: buttons follow the lens and the role, never the state alone."""
    actor, seen = current_actor(), header.seen
    works = seen.relation is Relation.CT and can(actor, Permission.CASE_EDIT) and not header.is_over
    edits, lives = works and header.is_open, header.died_on is None
    return {
        "edit": edits,
        "contact": seen.shows(FieldGroup.CONTACT_SAFE_RULES),
        # In an emergency the case is read on this page alone.
        "follow": seen.relation is not Relation.BG,
        "note": edits,
        "refer": edits and lives and can(actor, Permission.REFERRAL_MAKE),
        "meet": header.is_open and seen.relation is not Relation.BG and can(actor, Permission.MEETING_MANAGE),
        "children": edits and seen.shows(FieldGroup.CHILD_IDENTITY),
        "address": edits and seen.may_reveal(FieldGroup.ADDR_EXACT),
        "reveal": header.has_address,
        "safety": edits and lives and seen.shows(FieldGroup.RISK_NARRATIVE_PERPETRATOR),
        "stay": edits and seen.sees_all_tracks,
        "decide": works and seen.sees_all_tracks and seen.shows(FieldGroup.NOTE_CASE),
        "plan": works and seen.sees_all_tracks and seen.edits(FieldGroup.ENROL_TRACK_STATE),
        "consents": seen.edits(FieldGroup.CONSENT_RECORD) and can(actor, Permission.CASE_EDIT),
        "reopen": _works_on_all(header) and not header.is_open,
        # One hears of it also when the case is closed.
        "standing": _works_on_all(header),
        "access": works and seen.shows(FieldGroup.AUDIT_CASE_ACCESS),
        "rights": can(actor, Permission.RIGHTS_RECORD) and seen.sees_all_tracks and seen.relation is Relation.CT,
    }


def _works_on_all(header: case_page.Header) -> bool:
    """Whether the reader works on the whole case, open or closed."""
    seen = header.seen
    return seen.relation is Relation.CT and seen.sees_all_tracks and can(current_actor(), Permission.CASE_EDIT)


@bp.get("/notices/<public_id>")
@access(Permission.CASE_EDIT)
def open_notice(public_id: str) -> ResponseReturnValue:
    """From the work list to the page of a notice."""
    case_id = case_parts.case_of_notice(current_actor(), public_id)
    return redirect(url_for("cases.notice", public_id=case_id, notice_id=public_id), 303)
