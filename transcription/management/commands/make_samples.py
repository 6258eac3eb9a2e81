"""`manage.py make_samples`: record the demo's sample calls from their scripts."""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcription.demo.files import audio_name, write_audio, write_manifest, write_truth
from transcription.demo.script import FOLDER, Script, load_scripts
from transcription.demo.studio import Take, record, telephone
from transcription.demo.voices import speak


class Command(BaseCommand):
    """Overwrites the recordings, truths and manifest under `--folder`."""

    help = (
        "Record the demo's synthetic calls from transcription/demo/scripts. Needs the voices, which live in an "
        "environment of their own: python3.11 -m venv .venv-voices; .venv-voices/bin/pip install --require-hashes "
        "-r requirements-voices.txt; apt install flite. Then: .venv-voices/bin/python manage.py make_samples"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("calls", nargs="*", help="names of scripts, e.g. westside_brakes (default: all)")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where calls/ and manifest.csv go")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        scripts = load_scripts()
        wanted = set(options["calls"] or (script.call for script in scripts))
        if unknown := wanted - {script.call for script in scripts}:
            raise CommandError(f"no such script: {', '.join(sorted(unknown))}")
        (folder / "calls").mkdir(parents=True, exist_ok=True)
        for script in scripts:
            if script.call in wanted:
                take = perform(script)
                write_audio(take, folder / "calls" / audio_name(script))
                write_truth(script, take, folder / "calls" / f"{script.call}.json")
                self.stdout.write(f"{script.call}: {take.duration:.1f} s")
        write_manifest(scripts, folder / "manifest.csv")


def perform(script: Script) -> Take:
    """`script` spoken, and mixed with chance seeded by its name."""
    voice = {"agent": script.agent.voice, "customer": script.customer_voice}
    lines = [telephone(*speak(line.spoken, voice[line.role])) for line in script.lines]
    return record(script, lines, seed=zlib.crc32(script.call.encode()))
