"""One id for everything that a request, a job or a command does."""

from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request_id() -> str | None:
    """The id of what is going on now, if somebody has named it."""
    return _current.get()


def set_request_id(value: str | None) -> None:
    """Name what begins now."""
    _current.set(value)
