"""What is added up of every call, so that dashboards need not read the calls of their days.

Keys of AgentDay.metric: those of catalogue.METRICS and the ones here. Who adds one marks every day as stale in a
migration (see models.StaleDay), so that history gets it too.
"""

from typing import Final

from transcription.models import Recording

from .catalogue import CLEAR_FEELING, METRICS, Metric

TWO_SIDED, PROMPTED, COVERAGE, AGENT_WORDS = "two_sided", "prompted", "coverage", "words_agent"
OUTCOMES: Final = tuple(Recording.Outcome.values)
"""Calls of each outcome, with their seconds; TWO_SIDED is one of them. PROMPTED: the two-sided ones whose fillers were
asked for; AGENT_WORDS: what agents said in those."""
FEELINGS: Final = ("positive", "neutral", "negative", "unknown")
"""Two-sided calls by how the customer is (as scope.felt)."""
COLLECTED: Final = "collected"
"""Two-sided calls whose questions are known."""
UNGROUPED: Final = "not-grouped"
SMALL_TALK: Final = "small-talk"
"""Questions in no topic, by why. Of these and of topics, n is the calls with such questions, total the questions."""


def of_topic(pk: int) -> str:
    return f"topic:{pk}"


QUARTERS: Final = tuple(f"sentiment_customer_q{number}" for number in range(1, 5))


def part(metric: Metric) -> str:
    """Numerators of the time-weighted value, of the calls that have all that it takes."""
    return f"{metric.key}:part"


def whole(metric: Metric) -> str:
    """Denominators, of the same calls."""
    return f"{metric.key}:whole"


_IF_TWO_SIDED = "c.outcome = 'two_sided'"
_IF_PROMPTED = f"{_IF_TWO_SIDED} AND c.filler_capture_mode = 'prompted'"


def _only(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END"


def _usable(metric: Metric) -> str:
    return _IF_PROMPTED if metric.prompted_only else _IF_TWO_SIDED


def _column(name: str) -> str:
    return "r.duration" if name == "duration_s" else f"c.{name}"


def _weighted() -> dict[str, str]:
    found = {}
    for metric in METRICS.values():
        if metric.pooled:
            above, below = _column(metric.pooled[0]), " + ".join(map(_column, metric.pooled[1]))
            found[part(metric)] = _only(f"{_usable(metric)} AND {below} IS NOT NULL", above)
            found[whole(metric)] = _only(f"{_usable(metric)} AND {above} IS NOT NULL", below)
    return found


def _felt() -> dict[str, str]:
    score = "c.sentiment_customer"
    rules = {
        "positive": f"{score} >= {CLEAR_FEELING}",
        "neutral": f"{score} > {-CLEAR_FEELING} AND {score} < {CLEAR_FEELING}",
        "negative": f"{score} <= {-CLEAR_FEELING}",
        "unknown": f"{score} IS NULL",
    }
    return {feeling: _only(f"{_IF_TWO_SIDED} AND {rule}", "1") for feeling, rule in rules.items()}


SUMMED: Final[dict[str, str]] = {
    **{metric.key: _only(_usable(metric), f"c.{metric.key}") for metric in METRICS.values()},
    **_weighted(),
    **{outcome: _only(f"c.outcome = '{outcome}'", "r.duration") for outcome in OUTCOMES},
    PROMPTED: _only(_IF_PROMPTED, "1"),
    COVERAGE: "c.coverage",
    AGENT_WORDS: _only(_IF_PROMPTED, "c.words_agent"),
    **_felt(),
    COLLECTED: _only(f"{_IF_TWO_SIDED} AND c.questions_collected_at IS NOT NULL", "1"),
    **{name: _only(_IF_TWO_SIDED, f"c.{name}") for name in QUARTERS},
}
"""Key -> SQL of its value in one call, c being its CallMetrics and r its Recording; null where it does not count."""
