from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from transcription import retention


class Command(BaseCommand):
    help = "Remove the sound and the words that their sources keep no longer; a worker does the same each night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in retention.preview(timezone.now()):
            kept = "for good" if line.days is None else f"{line.days} days"
            counts = f"{line.due} calls due, {line.soon} within 30 days, {line.held} on hold"
            self.stdout.write(f"{line.source}, {line.what}: kept {kept}; {counts}")
        if options["dry_run"]:
            return
        total = 0
        while made := retention.remove_some():
            total += made
        self.stdout.write(self.style.SUCCESS(f"{total} removals."))
