"""Which routes take a file, and how large a request of theirs may be."""

import io
from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, request

V = TypeVar("V", bound=Callable[..., Any])


class Capped(io.BytesIO):
    """A file as it comes in: of one that is too large one byte more than it may hold is kept, and the rest let go."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most + 1

    def write(self, data: Any) -> int:
        """Keep what there is room for; whoever writes is told that all of it was taken."""
        room = max(0, self.most - self.tell())
        super().write(memoryview(data)[:room])
        return len(data)


def takes_file(view: V) -> V:
    """Declare that a route takes a file. All others stay at the size of a form."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def is_taking_file() -> bool:
    """Whether this request is for a route that takes a file."""
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "takes_file", False))


def make_room() -> None:
    """Before anything reads the request: room for one file, where a file is expected and its length is said.

    For more than a file may hold, so that the form is there again with all else that was typed (R-842).
    """
    if request.method == "POST" and is_taking_file():
        if request.content_length is None:
            abort(413)
        request.max_content_length = current_app.config["MAX_READ_LENGTH"]
