from typing import Any

from django.core.management.base import BaseCommand

from analytics import measure, rollups
from transcription.models import Recording


class Command(BaseCommand):
    help = "Score all finished calls again from their transcripts. (A changed filler list is followed without it.)"

    def handle(self, *args: Any, **options: Any) -> None:
        finished = Recording.objects.filter(status=Recording.Status.DONE).order_by("pk").values_list("pk", flat=True)
        for recording_id in finished:
            measure.measure(recording_id)
        rollups.recompute(rollups.disagreeing())
        self.stdout.write(f"Measured {len(finished)} calls.")
