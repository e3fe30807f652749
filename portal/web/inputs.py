"""What can be no page of ours is refused before anything reads it: one rule for every route (R-551)."""

import json
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, abort, current_app, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest
from wtforms import SelectMultipleField
from wtforms.form import BaseForm

from portal.web.file_routes import Capped, make_room

PLAIN_FORM = "application/x-www-form-urlencoded"
NUL = "\0"
# What a decoder puts in the place of bytes that it cannot read.
UNREADABLE = "\ufffd"


class SingleValues(ImmutableMultiDict[str, str]):
    """Names and values: who asks for the one value of a name that was sent twice is refused, and never guesses."""

    def __getitem__(self, key: str) -> str:
        if len(self.getlist(key)) > 1:
            raise BadRequest
        return super().__getitem__(key)


class PortalRequest(Request):
    """A request whose query and form hold single values unless a list is asked for."""

    parameter_storage_class = SingleValues

    def _get_file_stream(self, *_args: Any, **_named: Any) -> IO[bytes]:
        """Where a file that is sent is kept while the form is read: in memory, never on a disk (R-684)."""
        return Capped(current_app.config["MAX_FILE_LENGTH"])


def refuse_doubles(form: BaseForm) -> None:
    """A field that holds one value was sent once. Raises BadRequest (R-551)."""
    for field in form:
        if len(field.raw_data or ()) > 1 and not isinstance(field, SelectMultipleField):
            raise BadRequest


def _texts() -> Iterator[str]:
    """The path, the query and the form as text. Raises UnicodeDecodeError for what is not UTF-8."""
    yield request.environ["PATH_INFO"].encode("latin-1").decode()
    yield unquote_to_bytes(request.query_string).decode()
    if request.mimetype == PLAIN_FORM:
        yield unquote_to_bytes(request.get_data()).decode()
        return
    for name, value in request.form.items(multi=True):
        if UNREADABLE in name + value:
            abort(400)
        yield name + value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest
    return found


def read_json() -> Any:
    """What was sent as JSON. Raises BadRequest for anything else, and for a name that stands twice."""
    try:
        return json.loads(request.get_data().decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        raise BadRequest from problem


def check() -> None:
    """Refuse bytes that are no text, the sign that no database can hold, and a query that says a thing twice."""
    make_room()
    try:
        has_nul = any(NUL in text for text in _texts())
    except UnicodeDecodeError:
        abort(400)
    if has_nul or any(len(values) > 1 for _name, values in request.args.lists()):
        abort(400)


def init_app(app: Flask) -> None:
    """Look at every request first of all: the check of the token reads the form already."""
    app.request_class = PortalRequest
    app.before_request(check)
