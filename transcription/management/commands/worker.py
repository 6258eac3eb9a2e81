import asyncio
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from transcription.memory import MemoryWatch

logger = logging.getLogger(__name__)

DATABASE_POLL_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Run jobs until stopped: transcribe recordings, measure them, keep house. Start as many workers on as many "
        "machines as you like; each loads the models once. SIGTERM lets the running job finish. A worker that holds "
        "more memory than VERBATIM_WORKER_MEMORY_LIMIT finishes its job and starts anew under the same process id; one "
        "whose database went away does so when it is back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", nargs="+", choices=["speech", "upkeep"], help="default: all")
        parser.add_argument("--until-idle", action="store_true", help="stop when no job is left")

    def handle(self, *args: Any, **options: Any) -> None:
        watch = MemoryWatch()
        with suppress(asyncio.CancelledError):  # somebody stopped it
            try:
                asyncio.run(_work(options["queues"], watch, wait=not options["until_idle"]))
            except (ConnectorException, OperationalError):
                logger.warning("The database cannot be reached; work goes on when it is back", exc_info=True)
                _wait_for_database()
            else:
                if options["until_idle"] and not watch.exceeded:
                    return
            _start_anew()


async def _work(queues: list[str] | None, watch: MemoryWatch, *, wait: bool) -> None:
    """Raises CancelledError when a signal stopped it, at the end of the running job. A second signal kills."""
    loop, work = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if work:
            work.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                queues=queues,  # type: ignore[arg-type]  # None: all of them
                wait=wait,
                concurrency=1,  # the models use all cores
                fetch_job_polling_interval=2,
                install_signal_handlers=False,
                task_middleware=[watch, *(worker_app.worker_defaults.get("task_middleware") or ())],
            )


def _wait_for_database() -> None:
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(DATABASE_POLL_SECONDS)
        else:
            connection.close()
            return


def _start_anew() -> None:
    """This program again, in this process: whoever watches it by its id sees nothing of it."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
