"""Which routes take a file, and how large a request of theirs may be."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, request

V = TypeVar("V", bound=Callable[..., Any])
# Fields and marks between the parts of a form, beside the file.
AROUND = 64 * 1024


def takes_file(view: V) -> V:
    """Declare that a route takes a file. All others stay at the size of a form."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def is_taking_file() -> bool:
    """Whether this request is for a route that takes a file."""
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "takes_file", False))


def make_room() -> None:
    """Before anything reads the request: room for one file, where a file is expected and its length is said."""
    if request.method == "POST" and is_taking_file():
        if request.content_length is None:
            abort(413)
        request.max_content_length = current_app.config["MAX_FILE_LENGTH"] + AROUND
