"""Measured dialogues as the rows of a call, with placeholders where calls differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics import metrics
from analytics.measure import numbers
from analytics.metrics.asked import AskedQuestion, find
from analytics.metrics.gist import gist
from analytics.models import MEANING, CallMetrics, Event, FillerUse, Question
from transcription.models import Recording, Run, Turn
from transcription.speech.personal import hidden
from transcription.speech.types import Transcript
from transcription.transcripts import turn_row

from .copying import line
from .dialogues import LABELS, Dialogue, Kind, Style, dialogue
from .plan import Plan

MODELS: Final = (Recording, Run, CallMetrics, Turn, Event, FillerUse, Question)
"""In the order of the parts of a template; the first two with primary keys."""
PART: Final = "\0"
"""Between the parts of a template; it cannot be in a text of PostgreSQL."""
_FAILED, _NO_SPEECH, _ONE_SIDED = 0.005, 0.015, 0.03
"""Shares of calls that failed, and, each with those before, of other outcomes."""
_NOISE: Final = 0.6
"""How far questions are from their topic: a cosine distance of 0.14."""

Meaning = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meanings:
    """Unit vectors for topics and what is near to them. They stand for meanings; no model made them."""

    centres: Meaning
    random: np.random.Generator

    @classmethod
    def of(cls, seed: int) -> "Meanings":
        """Topics have the same centres whatever the seed."""
        centres = np.random.default_rng(0).normal(size=(len(LABELS), MEANING))
        return cls(centres / np.linalg.norm(centres, axis=1, keepdims=True), np.random.default_rng(seed))

    def near(self, intent: int) -> str:
        noise = self.random.normal(size=MEANING)
        found = self.centres[intent] + _NOISE * noise / np.linalg.norm(noise)
        return written(found / np.linalg.norm(found))

    def nowhere(self) -> str:
        noise = self.random.normal(size=MEANING)
        return written(noise / np.linalg.norm(noise))


def written(meaning: Meaning) -> str:
    """As pgvector reads it."""
    return f"[{','.join(f'{number:.3f}' for number in meaning)}]"


def templates(plan: Plan, topics: Sequence[int], random: Random, progress: Callable[[str], None]) -> list[str]:
    """The calls that others are copies of, from the calmest style to the most hectic. `topics`: keys, as LABELS."""
    meanings = Meanings.of(plan.seed)
    made = []
    for number in range(plan.variants):
        heat = number / plan.variants
        style = Style(fillers=heat, mood=min(1.0, max(0.0, random.gauss(0.8 - 0.4 * heat, 0.2))), haste=heat)
        kind = _kind(random)
        if kind is None:
            made.append(_failed(random))
        else:
            made.append(_template(dialogue(kind, plan.turns_per_call, style, random), meanings, topics))
    progress(f"{len(made)} dialogues written and measured")
    return made


def _kind(random: Random) -> Kind | None:
    chance = random.random()
    if chance < _FAILED:
        return None
    return "no_speech" if chance < _NO_SPEECH else "one_sided" if chance < _ONE_SIDED else "two_sided"


def _template(said: Dialogue, meanings: Meanings, topics: Sequence[int]) -> str:
    """What is personal is left out: nobody said it."""
    made = replace(said, transcript=hidden(said.transcript))
    measured = numbers(made.transcript)
    questions = [_question(asked, made, meanings, topics) for asked in find(made.transcript)]
    return PART.join(
        [
            line(_recording(made.transcript), with_key=True),
            line(_run(finished_at="Qxfinished"), with_key=True),
            line(_metrics(measured, made.transcript)),
            "".join(map(line, _turns(made.transcript))),
            "".join(map(line, _events(measured))),
            "".join(map(line, _filler_uses(measured))),
            "".join(map(line, questions)),
        ]
    )


def _failed(random: Random) -> str:
    reason = random.choice(["The audio cannot be read", "Not enough memory", "The file ends in the middle"])
    recording = _row(duration=round(random.uniform(20, 300), 2), status="failed", error=reason, measured_at=None)
    recording.current_run_id = None
    parts = [line(recording, with_key=True), line(_run(finished_at="Qxfinished", error=reason), with_key=True)]
    return PART.join([*parts, *[""] * (len(MODELS) - len(parts))])


def _row(**values: object) -> Recording:
    told = {"id": "Qxkey", "batch_id": "Qxbatch", "source_id": "Qxsource", "agent_id": "Qxagent"}
    named = {"original_name": "Qxfile", "sha256": "Qxhash", "external_id": "Qxreference", "customer_ref": "Qxsurname"}
    times = {"received_at": "Qxreceived", "started_at": "Qxstarted", "finished_at": "Qxfinished"}
    plain = {"bytes": 0, "codec": "opus", "channels": 1, "sample_rate": 8000, "direction": "in", "queue": "Qxqueue"}
    run = {"current_run_id": "Qxrun", "measured_at": "Qxmeasured", "status": "done"}
    return Recording(**{**told, **named, **times, **plain, **run, **values})


def _recording(said: Transcript) -> Recording:
    return _row(
        duration=said.duration,
        channels=2 if said.layout == "stereo" else 1,
        bytes=int(said.duration * 4000),
        language=said.language,
        layout=said.layout,
        outcome=said.outcome,
        filler_capture_mode=said.filler_capture_mode,
        speakers=[
            {"label": s.label, "role": s.role, "role_confidence": s.role_confidence, "evidence": list(s.evidence)}
            for s in said.speakers
        ],
        role_confidence=min((s.role_confidence for s in said.speakers if s.role_confidence), default=None),
        activity=[[span.speaker, span.start, span.end] for span in said.activity],
        overlap_known=said.overlap_known,
        engines=dict(said.engines),
        notes=list(said.notes),
        confidence=said.confidence,
    )


def _run(**values: object) -> Run:
    return Run(**{"id": "Qxrun", "recording_id": "Qxkey", "number": 1, "created_at": "Qxreceived", **values})


def _metrics(measured: metrics.Measurement, said: Transcript) -> CallMetrics:
    facts = ("events", "filler_uses")
    values = {field.name: getattr(measured, field.name) for field in fields(measured) if field.name not in facts}
    told = {
        "recording_id": "Qxkey",
        "agent_id": "Qxagent",
        "team_id": "Qxteam",
        "started_at": "Qxstarted",
        "day": "Qxday",
    }
    return CallMetrics(
        **values, **told, outcome=said.outcome, measured_at="Qxmeasured", questions_collected_at="Qxmeasured"
    )


def _turns(said: Transcript) -> list[Turn]:
    return [turn_row(index, turn, recording_id="Qxkey") for index, turn in enumerate(said.turns)]


def _events(measured: metrics.Measurement) -> list[Event]:
    return [
        Event(recording_id="Qxkey", type=e.type, by=e.by, start_s=e.start_s, end_s=e.end_s, detail=e.detail)
        for e in measured.events
    ]


def _filler_uses(measured: metrics.Measurement) -> list[FillerUse]:
    return [
        FillerUse(
            recording_id="Qxkey",
            agent_id="Qxagent",
            role=use.role or "",
            term=use.term,
            tier=use.tier,
            at_s=use.at_s,
            end_s=use.end_s,
            context=use.context,
        )
        for use in measured.filler_uses
    ]


def _question(asked: AskedQuestion, made: Dialogue, meanings: Meanings, topics: Sequence[int]) -> Question:
    about = made.asks[asked.turn] == "topic"
    return Question(
        recording_id="Qxkey",
        turn=asked.turn,
        at_s=asked.at_s,
        end_s=asked.end_s,
        text=asked.text,
        gist=gist(asked.text, made.transcript.language),
        small_talk=made.asks[asked.turn] == "small talk",
        topic_id=topics[made.intent] if about else None,
        answer=asked.answer,
        answer_at_s=asked.answer_at_s,
        meaning=meanings.near(made.intent) if about else meanings.nowhere(),
        answer_meaning=meanings.near(made.intent) if asked.answer else None,
    )
