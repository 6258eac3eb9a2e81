from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.models import Grouping
from analytics.topics import collect, grouping
from transcription.speech.ports import SpeechError


class Command(BaseCommand):
    help = (
        "Group the customers' questions anew by meaning, after collecting those of calls that have none yet. Names, "
        "hidden and merged topics stay. Needs the speech libraries, as a worker does."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for recording_id in collect.outdated().values_list("pk", flat=True):
                collect.collect(recording_id)
            run = grouping.group()
        except SpeechError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_summary(run))


def _summary(run: Grouping) -> str:
    return f"{run.grouped} of {run.questions} questions in {run.topics} topics, the others are like too few."
