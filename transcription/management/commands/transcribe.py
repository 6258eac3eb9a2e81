from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcription import formats, wiring
from transcription.speech import pipeline
from transcription.speech.audio import decode
from transcription.speech.clock import StageClock
from transcription.speech.ports import SpeechError
from transcription.speech.types import Transcript


class Command(BaseCommand):
    help = "Transcribe audio files with speakers, roles, fillers and sentiment. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--output-dir", type=Path, default=Path(), help="default: the current folder")
        parser.add_argument("--output-format", choices=[*formats.WRITERS, "all"], default="all")
        parser.add_argument("--language", help="language code, e.g. en; default: detect")
        parser.add_argument(
            "--channel-map",
            choices=["auto", "agent_left", "agent_right", "mono"],
            default="auto",
            help="who is on which channel of a stereo file; default: decide from what is said",
        )
        parser.add_argument("--agent-name", help="as it would be said aloud; helps to tell the agent")
        parser.add_argument("--company-word", action="append", default=[], help="a name or product to expect")
        parser.add_argument("--no-filler-prompt", action="store_true", help="do not ask for um and uh to be written")

    def handle(self, *args: Any, **options: Any) -> None:
        options["output_dir"].mkdir(parents=True, exist_ok=True)
        request = pipeline.Request(
            language=options["language"],
            channel_map=options["channel_map"],
            agent_name=options["agent_name"],
            company_words=tuple(options["company_word"]),
            prompt_fillers=not options["no_filler_prompt"],
        )
        failed = [file for file in options["files"] if not self._transcribe(file, request, options)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(options['files'])} files could not be transcribed.")

    def _transcribe(self, file: Path, request: pipeline.Request, options: dict[str, Any]) -> bool:
        clock = StageClock(lambda _stage, _share: None)
        try:
            clock("decoding", 0.0)
            audio = decode(file)
            clock("loading", 0.0)
            engines = wiring.engines()
            transcript = pipeline.run(audio, engines, request, clock)
        except SpeechError as error:
            self.stderr.write(self.style.ERROR(f"{file}: {error}"))
            return False
        self._write(file, transcript, options)
        stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in clock.seconds().items())
        self.stdout.write(f"{file}: {transcript.duration:.1f} s of audio, {len(transcript.turns)} turns ({stages})")
        return True

    @staticmethod
    def _write(file: Path, transcript: Transcript, options: dict[str, Any]) -> None:
        chosen = list(formats.WRITERS) if options["output_format"] == "all" else [options["output_format"]]
        for extension in chosen:
            text = formats.WRITERS[extension](transcript, file.name)
            (options["output_dir"] / f"{file.stem}.{extension}").write_text(text, encoding="utf-8")
