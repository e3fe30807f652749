"""Files that somebody hands in: looked at by what is in them, and made anew, so that nothing hidden comes along."""

from portal.uploads.intake import MOST_BYTES, Made, Received, accept, receive
from portal.uploads.refusals import TooLarge, Unsupported
from portal.uploads.scanner import Verdict, configure, look

__all__ = [
    "MOST_BYTES",
    "Made",
    "Received",
    "TooLarge",
    "Unsupported",
    "Verdict",
    "accept",
    "configure",
    "look",
    "receive",
]
