"""The floor: for each job the barest program that answers it, on the same rows and the same server.

No wall, no permissions, no keys, no trail, no templates: one connection a thread, prepared statements, plain text.
What the portal takes beyond it is what it does for her safety and for the reader's comfort.
"""

import os
import threading
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

import psycopg

Rows = list[tuple[object, ...]]
_mine = threading.local()

DUE = """
SELECT d.public_id, d.kind, d.due_on, c.reference FROM deadline d LEFT JOIN client_case c ON c.id = d.case_id
WHERE d.owner_id = %(reader)s AND d.state = 'open' AND (d.due_on, d.id) > (%(due)s::date, %(id)s::bigint)
ORDER BY d.due_on, d.id LIMIT 51
"""
CASE = """
SELECT c.id, c.reference, c.state, c.opened_at, k.language FROM client_case c JOIN client k ON k.id = c.client_id
WHERE c.public_id = %(case)s
"""
JOURNAL = """
SELECT n.public_id, n.happened_at, n.mode, n.result, n.text, n.author_id FROM note n
WHERE n.case_id = %(id)s ORDER BY n.happened_at DESC, n.id DESC LIMIT 50
"""
AROUND = """
SELECT public_id, kind, due_on FROM deadline WHERE case_id = %(id)s AND state = 'open' ORDER BY due_on, id LIMIT 10
"""
# One statement, one commit: the woman, her case, who works with her, and a line in a trail.
OPEN = """
WITH her AS (INSERT INTO client (public_id, protection_level, needs_interpreter)
    VALUES ('bench' || left(md5(random()::text), 17), 0, false) RETURNING id),
opened AS (INSERT INTO client_case (public_id, client_id, reference, lead_reference, owner_organisation_id, state,
                                    opened_at, opened_by_id)
    SELECT 'bench' || left(md5(random()::text), 17), her.id, 'B' || her.id, 'L' || her.id, %(house)s, 'open', now(),
           %(reader)s FROM her RETURNING id, public_id)
INSERT INTO team_member (public_id, case_id, user_id, membership_id, organisation_id, is_primary, scope, joined_at)
    SELECT opened.public_id, opened.id, %(reader)s, %(membership)s, %(house)s, true, 'full', now() FROM opened
    RETURNING public_id
"""
LOADS = """
SELECT e.worker_id, c.phase, count(*) FROM enrolment e LEFT JOIN cti_course c ON c.enrolment_id = e.id
WHERE e.organisation_id = %(house)s AND e.state IN ('proposed', 'active', 'paused') GROUP BY e.worker_id, c.phase
"""
FIGURES = """
SELECT (SELECT count(*) FROM enrolment WHERE organisation_id = %(house)s AND state = 'active'),
       (SELECT count(*) FROM track_request WHERE organisation_id = %(house)s AND state = 'submitted'),
       (SELECT count(*) FROM deadline WHERE organisation_id = %(house)s AND state = 'open' AND due_on < current_date)
"""
NAMED = """
SELECT c.public_id, c.reference, c.state FROM client k JOIN client_case c ON c.client_id = k.id
WHERE k.name_index = %(index)s AND k.index_organisation_id = %(house)s ORDER BY c.id DESC LIMIT 20
"""
NUMBERED = "SELECT public_id FROM client_case WHERE reference = %(reference)s"
MONTH = """
SELECT m.public_id, m.kind, m.state, m.starts_at, m.ends_at, c.reference FROM meeting m
LEFT JOIN client_case c ON c.id = m.case_id
WHERE m.responsible_id = %(reader)s AND m.starts_at >= date_trunc('month', now()) - interval '7 days'
AND m.starts_at < date_trunc('month', now()) + interval '38 days' ORDER BY m.starts_at, m.id LIMIT 400
"""


def _ask(statement: str, values: dict[str, object]) -> Rows:
    if not hasattr(_mine, "connection"):
        _mine.connection = psycopg.connect(os.environ["BENCH_FLOOR"], autocommit=True, prepare_threshold=1)
    return list(_mine.connection.execute(statement, values))


def _table(rows: Rows) -> str:
    return "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in rows)


def _list(values: dict[str, object]) -> str:
    return _table(_ask(DUE, {"due": "0001-01-01", "id": 0} | values))


def _case(values: dict[str, object]) -> str:
    case = _ask(CASE, values)
    own = {"id": case[0][0]}
    return _table(case) + _table(_ask(JOURNAL, own)) + _table(_ask(AROUND, own))


def _one(*statements: str) -> Callable[[dict[str, object]], str]:
    return lambda values: "".join(_table(_ask(statement, values)) for statement in statements)


def _by_name(values: dict[str, object]) -> str:
    return _table(_ask(NAMED, values | {"index": bytes.fromhex(str(values["index"]))}))


ANSWERS: dict[str, Callable[[dict[str, object]], str]] = {
    "J1": _list,
    "J2": _list,
    "J3": _case,
    "J4": _one(OPEN),
    "J6": _one(FIGURES, LOADS),
    "J8": _by_name,
    "J8n": _one(NUMBERED),
    "J9": _one(MONTH),
}


def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """The bare WSGI program: which job is the last word of the path, what it asks for stands in the query."""
    sought = {name: found[0] for name, found in parse_qs(str(environ["QUERY_STRING"])).items()}
    page = f"<!doctype html><title>Floor</title><table>{ANSWERS[str(environ['PATH_INFO']).rpartition('/')[2]](sought)}"
    body = page.encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]
