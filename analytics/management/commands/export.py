from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.exports import EXPORTS, csv_lines
from analytics.queries import CallFilters
from transcription.models import Agent, Team, User


class Command(BaseCommand):
    help = "Write calls, agents, turns, fillers, questions or events as CSV, as the pages export them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=EXPORTS)
        parser.add_argument("--from", dest="start", type=date.fromisoformat, metavar="DATE", help="first day")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, metavar="DATE", help="last day")
        parser.add_argument("--agent", metavar="NAME")
        parser.add_argument("--team", metavar="NAME")
        parser.add_argument("--output", type=Path, metavar="FILE", help="instead of the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        filters = CallFilters(
            start=options["start"],
            end=options["end"],
            agent=_named(Agent, options["agent"]),
            team=_named(Team, options["team"]),
        )
        lines = csv_lines(options["kind"], User(role=User.Role.ADMINISTRATOR), filters)
        if options["output"] is None:
            self.stdout.ending = ""
            self.stdout.writelines(lines)
            return
        with options["output"].open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)


def _named(model: type[Agent] | type[Team], name: str | None) -> int | None:
    if name is None:
        return None
    found = model.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no {model.__name__.lower()} called “{name}”.")
    return found.pk
