"""The numbers that dashboards show: where each is stored, what it is called, and its unit on screen."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Metric:
    """`key` is the column of CallMetrics. A stored value times `scale` is in `measure`, with `decimals` worth showing.

    `name` and `measure` are English; a person reads `label` and `unit`.
    `pooled`: (numerator, denominators) whose sums over calls give the time-weighted value.
    """

    key: str
    name: str
    measure: str
    scale: float = 1
    decimals: int = 1
    prompted_only: bool = False
    """Counts fillers, so only calls whose recogniser was asked to write them down are comparable."""
    pooled: tuple[str, tuple[str, ...]] | None = None

    @property
    def label(self) -> str:
        """`name` in the language of the request."""
        return gettext(self.name)

    @property
    def unit(self) -> str:
        """`measure` in the language of the request."""
        return gettext(self.measure) if self.measure else ""


_ALL = (
    Metric(
        "agent_talk_share",
        _("Agent talk share"),
        "%",
        scale=100,
        pooled=("talk_s_agent", ("talk_s_agent", "talk_s_customer")),
    ),
    Metric("wpm_agent", _("Agent pace"), _("words/min"), decimals=0),
    Metric("fillers_per_100_words_agent", _("Agent fillers"), _("per 100 words"), prompted_only=True),
    Metric("interruptions_by_agent", _("Interruptions by agent"), _("per call")),
    Metric("silence_share", _("Silence"), "%", scale=100, pooled=("silence_s", ("duration_s",))),
    Metric("sentiment_customer", _("Customer sentiment"), _("−5 to +5")),
    Metric("interruptions_by_customer", _("Interruptions by customer"), _("per call")),
    Metric("wpm_customer", _("Customer pace"), _("words/min"), decimals=0),
    Metric("longest_silence_s", _("Longest silence"), "s"),
    Metric("longest_monologue_s_agent", _("Longest agent monologue"), "s", decimals=0),
    Metric("longest_monologue_s_customer", _("Longest customer monologue"), "s", decimals=0),
    Metric("response_latency_median_s", _("Agent response time"), "s"),
    Metric("questions_agent", _("Questions by agent"), _("per call")),
    Metric("questions_customer", _("Questions by customer"), _("per call")),
)

CLEAR_FEELING: Final = 1.0
"""From here on (of 5) a customer counts as happy, and below minus this as unhappy; as in sentiment_shift."""

METRICS: Final[dict[str, Metric]] = {metric.key: metric for metric in _ALL}
TILES: Final = tuple(metric.key for metric in _ALL[:6])
"""The six of the agent page, in their order."""
