"""What the web process has to say: one line of JSON each, in UTC, with the request's id and nothing that was typed.

An error is told by its kind and by the lines of code that it came through. Its words are left out: they quote values.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, cast

from flask import Flask
from flask.logging import wsgi_errors_stream

from portal.core.request_id import current_request_id

LOGGER = "portal"
# An error that has a cause that has a cause: the last ones tell where it began.
DEEPEST = 5


class JsonLine(logging.Formatter):
    """A record as JSON: what stands in a value can neither begin a new line nor look like another record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Raises nothing: a log line is written when something has gone wrong already."""
        said: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "request": current_request_id(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            said["failure"] = failure(record.exc_info[1])
        return json.dumps(said)


def failure(error: BaseException) -> list[str]:
    """The kinds of an error and of what caused it, each with its way through the code, never with its words."""
    found: list[str] = []
    now: BaseException | None = error
    while now is not None and len(found) < DEEPEST:
        way = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(now.__traceback__)]
        found.append(f"{type(now).__name__} at {' > '.join(way)}")
        now = now.__cause__ or now.__context__
    return found


def init_app(app: Flask) -> None:
    """Write what the portal's own code has to say to the server's error stream."""
    handler = logging.StreamHandler(cast(TextIO, wsgi_errors_stream))
    handler.setFormatter(JsonLine())
    logger = logging.getLogger(LOGGER)
    # Put in the place of an earlier one: several applications in one process still write one line.
    logger.handlers = [handler]
    logger.setLevel(app.config["LOG_LEVEL"])
