"""What a centre says of its rooms, and an offer of whom it can take."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.vacancies import bp
from portal.blueprints.vacancies.forms import FactsForm, RoomsForm, known
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.queries import programmes as programme_queries
from portal.queries import vacancies as queries
from portal.services import vacancies as service
from portal.web.access import access, current_actor
from portal.web.case_pages import form_page
from portal.web.filters import in_language
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against

FACTS = ("most_children", "oldest_child", "is_accessible", "languages")
MAY_BE_EMPTY = {"duty_phone", "most_children", "oldest_child", "languages"}


def _fields(names: tuple[str, ...]) -> list[tuple[str, object | None, bool]]:
    return [(name, None, name in MAY_BE_EMPTY) for name in names]


def _rooms_form() -> RoomsForm:
    place = queries.find_rooms(current_actor())
    # The number of yesterday is the best guess, and it counts from today.
    return RoomsForm(formdata=None, data={**known(place), "free_on": local_date(utc_now())})


def _rooms_page(form: RoomsForm, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Free rooms at our centre"),
        _fields(("rooms", "free_on", "duty_phone", *FACTS)),
        button=_("Save"),
        back=url_for("vacancies.board"),
        intro=_(
            "Others see the number, the region, whom you can take and the telephone that you write here. "
            "They never see where you are."
        ),
        status=status,
    )


@bp.get("/rooms")
@access(Permission.CASE_OPEN)
def rooms() -> ResponseReturnValue:
    """The own centre's free rooms."""
    return _rooms_page(_rooms_form())


@bp.post("/rooms")
@access(Permission.CASE_OPEN, audit=Audit.PLACE_TOLD)
def tell_rooms() -> ResponseReturnValue:
    """Say how many rooms are free."""
    queries.find_rooms(current_actor())
    form, then = RoomsForm(), url_for("vacancies.board")

    def act() -> None:
        service.tell_rooms(
            form.rooms.data,
            form.free_on.data,
            form.facts(),
            duty_phone=form.duty_phone.data or "",
            version=form.seen,
            actor=current_actor(),
            now=utc_now(),
        )

    if saved(form, act, then=then):
        return after_change(then, message=_("The rooms are up to date."))
    return _rooms_page(against(form, _rooms_form), form.status)


def _facts_page(offer: Any, form: FactsForm, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Whom %(programme)s can take", programme=in_language(offer.programme, "name")),
        _fields(FACTS),
        button=_("Save"),
        back=url_for("programmes.index"),
        status=status,
    )


@bp.get("/offers/<public_id>")
@access(Permission.REFERRAL_ANSWER)
def facts(public_id: str) -> ResponseReturnValue:
    """Whom an own offer can take."""
    offer = programme_queries.get_own_offer(current_actor(), public_id)
    return _facts_page(offer, FactsForm(formdata=None, data=known(queries.find_facts(offer))))


@bp.post("/offers/<public_id>")
@access(Permission.REFERRAL_ANSWER, audit=Audit.PLACE_TOLD)
def tell_facts(public_id: str) -> ResponseReturnValue:
    """Say whom an own offer can take."""
    offer, form = programme_queries.get_own_offer(current_actor(), public_id), FactsForm()
    then = url_for("programmes.index")

    def act() -> None:
        service.tell_facts(offer, form.facts(), version=form.seen, actor=current_actor(), now=utc_now())

    if saved(form, act, then=then):
        return after_change(then, message=_("It is saved, and stands on the board."))
    offer = programme_queries.get_own_offer(current_actor(), public_id)
    fresh = FactsForm(formdata=None, data=known(queries.find_facts(offer)))
    return _facts_page(offer, against(form, lambda: fresh), form.status)
