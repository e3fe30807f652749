"""What is looked for, and what a place says of itself."""

from typing import Any

from portal.core.enums import Region
from portal.core.i18n import _
from portal.core.kinds import TrackKind
from portal.domain.labels import label
from portal.domain.vacancies import MOST_CHILDREN, OLDEST, ROOMS, Room, Spoken
from portal.services.vacancies import Facts
from portal.web.fields import Day, Pick, PortalForm, Radio, Several, Whole, optional, required
from portal.web.filters import telephone
from portal.web.texts import Line
from portal.web.versions import VersionedForm

YES, NO, UNSAID = "yes", "no", "unsaid"
ACCESS = ((UNSAID, _("Not said")), (YES, _("Yes")), (NO, _("No")))


def _kinds() -> list[tuple[str, str]]:
    kinds = [(kind.value, label(kind)) for kind in TrackKind if kind is not TrackKind.GRANT]
    return [("", _("All")), (ROOMS, _("Rooms at crisis centres")), *kinds]


class FilterForm(PortalForm):
    """What somebody looks for. Codes alone stand in the address."""

    class Meta:
        csrf = False

    kind = Pick(_("What"), [optional()], choices=_kinds)
    region = Pick(_("Region"), [optional()], kind=Region, empty=_("All"))
    room = Pick(_("Free"), [optional()], kind=Room, empty=_("All"))
    children = Whole(_("Children along"), [optional()], low=0, high=MOST_CHILDREN)
    age = Whole(_("Age of the oldest"), [optional()], low=0, high=OLDEST)
    accessible = Pick(_("Wheelchair"), [optional()], choices=[("", _("All")), ("1", _("Must be possible"))])
    language = Pick(_("Language"), [optional()], kind=Spoken, empty=_("All"))


class WatchForm(PortalForm):
    """Until when somebody wants to be told. What for stands in the page's own codes."""

    ends_on = Day(_("Until when?"), [optional()])


class FactsForm(VersionedForm):
    """Whom a place can take."""

    most_children = Whole(_("Most children with one mother"), [optional()], low=0, high=MOST_CHILDREN)
    oldest_child = Whole(_("Age of the oldest child"), [optional()], low=0, high=OLDEST)
    is_accessible = Radio(_("Can somebody in a wheelchair come in?"), [required()], choices=ACCESS, default=UNSAID)
    languages = Several(_("Languages spoken without an interpreter"), kind=Spoken)

    def facts(self) -> Facts:
        """What was said."""
        return Facts(
            most_children=self.most_children.data,
            oldest_child=self.oldest_child.data,
            is_accessible={YES: True, NO: False}.get(self.is_accessible.data),
            languages=tuple(Spoken(code) for code in self.languages.data or ()),
        )


class RoomsForm(FactsForm):
    """How many rooms the centre has free."""

    rooms = Whole(_("Free rooms"), [required()], low=0, high=99)
    free_on = Day(_("From which day?"), [required()])
    duty_phone = Line(
        _("Telephone of whoever is on duty, day and night"),
        [optional()],
        description=_(
            "Shown to everybody who looks for a room. Write only a number that does not tell where you are."
            " Without one they are told to call 1888."
        ),
    )


def known(place: Any) -> dict[str, Any]:
    """What a place has said, for its form."""
    if place is None:
        return {"version": 0}
    said = {True: YES, False: NO}.get(place.is_accessible, UNSAID)
    return {
        "version": place.version,
        "rooms": place.rooms,
        "free_on": place.free_on,
        "duty_phone": telephone(place.duty_phone) if place.duty_phone else "",
        "most_children": place.most_children,
        "oldest_child": place.oldest_child,
        "is_accessible": said,
        "languages": place.languages,
    }
