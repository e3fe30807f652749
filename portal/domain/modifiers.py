"""What takes away from the table of who sees what: the raised numbers, and the modifiers M2 to M9 (R-371).

Each row says in words when it applies and what it does; none of them can give. M1 (no live session), M3 (a block is
the relation BX), M10 (proof of who she is) and M11 (the day's quota) stand in `decisions.py`: they are asked about
the person, not about the cell.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.i18n import _
from portal.domain.disclosure import FieldGroup as F
from portal.domain.disclosure import Relation as R
from portal.domain.disclosure import code, raised

DAYS_AFTER_CLOSING = 30
LOCATIONS = frozenset({F.ADDR_EXACT, F.HOUSING_UNIT_IDENTITY, F.TASK_ADDRESS})
OTHERS_ON_A_TRACK = frozenset({R.TT, R.VC, R.VO, R.VW})
# What a closed case still says to its team after thirty days: that there was one. That she asks to be given her data is
# taken down here at any time: her right to it does not end.
AFTER_CLOSING = frozenset({F.CASE_EXISTS, F.CASE_REF, F.REFERRAL_STATUS, F.EXPORT_SUBJECT_ACCESS})
# What asking her once more after the end takes, where a follow-up is planned.
FOLLOW_UP = frozenset({F.PERSON_NAME, F.CONTACT_PHONE_EMAIL, F.CONTACT_SAFE_RULES, F.OUTCOME_SCORES})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the modifiers ask about one case, one person and one moment. Unsaid means the narrower answer."""

    is_erased: bool = False
    protection_level: int = 0
    # Full days since the case was closed; None while it is open.
    days_closed: int | None = None
    # A consent to this track's organisation counts today, or none is needed: the case is its own.
    has_consent: bool = False
    # Her window as a referrer or as a volunteer is open, by the database's clock.
    is_in_window: bool = False
    needs_address: bool = False
    involves_children: bool = False
    is_own_track: bool = False
    # The case's team lets this volunteer see the address of this task; somebody of the staff comes along.
    is_approved: bool = False
    is_accompanied: bool = False
    # A follow-up after the end is still to be asked.
    has_follow_up: bool = False
    # What her role sees less of than the relation would open (`domain/cases.narrowed`).
    narrowed: frozenset[F] = frozenset()


# An open case without protection, asked about by somebody to whom every condition applies.
ORDINARY = Circumstances(
    has_consent=True,
    is_in_window=True,
    needs_address=True,
    involves_children=True,
    is_own_track=True,
    is_approved=True,
    is_accompanied=True,
)

Take = Callable[[str, F, R, Circumstances], str]


@dataclass(frozen=True, slots=True)
class Modifier:
    """One row: its name, when it applies, what it takes away."""

    name: str
    when: object
    effect: object
    take: Take


def _raised(code: str, group: F, relation: R, case: Circumstances) -> str:
    unmet = {
        "¹": not case.needs_address,
        "²": case.protection_level >= 1,
        "³": not case.involves_children,
        "⁵": not case.is_own_track,
    }
    return "-" if unmet.get(raised(group, relation), False) else code


def _erased(code: str, group: F, relation: R, case: Circumstances) -> str:
    keeps = relation is R.DP and group is F.AUDIT_CASE_ACCESS
    return "-" if case.is_erased and not keeps else code


def _level_1(code: str, group: F, relation: R, case: Circumstances) -> str:
    if group is F.TASK_ADDRESS and code == "T":
        is_allowed = case.is_approved and (case.is_accompanied or case.protection_level == 0)
        return code if is_allowed else "-"
    if case.protection_level >= 1 and group is F.ADDR_AREA and relation not in (R.IN, R.CT, R.SO, R.BG):
        return "-"
    return code


def _level_2(code: str, group: F, relation: R, case: Circumstances) -> str:
    return "-" if case.protection_level >= 2 and group in LOCATIONS else code


