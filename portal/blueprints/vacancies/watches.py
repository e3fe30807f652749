"""Being told when a place opens."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.vacancies import bp
from portal.blueprints.vacancies.board import CODES, codes_sent
from portal.blueprints.vacancies.forms import WatchForm
from portal.blueprints.vacancies.view import wanted_words
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.vacancies import read_wanted
from portal.queries import vacancies as queries
from portal.services import vacancies as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


def _page(form: WatchForm | None = None) -> str:
    rows = queries.list_watches(current_actor(), today=local_date(utc_now()))
    return render_template(
        "vacancies/watches.html",
        rows=[(row, wanted_words(read_wanted(row.wanted))) for row in rows],
        form=form,
        codes={name: code for name in CODES if form is not None and (code := request.form.get(name))},
    )


@bp.get("/watches")
@access(Permission.PROGRAMME_VIEW)
def watches() -> ResponseReturnValue:
    """What I watch for."""
    return _page()


@bp.post("/watches")
@access(Permission.PROGRAMME_VIEW, audit=Audit.PLACE_WATCHED)
def watch() -> ResponseReturnValue:
    """Ask to be told when such a place opens."""
    form, then = WatchForm(), url_for("vacancies.watches")
    wanted = codes_sent(request.form)

    def act() -> None:
        service.watch(wanted, ends_on=form.ends_on.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=then):
        return after_change(then, message=_("You are told when such a place opens."))
    return _page(form), form.status


@bp.post("/watches/<public_id>/stop")
@access(Permission.PROGRAMME_VIEW, audit=Audit.PLACE_WATCH_ENDED)
def stop(public_id: str) -> ResponseReturnValue:
    """Stop watching."""
    found, then = queries.get_watch(current_actor(), public_id), url_for("vacancies.watches")
    with transaction(then=then):
        service.stop(found, actor=current_actor(), now=utc_now())
    return after_change(then, message=_("You are no longer told of it."))
