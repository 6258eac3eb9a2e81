from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analytics import seeding
from transcription.models import Recording


class Command(BaseCommand):
    help = (
        "Fill the site with made calls (no audio, no models), to see it with a history. Made calls are of a source of "
        "their own, and --clear deletes exactly those. The same options give the same calls."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calls", type=int, default=0, help="how many to make")
        parser.add_argument("--agents", type=int, default=60)
        parser.add_argument("--teams", type=int, default=6)
        parser.add_argument("--days", type=int, default=365, help="over which the calls are spread")
        parser.add_argument("--until", type=date.fromisoformat, help="the last of these days (default: today)")
        parser.add_argument("--turns-per-call", type=int, default=8, help="about; turns are most of the space on disk")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other calls")
        parser.add_argument("--clear", action="store_true", help="first delete what was made before")
        parser.add_argument("--beside-real-calls", action="store_true", help="even where there are real recordings")

    def handle(self, *args: Any, **options: Any) -> None:
        if min(options[name] for name in ("agents", "teams", "days", "turns_per_call")) < 1:
            raise CommandError("Agents, teams, days and turns must be at least 1.")
        if not options["calls"] and not options["clear"]:
            raise CommandError("Say how many --calls, or --clear.")
        if options["clear"]:
            seeding.clear(self._show)
            self.stdout.write("\nMade calls are deleted.")
        if options["calls"]:
            self._seed(options)

    def _seed(self, options: dict[str, Any]) -> None:
        real = Recording.objects.exclude(source__name=seeding.SOURCE).exists()
        if real and not options["beside_real_calls"]:
            raise CommandError(
                "There are real recordings here, and made calls would be in all numbers beside them. "
                "With --beside-real-calls they are made all the same."
            )
        names = ("calls", "agents", "teams", "days", "turns_per_call", "seed")
        until = options["until"] or timezone.localdate()
        seeding.seed(seeding.Plan(**{name: options[name] for name in names}, until=until), self._show)
        self.stdout.write("")

    def _show(self, message: str) -> None:
        """Over the line before on a terminal, else a line of its own."""
        self.stdout.write(
            f"\r{message:<78}" if self.stdout.isatty() else message, ending="" if self.stdout.isatty() else "\n"
        )
