"""What gunicorn serves while it is measured: the portal, and beside it, below /floor, the floor."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from bench import data, floor

Server = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def create() -> Server:
    """Both, on the data of the size that BENCH_CASES names."""
    portal = data.application(int(os.environ["BENCH_CASES"]))

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chosen: Server = floor.application if environ["PATH_INFO"].startswith("/floor/") else portal
        return chosen(environ, start_response)

    return serve
