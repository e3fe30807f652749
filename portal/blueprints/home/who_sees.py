"""Who sees what: the table itself, in words, for everybody who has signed in."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.home import bp
from portal.core.enums import Permission
from portal.domain.disclosure import FieldGroup, Relation, code, raised
from portal.domain.labels import label
from portal.domain.labels.disclosure import LETTERS, RAISED
from portal.domain.modifiers import MODIFIERS
from portal.domain.relations import usual_relation
from portal.web.access import access, current_actor


@bp.get("/who-sees-what")
@access(Permission.ACCOUNT_MANAGE)
def who_sees_what() -> ResponseReturnValue:
    """What one relation to a case opens, or the whole table with `as=all`; one's own relation unless one chooses."""
    asked = request.args.get("as", "")
    own = usual_relation(current_actor().role)
    relation = Relation(asked) if asked in set(Relation) else own
    return render_template(
        "home/who_sees.html",
        is_all=asked == "all",
        relation=relation,
        own=own,
        relations=list(Relation),
        here=url_for("home.who_sees_what"),
        parts=_parts(relation),
        rows=_rows() if asked == "all" else [],
        letters=LETTERS,
        numbers=_numbers(None if asked == "all" else relation),
        modifiers=[(_when(one.name, one.when), one.effect) for one in MODIFIERS if one.name.startswith("M")],
    )


def _parts(relation: Relation) -> list[tuple[str, object, list[str]]]:
    """Letter, its words, and the groups of fields that have it for this relation."""
    cells = [(code(group, relation), label(group) + raised(group, relation)) for group in FieldGroup]
    found = [(letter, words, [name for own, name in cells if own == letter]) for letter, words in LETTERS.items()]
    return [part for part in found if part[2]]


def _rows() -> list[tuple[str, list[str]]]:
    return [
        (label(group), [code(group, relation) + raised(group, relation) for relation in Relation])
        for group in FieldGroup
    ]


def _numbers(relation: Relation | None) -> dict[str, object]:
    """The raised numbers that stand on the page, with their words."""
    shown = [relation] if relation else list(Relation)
    used = {raised(group, one) for group in FieldGroup for one in shown}
    return {number: words for number, words in RAISED.items() if number in used}


def _when(name: str, when: Any) -> str:
    return _("%(name)s: %(when)s", name=name, when=when)
