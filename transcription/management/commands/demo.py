import os
import secrets
import signal
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from transcription.models import Recording, User, Vocabulary

SAMPLES = Path(__file__).resolve().parents[2] / "demo"
COMPANIES = [
    *("Bluewater", "Fastline", "Greenfield", "Lakeside", "Maple Store"),
    *("Riverside", "Skyline", "Stonebridge", "Summit", "Westside"),
]
"""The made-up companies of the sample calls, as a supervisor would enter them."""


class Command(BaseCommand):
    help = (
        "A running site with the bundled sample calls: database, web and worker. The calls go through the real "
        "pipeline once; later runs find them analysed. Ctrl-C stops what was started."
    )

    _stopped = Event()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--until-done", action="store_true", help="stop once every call is analysed")

    def handle(self, *args: Any, **options: Any) -> None:
        for stop in (signal.SIGINT, signal.SIGTERM):  # a shell's background job starts with SIGINT ignored
            signal.signal(stop, self._interrupt)
        processes: list[subprocess.Popen[bytes]] = []
        try:
            self._run(processes, options)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            _stop(processes)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped.set()  # Python drops what a handler raises inside a weakref callback
        raise KeyboardInterrupt

    def _run(self, processes: list[subprocess.Popen[bytes]], options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        user, password = self._login()
        address = f"127.0.0.1:{_free_port(options['port'])}"
        web = ["-m", "gunicorn", "config.wsgi", "--bind", address, "--threads", "8", "--log-level", "warning"]
        processes += [_child(web), _child(["manage.py", "worker"])]
        Vocabulary.objects.get_or_create(language="en", defaults={"company_words": COMPANIES})
        call_command("ingest", SAMPLES / "calls", manifest=SAMPLES / "manifest.csv", stdout=StringIO())
        self.stdout.write(
            f"\n  Verbatim runs at http://{address}/\n"
            f"  Log in as {user.username} with the password {password}\n"
            "  Ctrl-C stops it.\n"
        )
        self._watch(processes, until_done=options["until_done"])

    @staticmethod
    def _login() -> tuple[User, str]:
        """The demo's administrator. Its password is random, and kept where only the owner of var/ can read it."""
        path: Path = settings.VAR_DIR / "demo_password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(9))
        password = path.read_text()
        user, _ = User.objects.get_or_create(
            username="demo", defaults={"role": User.Role.ADMINISTRATOR, "is_staff": True, "is_superuser": True}
        )
        if not user.check_password(password):
            user.set_password(password)
            user.save()
        return user, password

    def _watch(self, processes: list[subprocess.Popen[bytes]], *, until_done: bool) -> None:
        shown = -1
        while True:
            if any(process.poll() is not None for process in processes):
                raise CommandError("The web server or the worker ended by itself; its message is above.")
            total = Recording.objects.count()
            finished = total - Recording.objects.filter(status__in=["waiting", "processing"]).count()
            connection.close()
            if finished != shown:
                self.stdout.write(f"  {finished} of {total} calls analysed")
                shown = finished
            if until_done and finished == total:
                return
            if self._stopped.wait(2):
                raise KeyboardInterrupt


def _child(arguments: list[str]) -> subprocess.Popen[bytes]:
    """A Python process of its own session, so that Ctrl-C reaches it through us and in order.

    It is given the address of the running database, so that an embedded server has one user, us, and stops with us.
    """
    database = connection.get_connection_params()
    url = f"postgres://{database.get('user', '')}@{quote(database.get('host', ''), safe='')}/{database['dbname']}"
    environment = {"DATABASE_URL": url, "LOG_LEVEL": "WARNING"} | os.environ
    return subprocess.Popen(  # noqa: S603
        [sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, start_new_session=True
    )


def _free_port(first: int) -> int:
    """`first`, or the next port that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise CommandError(f"No free port from {first} on; choose one with --port.")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End the children: politely, then, for a worker inside a long call, firmly. Its job runs again next time."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
