"""manage.py benchmark: speed and quality on recordings whose truth is known, alone or beside the plain libraries."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from transcription import wiring
from transcription.speech.audio import probe
from transcription.speech.ports import SpeechError
from transcription.speech.types import PARTIES
from transcription.speech.vocabulary import prompt

try:
    from transcription.benchmark import report, runs, truth

    MISSING = None
except ModuleNotFoundError as error:  # scoring is for development, and a server may not have its packages
    MISSING = error.name

PEER = "transcription.speech.engines.peer.PlainLibraries"
LIKENESS = "transcription.speech.engines.likeness.VoiceLikeness"


class Command(BaseCommand):
    help = (
        "Measure speed and quality on folders of audio. Truth lies beside a recording, as NAME.json (turns with role, "
        "start, end, text, sentiment) or NAME.rttm; a recording without it counts for speed only. Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
        parser.add_argument("--peer", action="store_true", help="in turn with plain WhisperX + pyannote.audio")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there, too")
        parser.add_argument("--language", help="language code of all recordings, e.g. en; default: detect")

    def handle(self, *args: Any, **options: Any) -> None:
        if MISSING:
            raise CommandError(f"The package {MISSING} is missing; `make setup` installs it.")
        try:
            cases = self._cases(options["folders"])
            results = self._results(cases, options["language"], peer=options["peer"])
        except (SpeechError, truth.TruthError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report.tables(results))
        if options["json"]:
            about = {"cpus": len(os.sched_getaffinity(0)), "load_average": [round(load, 2) for load in os.getloadavg()]}
            text = json.dumps(report.document(results, about), indent=1)
            options["json"].write_text(f"{text}\n", encoding="utf-8")

    def _cases(self, folders: Sequence[Path]) -> list[runs.Case]:
        """The recordings of the folders, in order. Other files are passed over, but must not be all there is."""
        files = [file for folder in folders for file in self._files(folder)]
        cases = [runs.Case(file, truth.read_truth(file)) for file in files]
        if not cases:
            raise CommandError("There is no audio in these folders.")
        return cases

    def _files(self, folder: Path) -> list[Path]:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        beside = {".json", ".rttm"}
        files = sorted(file for file in folder.iterdir() if file.is_file() and file.suffix not in beside)
        return [file for file in files if self._is_audio(file)]

    def _is_audio(self, file: Path) -> bool:
        try:
            probe(file)
        except SpeechError as error:
            self.stderr.write(f"Passed over: {error}")
            return False
        return True

    def _results(self, cases: Sequence[runs.Case], language: str | None, *, peer: bool) -> list[report.Result]:
        makers: list[Callable[[], runs.System]] = [lambda: runs.Verbatim(wiring.engines(), language)]
        if peer:
            makers.append(lambda: _peer(language))
        loaded = [_loaded(maker, cases[0]) for maker in makers]
        systems = [system for system, _ in loaded]
        likeness = import_string(LIKENESS)(**settings.SPEECH_ENGINES["voices"][1])
        measured = []
        for number, case in enumerate(cases, start=1):
            measured.append(runs.measure(systems, case, likeness))
            seconds = " and ".join(f"{one.wall_s:.1f} s" for one in measured[-1])
            self.stderr.write(f"{number} of {len(cases)}: {case.name} in {seconds}")
        return [
            report.Result(system.name, seconds, tuple(files))
            for (system, seconds), files in zip(loaded, zip(*measured, strict=True), strict=True)
        ]


def _loaded(maker: Callable[[], runs.System], first: runs.Case) -> tuple[runs.System, float]:
    started = time.monotonic()
    system = maker()
    runs.warm_up(system, first)
    return system, time.monotonic() - started


def _peer(language: str | None) -> runs.System:
    """The plain libraries with our engines' weights, device and filler prompt, told the number of parties."""
    whisper, diarizer = (settings.SPEECH_ENGINES[role][1] for role in ("recognizer", "diarizer"))
    try:
        weights = whisper["model_dir"], diarizer["segmentation"], diarizer["embedding"]
    except KeyError as error:
        raise CommandError(f"--peer needs engines with weights in files; the chosen ones have no {error}.") from error
    system: runs.System = import_string(PEER)(
        *weights,
        device=whisper["device"],
        compute_type=whisper["compute_type"],
        language=language,
        prompt=prompt(language),
        speakers=PARTIES,
    )
    return system
