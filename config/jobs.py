"""How every job runs in a worker."""

from collections.abc import Callable
from typing import Any


def without_idle_connection(call_next: Callable[[], Any], *_: object) -> Any:
    """Task middleware: close the thread's database connections after the job.

    Django does so after each request; in a worker nobody else would, and a connection that a restart of the server
    broke in the meantime would fail the next job.
    """
    from django.db import connections  # noqa: PLC0415  settings.py imports this module before Django is ready

    try:
        return call_next()
    finally:
        connections.close_all()
