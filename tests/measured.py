"""Calls as they are after measuring, with the numbers a test wants."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from analytics import rollups
from analytics.metrics import METRICS_VERSION
from analytics.models import CallMetrics, Question, Topic
from transcription.models import Agent, Recording, Turn
from transcription.speech.filler_list import list_name
from transcription.speech.vocabulary import FILLER_TERMS

from .conftest import make_recording
from .fakes import FakeEmbedder

MAY_12 = datetime(2025, 5, 12, 9, 30, tzinfo=UTC)
"""A Monday."""

SHIPPED = list_name("en", FILLER_TERMS["en"])

MEANINGS = FakeEmbedder()


def make_call(
    agent: Agent | None, started_at: datetime | None = MAY_12, recording: dict[str, Any] | None = None, **numbers: Any
) -> CallMetrics:
    """A finished, measured, two-sided, prompted call; `numbers` are columns of CallMetrics."""
    told = {"agent": agent, "started_at": started_at, "status": "done", "outcome": "two_sided", "role_confidence": 0.9}
    told["measured_at"] = timezone.now()
    outcome = numbers.get("outcome", "two_sided")
    values = {"filler_capture_mode": "prompted", "metrics_version": METRICS_VERSION, "outcome": outcome}
    values = values | {"filler_list": SHIPPED} | numbers
    call = CallMetrics.objects.create(
        recording=make_recording(**(told | {"outcome": outcome} | (recording or {}))),
        agent=agent,
        team=agent.team if agent else None,
        started_at=started_at,
        day=started_at.date() if started_at else None,
        **values,
    )
    if call.day:
        rollups.recompute([(agent.pk if agent else None, call.day)])
    return call


def say(recording: Recording, role: str, text: str, start: float = 0.0, score: float | None = None) -> Turn:
    """A turn that lasts a second a word; its feeling is clear from ±0.5 on."""
    words = [[word, start + at, start + at + 1, 0.9, "attention"] for at, word in enumerate(text.split())]
    return Turn.objects.create(
        recording=recording,
        index=recording.turns.count(),
        speaker=role,
        role=role,
        start=start,
        end=start + len(words),
        text=text,
        words=words,
        sentiment_label="" if score is None else ("negative", "neutral", "positive")[(score > -0.5) + (score >= 0.5)],
        sentiment_score=score,
    )


def make_topic(label: str, **values: Any) -> Topic:
    return Topic.objects.create(label=label, **({"centre": MEANINGS.embed([label])[0]} | values))


def make_question(recording: Recording, text: str, topic: Topic | None = None, **values: Any) -> Question:
    """A question at 5 s, answered at 8 s, and with it the note that the call's questions are collected."""
    told = {"turn": 0, "at_s": 5.0, "end_s": 7.0, "gist": text, "answer": "Let me see.", "answer_at_s": 8.0} | values
    meanings = {"meaning": MEANINGS.embed([text])[0], "answer_meaning": MEANINGS.embed([told["answer"]])[0]}
    made = Question.objects.create(recording=recording, text=text, topic=topic, **(meanings | told))
    collected(recording)
    return made


def collected(recording: Recording) -> None:
    calls = CallMetrics.objects.filter(pk=recording.pk, day__isnull=False)
    calls.update(questions_collected_at=timezone.now())
    rollups.recompute(calls.values_list("agent", "day"))
