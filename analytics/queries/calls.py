"""The page of one call: its numbers, and the moments behind each of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext_noop as _

from analytics.metrics.silence import HOLD_S
from analytics.models import CallMetrics, Event, FillerUse
from transcription.models import Recording, Turn

from .catalogue import METRICS, Metric


@dataclass(frozen=True, slots=True)
class Span:
    """A moment to play: seconds in the recording, and what it is, e.g. "um" or "by agent, floor taken"."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True, slots=True)
class CallTile:
    """One number of one call, in the unit on screen. A click plays `moments`, where there are any."""

    key: str
    label: str
    unit: str
    decimals: int
    value: float | str | None
    reason: str
    moments: list[Span]


@dataclass(frozen=True, slots=True)
class CallPage:
    """`metrics` is None until the call is measured; then the rest is empty."""

    metrics: CallMetrics | None
    tiles: list[CallTile]
    events: dict[str, list[Event]]
    """Event type (silence, overlap, interruption, backchannel, filler) -> events by time; every type is a key."""
    fillers: list[FillerUse]
    quarters: list[tuple[float, float | None]]
    """Where each quarter of the call starts, in seconds, and its customer sentiment, −5 … +5; none before measuring."""


def call_page(recording: Recording) -> CallPage:
    """Three or four queries, however long the call."""
    metrics = CallMetrics.objects.select_related("agent", "team").filter(recording=recording).first()
    events: dict[str, list[Event]] = {kind: [] for kind in Event.Type.values}
    if metrics is None:
        return CallPage(None, [], events, [], [])
    for event in recording.events.order_by("start_s", "pk"):
        events[event.type].append(event)
    worst = _worst(recording, metrics)
    return CallPage(
        metrics=metrics,
        tiles=[_tile(metrics, metric, _moments(metric.key, events, worst)) for metric in _CALL_METRICS],
        events=events,
        fillers=list(recording.filler_uses.order_by("at_s", "pk")),
        quarters=[
            (recording.duration * number / 4, getattr(metrics, f"sentiment_customer_q{number + 1}"))
            for number in range(4)
        ],
    )


def _once(key: str) -> Metric:
    """A metric of the dashboards, of a single call."""
    metric = METRICS[key]
    return replace(metric, measure="", decimals=0) if metric.measure == "per call" else metric


_CALL_METRICS: Final = (
    _once("agent_talk_share"),
    _once("wpm_agent"),
    _once("wpm_customer"),
    _once("silence_share"),
    _once("longest_silence_s"),
    Metric("hold_s", _("On hold, probably"), "s", decimals=0),
    _once("interruptions_by_agent"),
    _once("interruptions_by_customer"),
    Metric("overlap_s", _("Both at once"), "s"),
    _once("fillers_per_100_words_agent"),
    Metric("fillers_agent", _("Fillers of the agent"), "", decimals=0),
    Metric("fillers_customer", _("Fillers of the customer"), "", decimals=0),
    _once("sentiment_customer"),
    Metric("sentiment_shift", _("Customer from first to last quarter"), ""),
    _once("response_latency_median_s"),
    _once("longest_monologue_s_agent"),
    _once("questions_agent"),
    _once("questions_customer"),
)


_BEHIND: Final[dict[str, tuple[Event.Type, Callable[[Event], bool]]]] = {
    "silence_share": (Event.Type.SILENCE, lambda _: True),
    "hold_s": (Event.Type.SILENCE, lambda event: event.end_s - event.start_s >= HOLD_S),
    "interruptions_by_agent": (Event.Type.INTERRUPTION, lambda event: event.by == "agent"),
    "interruptions_by_customer": (Event.Type.INTERRUPTION, lambda event: event.by == "customer"),
    "overlap_s": (Event.Type.OVERLAP, lambda _: True),
    "fillers_per_100_words_agent": (Event.Type.FILLER, lambda event: event.by == "agent"),
    "fillers_agent": (Event.Type.FILLER, lambda event: event.by == "agent"),
    "fillers_customer": (Event.Type.FILLER, lambda event: event.by == "customer"),
}
"""Metric -> the events that it counts."""


def _moments(key: str, events: dict[str, list[Event]], worst: list[Span]) -> list[Span]:
    if key == "sentiment_customer":
        return worst
    if key == "longest_silence_s":
        longest = max(events[Event.Type.SILENCE], key=lambda event: event.end_s - event.start_s, default=None)
        return [_span(longest)] if longest else []
    if key not in _BEHIND:
        return []
    kind, counts = _BEHIND[key]
    return [_span(event) for event in events[kind] if counts(event)]


def _span(event: Event) -> Span:
    if event.type == Event.Type.FILLER:
        return Span(event.start_s, event.end_s, event.detail)
    return Span(event.start_s, event.end_s, f"by {event.by}, {event.detail}" if event.detail else f"by {event.by}")


def _worst(recording: Recording, metrics: CallMetrics) -> list[Span]:
    """The customer's worst turn, when it is negative at all."""
    if metrics.worst_turn_at_s is None or metrics.worst_turn_score is None or metrics.worst_turn_score >= 0:
        return []
    turn = Turn.objects.filter(recording=recording, role="customer", start=metrics.worst_turn_at_s).first()
    return [Span(turn.start, turn.end, "worst turn of the customer")] if turn else []


def _tile(metrics: CallMetrics, metric: Metric, moments: list[Span]) -> CallTile:
    value = getattr(metrics, metric.key)
    return CallTile(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        decimals=metric.decimals,
        value=value * metric.scale if isinstance(value, (int, float)) else value,
        reason=metrics.reasons.get(metric.key, "") if value is None else "",
        moments=moments,
    )
