import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from transcription.forms import DEFAULT_SOURCE
from transcription.ingest import Result, accept_all
from transcription.inspection import Candidate, Plan, find_files, plan
from transcription.manifest import Manifest, ManifestError, read
from transcription.models import Batch, Recording, Source

SOUND = {
    ".3gp", ".aac", ".aif", ".aiff", ".amr", ".au", ".flac", ".gsm", ".m4a", ".mka", ".mkv", ".mov", ".mp2", ".mp3",
    ".mp4", ".oga", ".ogg", ".opus", ".wav", ".wave", ".webm", ".wma",
}  # fmt: skip
"""A file found in a folder that is no audio is an error if its name says that it should be, else it is passed over."""
POLL_SECONDS = 1.0
FINISHED = (Recording.Status.DONE, Recording.Status.FAILED, Recording.Status.CANCELLED)


class Command(BaseCommand):
    help = (
        "Take in recordings: files, and folders with all they hold. A file received before is not added again. "
        "Exits with 1 if a file could not be taken in or, with --wait, transcribed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--manifest", type=Path, metavar="CSV", help="what is known about the files, a row each")
        parser.add_argument(
            "--source", default=DEFAULT_SOURCE, metavar="NAME", help="telephone system; a new name makes one"
        )
        parser.add_argument(
            "--create-agents", action="store_true", help="also create agents that only file names mention"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--wait", action="store_true", help="until all these recordings are done or failed")

    def handle(self, *args: Any, **options: Any) -> None:
        planned = self._plan(options)
        if options["dry_run"]:
            self._table((_state(candidate), candidate, candidate.error) for candidate in planned.candidates)
            self._say_rows(planned)
            return
        results = list(accept_all(planned.candidates, Batch()))
        self._table((result.state, result.candidate, result.error) for result in results)
        self._say_rows(planned)
        self._say_counts(results)
        failed = sum(result.state == "error" for result in results)
        if options["wait"]:
            failed += self._follow({result.recording.pk for result in results if result.recording})
        if failed:
            raise CommandError(f"{failed} of {len(results)} files failed.")

    def _plan(self, options: dict[str, Any]) -> Plan:
        manifest = _manifest(options["manifest"]) if options["manifest"] else None
        for note in manifest.notes if manifest else ():
            self.stdout.write(f"Manifest: {note}")
        name = options["source"]
        source = Source.objects.filter(name=name).first() or Source(name=name)
        creating = {"manifest", "sidecar"} | ({"file name"} if options["create_agents"] else set())
        try:
            files = find_files(options["paths"])
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        planned = plan(files, source=source, manifest=manifest, create_agents_from=creating)
        named = set(options["paths"])
        passed_over = [
            c for c in planned.candidates if c.error and c.path not in named and c.path.suffix.lower() not in SOUND
        ]
        for candidate in passed_over:
            self.stdout.write(f"Passed over, not audio: {candidate.path}")
        kept = tuple(candidate for candidate in planned.candidates if candidate not in passed_over)
        return Plan(kept, planned.rows_without_file)

    def _table(self, lines: Iterable[tuple[str, Candidate, str]]) -> None:
        rows = [(state, c.name, *_about(c), error or ", ".join(c.notes)) for state, c, error in lines]
        if not rows:
            self.stdout.write("No recordings found.")
            return
        head = ("state", "file", "seconds", "agent", "started", "remarks")
        widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head) - 1)]
        for row in (head, *rows):
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[-1]]).rstrip())

    def _say_rows(self, planned: Plan) -> None:
        for row in planned.rows_without_file:
            why = f": {row.error}" if row.error else ""
            self.stdout.write(f"Manifest row {row.number} has no file: {row.filename or '(no name)'}{why}")

    def _say_counts(self, results: list[Result]) -> None:
        counts = {
            state: sum(result.state == state for result in results) for state in ("accepted", "duplicate", "error")
        }
        self.stdout.write(", ".join(f"{count} {state}" for state, count in counts.items()))

    def _follow(self, waiting: set[int]) -> int:
        """Print every recording as it finishes; returns how many failed."""
        failed = 0
        unfinished = Recording.objects.filter(pk__in=waiting).exclude(status__in=FINISHED).count()
        if unfinished:
            self.stdout.write(f"Waiting for {unfinished} recordings (a worker must run: manage.py worker)")
        while waiting:
            finished = Recording.objects.filter(pk__in=waiting, status__in=FINISHED).order_by("finished_at")
            for recording in finished.only("original_name", "status", "error", "stage_seconds"):
                waiting.discard(recording.pk)
                failed += recording.status == Recording.Status.FAILED
                self.stdout.write(_how_it_ended(recording))
            waiting &= set(Recording.objects.filter(pk__in=waiting).values_list("pk", flat=True))  # one may be deleted
            self.stdout.flush()
            if waiting:
                time.sleep(POLL_SECONDS)
        return failed


def _manifest(path: Path) -> Manifest:
    try:
        return read(path.read_bytes(), timezone.get_default_timezone())
    except (OSError, ManifestError) as error:
        raise CommandError(f"{path}: {error}") from error


def _state(candidate: Candidate) -> str:
    if candidate.error:
        return "error"
    return "duplicate" if candidate.is_duplicate else "new"


def _about(candidate: Candidate) -> tuple[str, str, str]:
    started = candidate.metadata.started_at
    return (
        f"{candidate.info.duration_s:.1f}" if candidate.info else "",
        candidate.metadata.agent or "",
        f"{timezone.localtime(started):%Y-%m-%d %H:%M %z}" if started else "",
    )


def _how_it_ended(recording: Recording) -> str:
    if recording.status == Recording.Status.FAILED:
        return f"failed  {recording.original_name}: {recording.error}"
    if recording.status == Recording.Status.CANCELLED:
        return f"cancelled  {recording.original_name}"
    return f"done    {recording.original_name} ({sum(recording.stage_seconds.values()):.1f} s)"
