"""How large a long test is: a sample in `make test`, its full size in `make soak`."""

import os
from typing import TypeVar

T = TypeVar("T")


def size(sample: T, full: T) -> T:
    """Return the number of rounds for this run, or whatever else there is less of in a sample."""
    return full if os.environ.get("SOAK") else sample
