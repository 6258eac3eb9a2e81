from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcription import wiring
from transcription.models import Agent, Recording, Run
from transcription.rerun import rerun
from transcription.runs import BUSY, RunSettings


class Command(BaseCommand):
    help = (
        "Hear finished calls again, all of it or from a stage on, with other settings. Each call stays as it is until "
        "its new run is done. Calls that wait or are at work are left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calls", nargs="+", type=int, metavar="ID", help="default: all that the others leave")
        parser.add_argument("--agent", help="only calls of this agent")
        parser.add_argument(
            "--low-confidence", type=float, metavar="X", help="only calls with roles less certain than X"
        )
        parser.add_argument("--from-stage", choices=Run.Stage.values, required=True)
        parser.add_argument("--model", default="", help="Whisper model in the store; default: that of the settings")
        parser.add_argument("--language", default="", help="language code; default: as the call")
        parser.add_argument("--speakers", type=int, default=0, help="voices on a mixed call; default: as the source")
        parser.add_argument("--no-filler-prompt", action="store_true", help="do not ask for um and uh to be written")
        parser.add_argument("--dry-run", action="store_true", help="only say how many calls that would be")

    def handle(self, *args: Any, **options: Any) -> None:
        models = wiring.installed_whisper_models()
        if options["model"] and options["model"] not in models:
            raise CommandError(f"There is no model {options['model']}; installed: {', '.join(models) or 'none'}.")
        recordings = Recording.objects.filter(**_wanted(options)).exclude(status__in=BUSY)
        if options["dry_run"]:
            self.stdout.write(f"{recordings.count()} calls would be heard again.")
            return
        asked = RunSettings(
            model=options["model"],
            prompt_fillers=not options["no_filler_prompt"],
            language=options["language"],
            speakers=options["speakers"],
        )
        started = rerun(recordings, options["from_stage"], asked, reason="command line")
        self.stdout.write(f"{len(started)} calls are heard again.")


def _wanted(options: dict[str, Any]) -> dict[str, Any]:
    """What was asked for as lookups. Raises CommandError for an agent that does not exist."""
    wanted: dict[str, Any] = {}
    if options["calls"]:
        wanted["pk__in"] = options["calls"]
    if options["agent"]:
        wanted["agent"] = Agent.objects.filter(name__iexact=options["agent"]).first()
        if wanted["agent"] is None:
            raise CommandError(f"There is no agent {options['agent']}.")
    if options["low_confidence"] is not None:
        wanted["role_confidence__lt"] = options["low_confidence"]
    return wanted
