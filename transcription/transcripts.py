"""A Transcript in rows and back: Recording holds what is true of the whole call, one Turn row each turn.

Rows of turns have masks in place of personal words, which are kept apart: what reads turns without thinking of it shows
nothing personal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Recording, Turn, User, Withheld
from .signals import recording_transcribed
from .speech import types
from .speech.personal import cautious_text, masked, spans_by_turn, taken, unmasked

BEFORE_S, AFTER_S = 0.15, 0.25
"""What of the sound around a personal word is silenced, too: word times err, and words fade."""
SHORTEST_SOUND_S = 0.5
"""Less sound between two silences is silenced."""


def store_transcript(recording: Recording, transcript: types.Transcript) -> None:
    """Replace what is known to have been said in `recording`, in one transaction; announce it after the commit.

    Where a person has confirmed who is the agent, that stays: the speaker who talks when the agent talked.
    """
    if recording.roles_confirmed_at:
        kept = keep_roles(transcript_of(recording), transcript)
        if kept is None:
            recording.roles_confirmed_at = recording.roles_confirmed_by = None
        transcript = kept or transcript
    confidences = [s.role_confidence for s in transcript.speakers if s.role_confidence is not None]
    recording.finished_at = timezone.now()
    recording.measured_at = None
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
    recording.quarantined = [asdict(held) for held in transcript.quarantined]
    recording.confidence = transcript.confidence
    with transaction.atomic():
        recording.save()
        _store_turns(recording, transcript.turns)
        announce(recording)


def store_corrected(recording: Recording, transcript: types.Transcript) -> None:
    """Keep turns and activity as a person set them right (and the recording's speakers and outcome); announce it."""
    recording.corrected_at = timezone.now()
    recording.activity = [[turn.speaker, turn.start, turn.end] for turn in transcript.activity]
    with transaction.atomic():
        recording.save(update_fields=["corrected_at", "activity", "speakers", "outcome"])
        _store_turns(recording, transcript.turns)
        announce(recording)


def announce(recording: Recording) -> None:
    """Tell after the commit that the transcript of `recording` is new or changed. A listener's failure is logged."""
    transaction.on_commit(lambda: recording_transcribed.send(Recording, recording_id=recording.pk), robust=True)


def keep_roles(before: types.Transcript, after: types.Transcript) -> types.Transcript | None:
    """`after` with the roles of `before`: the agent is who talks most while the agent talked. None: cannot be told."""
    agent = [turn for turn in before.turns if turn.role == "agent"]
    parties = [speaker.label for speaker in after.speakers if speaker.role]
    shared = {
        label: sum(_overlap(turn, other) for turn in after.turns if turn.speaker == label for other in agent)
        for label in parties
    }
    if len(parties) != 2 or len(set(shared.values())) != 2:
        return None
    roles: dict[str, types.Role] = {min(parties, key=shared.__getitem__): "customer"}
    roles[max(parties, key=shared.__getitem__)] = "agent"
    evidence = next((s.evidence for s in before.speakers if s.role == "agent"), ())
    return replace(
        after,
        speakers=tuple(
            replace(s, role=roles[s.label], role_confidence=1.0, evidence=evidence) if s.label in roles else s
            for s in after.speakers
        ),
        turns=tuple(replace(turn, role=roles.get(turn.speaker)) for turn in after.turns),
    )


def _overlap(one: types.Turn, other: types.Turn) -> float:
    return max(0.0, min(one.end, other.end) - max(one.start, other.start))


def transcript_for(user: User, recording: Recording) -> types.Transcript:
    """The transcript as this user may read it."""
    return as_said(recording) if user.may_see_personal_data else transcript_of(recording)


def turns_for(user: User, recording: Recording) -> list[Turn]:
    """The rows of the turns as this user may read them, in one query."""
    if not user.may_see_personal_data:
        return list(recording.turns.all())
    rows = list(recording.turns.select_related("withheld"))
    for row in rows:
        if hasattr(row, "withheld"):
            _put_back(row)
    return rows


def holds_personal_data(recording: Recording) -> bool:
    """Whether something is withheld from those who may not see it."""
    return Withheld.objects.filter(turn__recording=recording).exists()


def held_back_for(user: User, recording: Recording) -> list[dict[str, Any]]:
    """Text that nobody seems to have said, as this user may read it."""
    if user.may_see_personal_data:
        return list(recording.quarantined)
    return [held | {"text": cautious_text(held["text"])} for held in recording.quarantined]


def personal_stretches(recording: Recording) -> list[tuple[float, float]]:
    """Where something personal is said: (start, end) in seconds, in order, with room around the words."""
    found = Withheld.objects.filter(turn__recording=recording).select_related("turn")
    words = (row.turn.words[first : first + len(said)] for row in found for _, first, said in row.spans)
    spoken = sorted((part[0][1] - BEFORE_S, max(word[2] for word in part) + AFTER_S) for part in words)
    merged: list[tuple[float, float]] = []
    for start, end in spoken:
        if merged and start - merged[-1][1] < SHORTEST_SOUND_S:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((max(start, 0.0), end))
    return merged


def as_said(recording: Recording) -> types.Transcript:
    """The stored transcript with the personal words in it: for changing it, and for those who may see them."""
    turns = recording.turns.select_related("withheld")
    said = tuple(replace(_turn(row), words=_words(row)) for row in turns)
    return replace(transcript_of(recording, ()), turns=said, quarantined=_quarantined(recording.quarantined))


def transcript_of(recording: Recording, rows: Iterable[Turn] | None = None) -> types.Transcript:
    """The stored transcript as a value, with masks for personal words; its turns are read in one query."""
    return types.Transcript(
        duration=recording.duration,
        language=recording.language,
        layout=recording.layout,  # type: ignore[arg-type]  # written by store_transcript only
        outcome=recording.outcome,  # type: ignore[arg-type]
        filler_capture_mode=recording.filler_capture_mode,  # type: ignore[arg-type]
        speakers=tuple(types.Speaker(**{**s, "evidence": tuple(s["evidence"])}) for s in recording.speakers),
        turns=tuple(_turn(row) for row in (recording.turns.all() if rows is None else rows)),
        activity=tuple(types.SpeakerTurn(*entry) for entry in recording.activity),
        overlap_known=recording.overlap_known,
        engines=recording.engines,
        notes=tuple(recording.notes),
        quarantined=_quarantined(held | {"text": cautious_text(held["text"])} for held in recording.quarantined),
        confidence=recording.confidence,
    )


def _store_turns(recording: Recording, turns: Sequence[types.Turn]) -> None:
    """In rows, personal words apart."""
    recording.turns.all().delete()
    spans = spans_by_turn(turns)
    shown = (masked(turn, own) for turn, own in zip(turns, spans, strict=True))
    rows = [turn_row(index, turn, recording=recording) for index, turn in enumerate(shown)]
    Turn.objects.bulk_create(rows, batch_size=500)
    personal = ((row, turn, own) for row, turn, own in zip(rows, turns, spans, strict=True) if own)
    Withheld.objects.bulk_create(Withheld(turn=row, spans=taken(turn, own)) for row, turn, own in personal)


def _words(row: Turn) -> tuple[types.Word, ...]:
    """As they were said. `row` was read with what is withheld of it."""
    words = tuple(types.Word(*word) for word in row.words)
    return unmasked(words, row.withheld.spans) if hasattr(row, "withheld") else words


def _put_back(row: Turn) -> None:
    words = _words(row)
    row.words = [[word.text, *found[1:]] for word, found in zip(words, row.words, strict=True)]
    row.text = " ".join(word.text for word in words)


def _quarantined(found: Iterable[dict[str, Any]]) -> tuple[types.Quarantined, ...]:
    return tuple(types.Quarantined(**held) for held in found)


def turn_row(index: int, turn: types.Turn, **recording: Any) -> Turn:
    """An unsaved row. `recording`: the keyword by which the row is told its recording."""
    return Turn(
        **recording,
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