def _closed(code: str, group: F, relation: R, case: Circumstances) -> str:
    if case.days_closed is None:
        return code
    if relation in (*OTHERS_ON_A_TRACK, R.GO):
        return "-"
    if relation is not R.CT or group in AFTER_CLOSING:
        return code
    if case.has_follow_up and group in FOLLOW_UP:
        return code if group is F.OUTCOME_SCORES else "v"
    if case.days_closed >= DAYS_AFTER_CLOSING:
        return "-"
    if group is F.CONSENT_RECORD:
        # Taken back as easily as it was given, for as long as it can be read.
        return code
    return {"e": "v", "R": "r", "c": "-"}.get(code, code)


def _no_consent(code: str, group: F, relation: R, case: Circumstances) -> str:
    return "-" if relation in OTHERS_ON_A_TRACK and not case.has_consent else code


def _window(code: str, group: F, relation: R, case: Circumstances) -> str:
    return "-" if code in "tT" and not case.is_in_window else code


MODIFIERS: tuple[Modifier, ...] = (
    Modifier(
        "¹ ² ³ ⁵",
        _("the course needs no address · from protection level 1 · no children take part · not the own course"),
        _("it is not shown"),
        _raised,
    ),
    Modifier("M2", _("The case is erased"), _("Nothing of it is shown; the trail of who looked stays."), _erased),
    Modifier(
        "M4",
        _("Her name and address are protected"),
        _(
            "Her municipality or region is shown to intake, the team, the safety officer and in an emergency only. "
            "A volunteer opens the address of a task only if the contact person has said yes and staff comes along."
        ),
        _level_1,
    ),
    Modifier(
        "M5",
        _("She has special protection"),
        _("No address and no home of hers is kept here, so none is shown to anybody."),
        _level_2,
    ),
    Modifier(
        "M6",
        _("The case is closed"),
        _(
            "The team can read for 30 days, then only that there was a case, and what a planned follow-up takes. "
            "For as long as it is read, a consent can be taken back; that she asks for her data is taken down at any "
            "time. To see or change more, the case is reopened, with a reason that is kept. "
            "Those who lead a course, volunteers and grant staff see nothing more at once."
        ),
        _closed,
    ),
    Modifier(
        "M7",
        _("Her consent to the organisation of a course is missing, has run out or was taken back"),
        _("Those who lead the course, volunteer coordinators and volunteers see nothing more at once."),
        _no_consent,
    ),
    Modifier(
        "M9",
        _("The time in which something is shown is over, or has not begun"),
        _("It is not shown: to the referrer after 30 days, to a volunteer outside the time of the task."),
        _window,
    ),
)
# The same for readers: what is asked about the person, or about what happens to the case, and not about a cell.
ABOUT_THE_PERSON: tuple[tuple[str, object, object], ...] = (
    ("M1", _("You are not signed in for good, or your place here has ended"), _("Nothing is shown.")),
    (
        "M3",
        _("A person or an organisation is kept out of the case"),
        _("They see nothing of it, also not in an emergency, and also not as safety officer."),
    ),
    (
        "M8",
        _("Something must not be deleted for a legal reason"),
        _("It is kept for so long. Nobody sees more because of it."),
    ),
    (
        "M10",
        _("It is more than five minutes since you proved that it is you"),
        _("Prove it again before you open something protected, hand out data, approve money or change who works here."),
    ),
    (
        "M11",
        _("You have opened all the protected values that a day allows"),
        _("No more open that day, unless the safety officer allows more."),
    ),
)


def code_now(group: F, relation: R, case: Circumstances) -> str:
    """The letter of the table for this group and relation after everything that takes away (R-371)."""
    letter = code(group, relation)
    if group is F.STATS_RELEASED:
        # Bound to no case: nothing about a case can take them.
        return letter
    if group in case.narrowed:
        return "-"
    for modifier in MODIFIERS:
        if letter == "-":
            break
        letter = modifier.take(letter, group, relation, case)
    return letter
