import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

from transcription.jobs import worker_name
from transcription.memory import MemoryWatch

logger = logging.getLogger(__name__)

QUEUES = ["speech", "text", "upkeep"]
"""One job of the first, and one of all others, at a time: what takes a moment does not wait for a call of two hours."""
HAND_BACK_AFTER = 5
"""Seconds from a signal until a call that still runs is to be handed back, which it is after its stage."""
DATABASE_AWAY = (ConnectorException, OperationalError)
DATABASE_POLL_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Run jobs until stopped: transcribe recordings, measure them, keep house. Start as many workers on as many "
        "machines as you like; each loads the models once. After SIGTERM a call is finished, or, when it takes long, "
        "handed back after its stage for another worker to go on with. A worker that holds more memory than "
        "VERBATIM_WORKER_MEMORY_LIMIT finishes its call and starts anew under the same process id; one whose database "
        "went away does so when it is back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", nargs="+", choices=[*QUEUES, "rehearsal"], help="default: the first three")
        parser.add_argument("--until-idle", action="store_true", help="stop when no job is left")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["queues"] or QUEUES
        lanes = [[name for name in wanted if (name == "speech") is heavy] for heavy in (True, False)]
        if options["until_idle"]:  # jobs of one lane make jobs for the other
            lanes = [wanted]
        try:
            anew = asyncio.run(_work([lane for lane in lanes if lane], wait=not options["until_idle"]))
        except DATABASE_AWAY:
            logger.warning("The database cannot be reached; work goes on when it is back", exc_info=True)
            anew = _database_is_back()
        if anew:
            _start_anew()


async def _work(lanes: Sequence[Sequence[str]], *, wait: bool) -> bool:
    """Until a signal, the limit of memory or, unless `wait`, no job left. True: it is to start anew.

    Raises what DATABASE_AWAY names, but not for a worker that a signal has stopped.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    signals, watch = _Signals(stop), MemoryWatch(lambda: loop.call_soon_threadsafe(stop.set))
    name = worker_name([queue for lane in lanes for queue in lane], f"{os.getpid()}@{socket.gethostname()}")
    params = {**connector_params(), "application_name": name}
    try:
        with app.replace_connector(PsycopgConnector(kwargs=params, min_size=1)) as worker_app:
            async with worker_app.open_async():
                await _side_by_side(
                    [
                        _lane(worker_app, queues, watch if number == 0 else None, wait=wait)
                        for number, queues in enumerate(lanes)
                    ],
                    stop,
                )
    except DATABASE_AWAY:
        if not signals.came:
            raise
    return (wait or watch.exceeded) and not signals.came


async def _side_by_side(lanes: Sequence[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Until `stop` or the end of one; one that still has a job ends with it."""
    running = [asyncio.create_task(lane) for lane in lanes]
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    for task in (stopped, *running):  # once only: a worker that is cancelled again drops its job
        task.cancel()
    for ended in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


def _lane(
    worker_app: App, queues: Sequence[str], watch: MemoryWatch | None, *, wait: bool
) -> Coroutine[Any, Any, None]:
    """A worker that is stopped by cancelling it."""
    middleware = list(worker_app.worker_defaults.get("task_middleware") or ())
    return worker_app.run_worker_async(
        queues=queues,
        name=queues[0],
        wait=wait,
        concurrency=1,  # the models use all cores
        fetch_job_polling_interval=2,
        shutdown_graceful_timeout=HAND_BACK_AFTER,
        install_signal_handlers=False,
        task_middleware=[watch, *middleware] if watch else middleware,
    )


class _Signals:
    """Sets `stop` on the first SIGTERM or Ctrl-C; the second one ends the process as it would any other."""

    def __init__(self, stop: asyncio.Event) -> None:
        self.came = False
        self._stop = stop
        self._loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._first)

    def _first(self) -> None:
        self.came = True
        self._stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.remove_signal_handler(number)


def _database_is_back() -> bool:
    """True, when it is."""
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(DATABASE_POLL_SECONDS)
        else:
            connection.close()
            return True


def _start_anew() -> None:
    """This program again, in this process: whoever watches it by its id sees nothing of it."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
