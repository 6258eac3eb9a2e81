from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = (
        "Run jobs until stopped: transcribe recordings, measure them, keep house. Start as many workers on as many "
        "machines as you like; each loads the models once. SIGTERM lets the running job finish."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", nargs="+", choices=["speech", "upkeep"], help="default: all")
        parser.add_argument("--until-idle", action="store_true", help="stop when no job is left")

    def handle(self, *args: Any, **options: Any) -> None:
        connector = cast("DjangoConnector", app.connector)
        with app.replace_connector(connector.get_worker_connector()) as worker_app:
            worker_app.run_worker(
                queues=options["queues"],
                wait=not options["until_idle"],
                concurrency=1,  # the models use all cores
                fetch_job_polling_interval=2,
            )
