from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcription import audit, backups
from transcription.models import Action


class Command(BaseCommand):
    help = (
        "Write database, recordings and configuration into a new folder; the site and its workers may go on meanwhile. "
        "The folder holds every secret of this installation: keep it as you would keep the server."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        try:
            backup = backups.write(folder)
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        audit.write(Action.EXPORTED, "backup", rows=sum(backup.rows.values()), files=len(backup.media))
        rows = sum(backup.rows.values())
        self.stdout.write(f"{rows} rows of {len(backup.rows)} tables and {len(backup.media)} files are in {folder}.")
        for name in backup.missing:
            self.stderr.write(f"The sound of {name} was not in the storage any more.")
