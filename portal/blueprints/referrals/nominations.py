"""The programmes' own forms inside the third step."""

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale

from portal.blueprints.referrals.forms import Nomination, nomination_form, was_shown
from portal.core.clock import utc_now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.domain.programmes import read
from portal.domain.workflow import check_version
from portal.queries.programmes import list_by_public_id
from portal.services import referrals as service
from portal.web.access import current_actor
from portal.web.versions import mark_saved

Parts = list[tuple[Any, Nomination]]


def chosen_forms(requests: Sequence[Any], *, is_draft: bool, is_checked: bool = False) -> Parts:
    """Each chosen programme with its form: what was sent just now, else what is stored."""
    language, made = str(get_locale()), []
    for track in requests:
        form = nomination_form(track, read(track.rules), language, is_draft=is_draft)
        if is_checked and was_shown(track):
            form.validate()
        made.append((track, form))
    return made


def mark_stored(parts: Parts) -> None:
    """Put beside each answer what is stored now, where somebody else was faster."""
    language = str(get_locale())
    for track, form in parts:
        mark_saved(form, nomination_form(track, read(track.rules), language, is_stored=True))


def save_choice(referral: Any, public_ids: Sequence[str], *, version: int) -> list[Any]:
    """Keep which programmes are chosen. Raises Invalid for one that is not there or not possible, Stale."""
    check_version(version, referral.version)
    wanted = list(dict.fromkeys(public_ids))
    offers = list_by_public_id(wanted)
    if len(offers) != len(wanted):
        raise Invalid(_("Choose among those that are shown."), field="offers")
    return service.choose(referral, offers, actor=current_actor(), now=utc_now())


def save_forms(requests: Sequence[Any], parts: Parts) -> None:
    """Keep what could be read in the forms of programmes that are chosen still."""
    chosen = {track.public_id: track for track in requests}
    for track, form in parts:
        if track.public_id in chosen and was_shown(track):
            service.fill_in(chosen[track.public_id], form.values(), actor=current_actor(), now=utc_now())
