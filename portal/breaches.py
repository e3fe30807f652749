"""Asks a service whether a password is known from a breach, without telling it which: off unless a setting names one.

The service is told the first five of forty signs of the password's SHA-1 and answers with all the rest that it knows
(k-anonymity). Where it does not answer in time the password is taken: the list within the portal has looked already.
"""

import hashlib
import logging
import urllib.error
import urllib.request
from http.client import HTTPException

TIMEOUT_SECONDS = 2.0
PREFIX = 5
MOST_BYTES = 200_000
_address: list[str] = []


def configure(address: str) -> None:
    """Name the service, up to and with the last slash before the five signs; an empty address switches it off."""
    _address[:] = [address] if address else []


def is_known(password: str) -> bool:
    """Whether the service has seen this password. No service, no answer: False."""
    if not _address:
        return False
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    request = urllib.request.Request(_address[0] + digest[:PREFIX], headers={"Add-Padding": "true"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - from the settings
            lines = answer.read(MOST_BYTES).decode("ascii", "replace").splitlines()
    except (urllib.error.URLError, TimeoutError, OSError, HTTPException) as failure:
        logging.getLogger(__name__).warning("the breach service did not answer: %s", type(failure).__name__)
        return False
    found = dict(line.strip().split(":", 1) for line in lines if ":" in line)
    # Lines that only pad the answer count nothing.
    return found.get(digest[PREFIX:], "0") != "0"
