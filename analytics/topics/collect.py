"""The questions of one call: found, given a meaning, stored in place of what was there, put into their topics."""

from dataclasses import asdict

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from analytics import rollups
from analytics.metrics.asked import AskedQuestion, find
from analytics.metrics.gist import gist
from analytics.models import QUESTIONS_DUE, CallMetrics, Question
from transcription import wiring
from transcription.models import Recording, Removal, removed
from transcription.transcripts import transcript_of

from .joining import hold_topics, join_of_recording
from .small_talk import small_talk


def collect(recording_id: int) -> None:
    """Store the questions of a measured call; nothing if they are stored already. Doing it again gives the same."""
    call = outdated().select_related("recording").filter(pk=recording_id).first()
    if call is None:
        return
    begun = timezone.now()
    asked = find(transcript_of(call.recording))
    language = call.recording.language
    connection.close()
    rows = _rows(recording_id, asked, language)
    with transaction.atomic():
        hold_topics()
        Question.objects.filter(recording_id=recording_id).delete()
        if CallMetrics.objects.filter(pk=recording_id).update(questions_collected_at=begun):
            Question.objects.bulk_create(rows)
            join_of_recording(recording_id)
            if call.day:
                rollups.recompute([(call.agent_id, call.day)])


def outdated() -> QuerySet[CallMetrics]:
    """Calls that were measured since their questions were collected, or never had them collected."""
    there = CallMetrics.objects.exclude(removed(Removal.What.TRANSCRIPT))
    return there.filter(QUESTIONS_DUE, recording__status=Recording.Status.DONE).order_by("pk")


def _rows(recording_id: int, asked: list[AskedQuestion], language: str) -> list[Question]:
    gists = [gist(question.text, language) for question in asked]
    meanings = wiring.embedder().embed(gists)
    answered = [question for question in asked if question.answer]
    answers = wiring.embedder().embed([question.answer for question in answered])
    meaning_of = {id(question): meaning for question, meaning in zip(answered, answers, strict=True)}
    return [
        Question(
            recording_id=recording_id,
            **asdict(question),
            gist=text,
            small_talk=social,
            meaning=meaning,
            answer_meaning=meaning_of.get(id(question)),
        )
        for question, text, social, meaning in zip(asked, gists, small_talk(gists, meanings), meanings, strict=True)
    ]
