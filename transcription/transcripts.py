"""A Transcript in rows and back: Recording holds what is true of the whole call, one Turn row each turn."""

from django.db import transaction
from django.utils import timezone

from .models import Recording, Turn
from .signals import recording_transcribed
from .speech import types


def store_transcript(recording: Recording, transcript: types.Transcript) -> None:
    """Replace what is known to have been said in `recording`, in one transaction; announce it after the commit."""
    confidences = [s.role_confidence for s in transcript.speakers if s.role_confidence is not None]
    recording.finished_at = timezone.now()
    recording.language = transcript.language
    recording.layout = transcript.layout
    recording.outcome = transcript.outcome
    recording.filler_capture_mode = transcript.filler_capture_mode
    recording.speakers = [
        {"label": s.label, "role": s.role, "role_confidence": s.role_confidence, "evidence": list(s.evidence)}
        for s in transcript.speakers
    ]
    recording.role_confidence = min(confidences, default=None)
    recording.activity = [[turn.speaker, turn.start, turn.end] for turn in transcript.activity]
    recording.overlap_known = transcript.overlap_known
    recording.engines = dict(transcript.engines)
    recording.notes = list(transcript.notes)
    with transaction.atomic():
        recording.save()
        recording.turns.all().delete()
        Turn.objects.bulk_create(
            [_row(recording, index, turn) for index, turn in enumerate(transcript.turns)], batch_size=500
        )
        transaction.on_commit(lambda: recording_transcribed.send(Recording, recording_id=recording.pk))


def transcript_of(recording: Recording) -> types.Transcript:
    """The stored transcript as a value; its turns are read in one query."""
    return types.Transcript(
        duration=recording.duration,
        language=recording.language,
        layout=recording.layout,  # type: ignore[arg-type]  # written by store_transcript only
        outcome=recording.outcome,  # type: ignore[arg-type]
        filler_capture_mode=recording.filler_capture_mode,  # type: ignore[arg-type]
        speakers=tuple(types.Speaker(**{**s, "evidence": tuple(s["evidence"])}) for s in recording.speakers),
        turns=tuple(_turn(row) for row in recording.turns.all()),
        activity=tuple(types.SpeakerTurn(*entry) for entry in recording.activity),
        overlap_known=recording.overlap_known,
        engines=recording.engines,
        notes=tuple(recording.notes),
    )


def _row(recording: Recording, index: int, turn: types.Turn) -> Turn:
    return Turn(
        recording=recording,
        index=index,
        speaker=turn.speaker,
        role=turn.role or "",
        start=turn.start,
        end=turn.end,
        text=turn.text,
        words=[[w.text, w.start, w.end, w.probability, w.time_source] for w in turn.words],
        sentiment_label=turn.sentiment.label if turn.sentiment else "",
        sentiment_score=turn.sentiment.score if turn.sentiment else None,
    )


def _turn(row: Turn) -> types.Turn:
    sentiment = None
    if row.sentiment_score is not None:
        sentiment = types.Sentiment(row.sentiment_label, row.sentiment_score)  # type: ignore[arg-type]
    return types.Turn(
        speaker=row.speaker,
        start=row.start,
        end=row.end,
        words=tuple(types.Word(*word) for word in row.words),
        role=row.role or None,  # type: ignore[arg-type]
        sentiment=sentiment,
    )
