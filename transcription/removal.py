"""Sound and words of one call removed. What was counted stays: numbers, times, and that there was a call."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from .models import Hold, Recording, Removal, VoiceSample
from .playback import copies
from .runs import BUSY
from .signals import words_removed

AUDIO, TRANSCRIPT = Removal.What.AUDIO, Removal.What.TRANSCRIPT


def removable(recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """Those that are not on hold and that no worker is about to hear."""
    return recordings.exclude(Exists(Hold.objects.filter(recording=OuterRef("pk")))).exclude(status__in=BUSY)


def remove_audio(recording: Recording, why: str) -> None:
    """The files first: whoever is interrupted then begins again, and finds that there is nothing to delete."""
    for copy in copies(recording):
        copy.unlink(missing_ok=True)
    default_storage.delete(recording.audio.name or "")
    Removal.objects.get_or_create(recording=recording, what=AUDIO, defaults={"why": why})


def remove_transcript(recording: Recording, why: str, *, erased: bool = False) -> None:
    """All that was said, also in earlier runs and corrections."""
    with transaction.atomic():
        recording.turns.all().delete()
        recording.corrections.all().delete()
        recording.runs.update(heard=None, diarized=None, transcript=None)
        recording.quarantined = []
        recording.save(update_fields=["quarantined"])
        Removal.objects.get_or_create(recording=recording, what=TRANSCRIPT, defaults={"why": why})
        words_removed.send(Recording, recording_id=recording.pk, erased=erased)


def remove_names(recording: Recording) -> None:
    """Who called, as far as the call's own row tells it, and the voice that was kept of it."""
    VoiceSample.objects.filter(recording=recording).delete()
    recording.original_name = f"Erased call {recording.pk}"
    recording.customer_ref = recording.external_id = recording.error = ""
    recording.speakers = [speaker | {"evidence": []} for speaker in recording.speakers]
    recording.save(update_fields=["original_name", "customer_ref", "external_id", "error", "speakers"])
