"""Who sees what: the table itself, in words, for everybody who has signed in."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.home import bp
from portal.core.enums import Permission
from portal.domain.disclosure import FieldGroup, Relation, code, raised
from portal.domain.labels import label
from portal.domain.labels.disclosure import LETTERS, QUESTIONS, RAISED, REMARKS, STEP_BY_STEP
from portal.domain.modifiers import ABOUT_THE_PERSON, MODIFIERS
from portal.domain.relations import usual_relation
from portal.web.access import access, current_actor


@bp.get("/who-sees-what")
@access(Permission.ACCOUNT_MANAGE)
def who_sees_what() -> ResponseReturnValue:
    """What one relation to a case opens (R-561), or all as a table with `as=all`; one's own unless one chooses."""
    asked = request.args.get("as", "")
    own = usual_relation(current_actor().role)
    relation = Relation(asked) if asked in set(Relation) else own
    return render_template(
        "home/who_sees.html",
        is_all=asked == "all",
        relation=relation,
        own=own,
        questions=QUESTIONS,
        here=url_for("home.who_sees_what"),
        parts=_parts(relation),
        steps=STEP_BY_STEP.get(relation, ()),
        rows=_rows() if asked == "all" else [],
        letters=LETTERS,
        numbers=RAISED,
        takes_away=_takes_away(),
    )


def _parts(relation: Relation) -> list[tuple[str, object, list[str]]]:
    """Letter, its words, and the groups of fields that have it for this relation."""
    cells = [(code(group, relation), _said(group, relation)) for group in FieldGroup]
    found = [(letter, words, [name for own, name in cells if own == letter]) for letter, words in LETTERS.items()]
    return [part for part in found if part[2]]


def _said(group: FieldGroup, relation: Relation) -> str:
    """What the group is, with its condition beside it."""
    conditions = (RAISED.get(raised(group, relation)), REMARKS.get((group, relation)))
    said = ", ".join(str(one) for one in conditions if one is not None)
    return f"{label(group)} ({said})" if said else label(group)


def _rows() -> list[tuple[str, list[str]]]:
    return [
        (label(group), [code(group, relation) + raised(group, relation) for relation in Relation])
        for group in FieldGroup
    ]


def _takes_away() -> list[tuple[str, object, object]]:
    """When, what then, and under which number the lawyer finds it: all of M1 to M11, in their order."""
    of_cells = [(one.name, one.when, one.effect) for one in MODIFIERS if one.name.startswith("M")]
    return sorted([*ABOUT_THE_PERSON, *of_cells], key=lambda row: int(row[0][1:]))
