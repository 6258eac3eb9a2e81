"""What the calls of a scope offer to talk about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Func, IntegerField, Q, QuerySet

from analytics.models import CallMetrics, Event, FillerUse, Question
from analytics.queries.scope import Scope, visible_calls
from transcription.models import Turn
from transcription.models.conditions import CONFIDENT

from .kinds import USUAL, Call, Said, Usual, candidates
from .picking import Candidate

CERTAIN = Q(outcome="two_sided") & (
    Q(recording__role_confidence__gte=CONFIDENT) | Q(recording__roles_confirmed_at__isnull=False)
)
"""Calls of which one may tell an agent something: both parties speak, and it is certain who is the agent."""

_Rows = Mapping[int, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every moment that could be picked, of `calls` calls; `left_out` are one-sided, silent or of uncertain roles."""

    candidates: list[Candidate]
    calls: int
    left_out: int


def evidence(scope: Scope) -> Evidence:
    """Six queries, however many calls. An agent's own sentiment is not read."""
    seen = visible_calls(scope)
    told = seen.filter(CERTAIN).order_by()
    calls = _calls(told)
    usual = _usual(calls)
    found = [candidate for call in calls for candidate in candidates(call, usual)]
    return Evidence(found, len(calls), seen.count() - len(calls))


def _calls(told: QuerySet[CallMetrics]) -> list[Call]:
    chosen = told.values("recording")
    turns = _by_call(_turns(chosen))
    silences = Event.objects.filter(recording__in=chosen, type=Event.Type.SILENCE, by="agent", detail="after customer")
    cut_ins = Event.objects.filter(recording__in=chosen, type=Event.Type.INTERRUPTION, by="agent")
    waits = _by_call(silences.order_by("start_s").values_list("recording_id", "start_s", "end_s"))
    cuts = _by_call(cut_ins.order_by("start_s").values_list("recording_id", "start_s", "end_s"))
    asked = Question.objects.filter(recording__in=chosen, topic__hidden=False)
    topics = _by_call(asked.order_by("at_s").values_list("recording_id", "at_s", "topic__label"))
    prompted = told.filter(filler_capture_mode="prompted").values("recording")
    uses = FillerUse.objects.filter(recording__in=prompted, role="agent")
    fillers = _by_call(uses.order_by("at_s").values_list("recording_id", "at_s"))
    return [
        Call(
            recording=row["recording_id"],
            day=row["day"],
            turns=tuple(Said(*turn) for turn in turns[row["recording_id"]]),
            topics=tuple(topics[row["recording_id"]]),
            waits=tuple(waits[row["recording_id"]]),
            cut_ins=tuple(cuts[row["recording_id"]]),
            fillers=tuple(at for (at,) in fillers[row["recording_id"]]),
            numbers={key: row[key] for key in USUAL if key != "fillers_per_100_words_agent" or _prompted(row)},
        )
        for row in told.values("recording_id", "day", "filler_capture_mode", *USUAL)
    ]


def _turns(chosen: QuerySet[CallMetrics, Any]) -> Iterable[tuple[Any, ...]]:
    """In the order of kinds.Said, after the call. Only customers have a score."""
    counted = Func(F("words"), function="jsonb_array_length", output_field=IntegerField())
    asks = ExpressionWrapper(Q(text__contains="?"), output_field=BooleanField())
    rows = Turn.objects.filter(recording__in=chosen).order_by("recording_id", "index")
    for pk, role, start, end, words, score, question in rows.values_list(
        "recording_id", "role", "start", "end", counted, "sentiment_score", asks
    ):
        yield pk, role, start, end, words, score if role == "customer" else None, question


def _usual(calls: list[Call]) -> Usual:
    known = {
        key: [call.numbers[key] for call in calls if call.numbers and call.numbers.get(key) is not None]
        for key in USUAL
    }
    return {key: (fmean(values), len(values)) for key, values in known.items() if values}  # type: ignore[arg-type]


def _by_call(rows: Iterable[tuple[Any, ...]]) -> _Rows:
    """Call -> the rest of its rows; no rows for any other."""
    grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *rest in rows:
        grouped[pk].append(tuple(rest))
    return grouped


def _prompted(row: Mapping[str, Any]) -> bool:
    return bool(row["filler_capture_mode"] == "prompted")
