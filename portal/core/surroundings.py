"""From where somebody acts: what an audit line says of the browser, without telling whose it is."""

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Short keyed hashes of session and kind of browser, and the network that the request came from (R-480)."""

    session: str | None = None
    device: str | None = None
    network: str | None = None


NOWHERE = Surroundings()
_current: ContextVar[Surroundings] = ContextVar("surroundings", default=NOWHERE)


def surroundings() -> Surroundings:
    """From where the request comes that is going on now; nothing for jobs and commands."""
    return _current.get()


def set_surroundings(value: Surroundings) -> None:
    """Say from where the request comes that begins now."""
    _current.set(value)


def network_of(address: str | None) -> str | None:
    """The network that an address lies in: /24 or /48, so that no single connection can be told. None for nonsense."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))
