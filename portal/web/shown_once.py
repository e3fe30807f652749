"""One protected value on a page of its own, for sixty seconds, and never again by the same form."""

from flask import render_template
from flask.typing import ResponseReturnValue

SECONDS = 60


def shown_once(
    name: str, value: str, *, back: str, back_words: str, reference: str | None = None, again: str | None = None
) -> ResponseReturnValue:
    """The page that shows what has been revealed and written down, and counts down until it blanks itself (R-575).

    `reference` is the case's number, `again` where one asks once more. Print shows nothing of the value.
    """
    return render_template(
        "shown_once.html",
        name=name,
        value=value,
        back=back,
        back_words=back_words,
        reference=reference,
        again=again,
        seconds=SECONDS,
    )
