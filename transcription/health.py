"""Whether this installation can do its work: what load balancers and container engines ask for."""

import logging
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from procrastinate.contrib.django.models import ProcrastinateJob

logger = logging.getLogger(__name__)

OK = "ok"
PROBES = "probe"
"""The folder of the storage in which it is tried."""
_PROBE_BYTES = b"\0" * 4096


def readiness() -> dict[str, str]:
    """What is needed -> "ok", or what is wrong in words that give nothing away; the exception is in the log."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "queue": _queue,
        "storage": _storage,
    }
    return {name: _said(name, check) for name, check in checks.items()}


def _said(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # a check that fails in an unforeseen way has found something
        logger.warning("Not ready: %s", name, exc_info=error)
        return "no answer" if isinstance(error, DatabaseError) else "cannot be used"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"{missing} not applied; run: manage.py migrate" if missing else OK


def _queue() -> str:
    ProcrastinateJob.objects.filter(status="todo").exists()
    return OK


def _storage() -> str:
    name = default_storage.save(f"{PROBES}/file", ContentFile(_PROBE_BYTES))
    default_storage.delete(name)
    return OK
