"""How large a long test is: a sample in `make test`, its full size in `make soak`."""

import os


def size(sample: int, full: int) -> int:
    """Return the number of rounds for this run."""
    return full if os.environ.get("SOAK") else sample
