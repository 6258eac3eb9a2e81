from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcription import backups


class Command(BaseCommand):
    help = (
        "Put a backup into an empty installation: an empty database (before `migrate`) and an empty storage, else it "
        "refuses. Then run `migrate` if this program is newer than the backup, and start web and workers."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--check", action="store_true", help="only compare every file with its SHA-256")

    def handle(self, *_args: Any, folder: Path, check: bool, **_options: Any) -> None:
        try:
            backup = backups.read(folder) if check else backups.restore(folder)
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        held = f"{sum(backup.rows.values())} rows and {len(backup.media)} files of {backup.taken_at}"
        if check:
            self.stdout.write(f"{held}: every file is as it was written.")
            return
        self.stdout.write(
            f"Restored {held}. Compare {folder / backups.ENVIRONMENT} with this installation's environment yourself: "
            "it may name the old server's database."
        )
