"""The numbers that dashboards show: where each is stored, what it is called, and its unit on screen."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Metric:
    """`key` is the column of CallMetrics. A stored value times `scale` is in `unit`, with `decimals` worth showing.

    `pooled`: (numerator, denominators) whose sums over calls give the time-weighted value.
    """

    key: str
    label: str
    unit: str
    scale: float = 1
    decimals: int = 1
    prompted_only: bool = False
    """Counts fillers, so only calls whose recogniser was asked to write them down are comparable."""
    pooled: tuple[str, tuple[str, ...]] | None = None


_ALL = (
    Metric(
        "agent_talk_share",
        "Agent talk share",
        "%",
        scale=100,
        pooled=("talk_s_agent", ("talk_s_agent", "talk_s_customer")),
    ),
    Metric("wpm_agent", "Agent pace", "words/min", decimals=0),
    Metric("fillers_per_100_words_agent", "Agent fillers", "per 100 words", prompted_only=True),
    Metric("interruptions_by_agent", "Interruptions by agent", "per call"),
    Metric("silence_share", "Silence", "%", scale=100, pooled=("silence_s", ("duration_s",))),
    Metric("sentiment_customer", "Customer sentiment", "−5 to +5"),
    Metric("interruptions_by_customer", "Interruptions by customer", "per call"),
    Metric("wpm_customer", "Customer pace", "words/min", decimals=0),
    Metric("longest_silence_s", "Longest silence", "s"),
    Metric("longest_monologue_s_agent", "Longest agent monologue", "s", decimals=0),
    Metric("longest_monologue_s_customer", "Longest customer monologue", "s", decimals=0),
    Metric("response_latency_median_s", "Agent response time", "s"),
    Metric("questions_agent", "Questions by agent", "per call"),
    Metric("questions_customer", "Questions by customer", "per call"),
)

CLEAR_FEELING: Final = 1.0
"""From here on (of 5) a customer counts as happy, and below minus this as unhappy; as in sentiment_shift."""

METRICS: Final[dict[str, Metric]] = {metric.key: metric for metric in _ALL}
TILES: Final = tuple(metric.key for metric in _ALL[:6])
"""The six of the agent page, in their order."""
