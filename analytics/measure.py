"""One call from transcript to numbers: measure, store in place of what was there, bring the agent's day up to date."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from analytics import metrics
from transcription import days, vocabularies
from transcription.models import Recording, Removal, removed
from transcription.models.conditions import UNMEASURED
from transcription.speech.types import Transcript
from transcription.transcripts import transcript_of

from . import rollups
from .models import CallMetrics, Event, FillerUse

_FACTS = {"events", "filler_uses"}
_GONE = removed(Removal.What.TRANSCRIPT)
"""Their numbers stay as they were counted."""


def measure(recording_id: int) -> None:
    """Score a recording that has a transcript and replace its rows, in one transaction. Anything else is left alone.

    Measuring again gives the same rows. Two jobs for one recording come one after the other.
    """
    with transaction.atomic():
        transcribed = (
            Recording.objects.select_related("agent").exclude(outcome="").exclude(_GONE).filter(pk=recording_id)
        )
        recording = transcribed.select_for_update(of=("self",)).first()
        if recording is None:
            return
        before = CallMetrics.objects.filter(recording=recording).first()
        stored = _store(recording, numbers(transcript_of(recording)))
        rollups.recompute((row.agent_id, row.day) for row in (before, stored) if row and row.day)


def numbers(transcript: Transcript) -> metrics.Measurement:
    """The numbers of a transcript by this site's settings. Nothing is stored."""
    site = metrics.Settings(dead_air_s=settings.DEAD_AIR_SECONDS, agent_sentiment=settings.AGENT_SENTIMENT)
    return metrics.measure(transcript, vocabularies.terms_of(transcript.language), site)


def outdated() -> QuerySet[Recording]:
    """Recordings with a transcript but without numbers, or with numbers of an older version, transcript or roles, or
    of another agent or start. Costs what it finds, whatever the history."""
    unmeasured = Recording.objects.filter(UNMEASURED).order_by().values("pk")
    older = CallMetrics.objects.filter(metrics_version__lt=metrics.METRICS_VERSION).values("recording")
    return Recording.objects.exclude(outcome="").exclude(_GONE).filter(pk__in=unmeasured.union(older)).order_by("pk")


def _store(recording: Recording, measured: metrics.Measurement) -> CallMetrics:
    values = {field.name: getattr(measured, field.name) for field in fields(measured) if field.name not in _FACTS}
    values |= {
        "agent": recording.agent,
        "team": recording.agent.team if recording.agent else None,
        "started_at": recording.started_at,
        "day": _day(recording),
        "outcome": recording.outcome,
    }
    stored, _ = CallMetrics.objects.update_or_create(recording=recording, defaults=values)
    recording.events.all().delete()
    recording.filler_uses.all().delete()
    Event.objects.bulk_create(event_rows(recording, measured.events))
    FillerUse.objects.bulk_create(filler_rows(recording, measured.filler_uses))
    Recording.objects.filter(pk=recording.pk).update(measured_at=timezone.now())
    return stored


def event_rows(recording: Recording, events: Iterable[metrics.Event]) -> Iterator[Event]:
    for e in events:
        yield Event(recording=recording, type=e.type, by=e.by, start_s=e.start_s, end_s=e.end_s, detail=e.detail[:200])


def filler_rows(recording: Recording, uses: Iterable[metrics.FillerUse]) -> Iterator[FillerUse]:
    for use in uses:
        yield FillerUse(
            recording=recording,
            agent=recording.agent,
            role=use.role or "",
            term=use.term,
            tier=use.tier,
            at_s=use.at_s,
            end_s=use.end_s,
            context=use.context,
        )


def _day(recording: Recording) -> date | None:
    return days.day_of(recording.started_at) if recording.started_at else None
