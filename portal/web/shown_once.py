"""One protected value on a page of its own, for sixty seconds, and never again by the same form."""

from flask import render_template
from flask.typing import ResponseReturnValue


def shown_once(name: str, value: str, *, back: str, back_words: str) -> ResponseReturnValue:
    """The page that shows what has been revealed and written down. It blanks itself; print shows nothing of it."""
    return render_template("shown_once.html", name=name, value=value, back=back, back_words=back_words)
