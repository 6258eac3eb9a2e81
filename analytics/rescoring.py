"""Calls counted anew after a filler list has changed: from their words, without audio, and nothing but the fillers."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from analytics import metrics, queries
from transcription.models import Recording
from transcription.transcripts import transcript_of
from transcription.vocabularies import terms_of

from . import rollups
from .measure import event_rows, filler_rows
from .metrics.figures import known, reasons
from .models import CallMetrics, Event, FillerUse

AT_ONCE = 100
"""Calls of one transaction."""


def rescore_some() -> bool:
    """Count AT_ONCE of the calls that are due, with the sums of their days. False: none was due.

    Each call takes the name of the list along, so whoever goes on after an interruption finds those that are left.
    """
    with transaction.atomic():
        due = queries.stale_calls().values_list("pk", flat=True)[:AT_ONCE]
        held = Recording.objects.filter(pk__in=list(due)).order_by("pk").select_for_update(of=("self",))
        recordings = list(held.select_related("agent").defer("peaks").prefetch_related("turns"))
        rows = CallMetrics.objects.in_bulk([recording.pk for recording in recordings])
        counted = dict(_counted(recordings))
        _store({recording: rows[recording.pk] for recording in recordings}, counted)
        rollups.recompute((row.agent_id, row.day) for row in rows.values() if row.day)
    return bool(counted)


def _counted(recordings: Iterable[Recording]) -> Iterator[tuple[Recording, metrics.FillerCount]]:
    terms = {language: terms_of(language) for language in {recording.language for recording in recordings}}
    for recording in recordings:
        yield recording, metrics.count_fillers(transcript_of(recording), terms[recording.language])


def _store(rows: Mapping[Recording, CallMetrics], counted: Mapping[Recording, metrics.FillerCount]) -> None:
    """`measured_at` stays: it tells whether the numbers that are not of fillers are of today's transcript."""
    if not counted:
        return
    for recording, count in counted.items():
        row = rows[recording]
        for name, value in known(count.figures).items():
            setattr(row, name, value)
        row.reasons = {k: why for k, why in row.reasons.items() if k not in count.figures} | reasons(count.figures)
        row.filler_list = count.filler_list
    columns = [*next(iter(counted.values())).figures, "reasons", "filler_list"]
    CallMetrics.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["recording"], update_fields=columns
    )
    Event.objects.filter(recording__in=rows, type=Event.Type.FILLER).delete()
    FillerUse.objects.filter(recording__in=rows).delete()
    Event.objects.bulk_create(row for call, count in counted.items() for row in event_rows(call, count.events))
    FillerUse.objects.bulk_create(row for call, count in counted.items() for row in filler_rows(call, count.uses))
