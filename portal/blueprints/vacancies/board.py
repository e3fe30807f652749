"""The board: what has room now and soon, and what of it fits a case."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.vacancies import bp
from portal.blueprints.vacancies.forms import FilterForm, WatchForm
from portal.blueprints.vacancies.view import shown, wanted_words
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission, Region
from portal.core.pages import Page
from portal.domain.disclosure import FieldGroup
from portal.domain.permissions import can
from portal.domain.vacancies import MOST_CHILDREN, OLDEST, Wanted, read_wanted, spoken_in
from portal.queries import cases as case_queries
from portal.queries import known as known_queries
from portal.queries import requests as request_queries
from portal.queries import vacancies as queries
from portal.queries.visibility import relation_of
from portal.services import vacancies as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import lens_of
from portal.web.htmx import after_change
from portal.web.paging import read_page
from portal.web.submissions import transaction

CODES = ("kind", "region", "room", "children", "age", "accessible", "language")


def codes_sent(values: Any) -> Wanted:
    """What is looked for, from an address or a form; 400 for what is no code."""
    try:
        return read_wanted({name: values.get(name) for name in CODES})
    except ValueError:
        abort(400)


@bp.get("/")
@access(Permission.PROGRAMME_VIEW)
def board() -> ResponseReturnValue:
    """What has room, by what is looked for; without anything in the address, by the reader's own view."""
    actor, now = current_actor(), utc_now()
    is_own_view = not any(name in request.args for name in CODES)
    sent = FilterForm(request.args)
    wrong = set() if is_own_view else _mistyped(sent)
    given = queries.standard_of(actor) if is_own_view else request.args
    wanted = codes_sent({name: given.get(name) for name in CODES if name not in wrong})
    after = request.args.get("after")
    rows, following = read_page(lambda: queries.list_places(wanted, now=now, after=after))
    codes = wanted.codes()
    return render_template(
        "vacancies/board.html",
        rows=shown(rows, _refer_url(actor)),
        form=sent if wrong else FilterForm(formdata=None, data=codes),
        watch_form=WatchForm(formdata=None),
        codes=codes,
        said=wanted_words(wanted),
        is_own_view=is_own_view,
        may_tell=can(actor, Permission.CASE_OPEN) and queries.has_rooms(actor),
        next_url=_next(codes, following) if following else None,
    ), 422 if wrong else 200


def _mistyped(sent: FilterForm) -> set[str]:
    """The numbers that are none: said beside their fields, while the rest is looked for."""
    sent.validate()
    return {name for name in ("children", "age") if sent[name].errors}


def _refer_url(actor: Any) -> str | None:
    return url_for("referrals.start") if can(actor, Permission.REFERRAL_MAKE) else None


def _next(codes: dict[str, str], following: str) -> str:
    # "kind=" says that everything is looked for, not the reader's own view.
    given: dict[str, Any] = {"kind": "", **codes, "after": following}
    return url_for("vacancies.board", **given)


@bp.post("/standard")
@access(Permission.PROGRAMME_VIEW, audit=Audit.PLACE_STANDARD_SAVED)
def save_standard() -> ResponseReturnValue:
    """Keep what is shown as one's own view."""
    wanted = codes_sent(request.form)
    with transaction(then=url_for("vacancies.board")):
        service.save_standard(wanted, actor=current_actor(), now=utc_now())
    return after_change(url_for("vacancies.board"), message=_("This is your view of free places from now on."))


@bp.get("/for/<public_id>")
@access(Permission.REFERRAL_MAKE)
def fits(public_id: str) -> ResponseReturnValue:
    """What has room and fits a case: from what the case says, nothing of which stands in the address."""
    actor, now = current_actor(), utc_now()
    case = case_queries.get(actor, public_id)
    wanted = _wanted_for(case, lens_of(actor, case))
    after = request.args.get("after")
    rows, following = read_page(lambda: queries.list_places(wanted, now=now, after=after))
    listed, said = shown(rows, url_for("referrals.start", case=public_id)), wanted_words(wanted)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.PLACES)
    return render_template(
        "vacancies/fits.html",
        rows=listed,
        said=said,
        public_id=public_id,
        next_url=url_for("vacancies.fits", public_id=public_id, after=following) if following else None,
    )


def _wanted_for(case: Any, seen: Any) -> Wanted:
    """What she needs, as far as the reader sees it: region, children, stairs, language."""
    region = request_queries.region_of(case) if seen.shows(FieldGroup.ADDR_AREA) else None
    count, oldest = (0, None)
    if seen.shows(FieldGroup.CHILD_IDENTITY):
        count, oldest = known_queries.facts_of_case(case, local_date(utc_now()))
    sees_needs = seen.shows(FieldGroup.PERSON_LANGUAGE_NEEDS)
    return Wanted(
        region=Region(region) if region else None,
        children=min(count, MOST_CHILDREN) or None,
        age=min(oldest, OLDEST) if oldest is not None else None,
        accessible=sees_needs and case.client.needs_accessible,
        language=spoken_in(case.client.language) if sees_needs else None,
    )
