"""The values of single calls, as far as they may be averaged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet

from analytics.compare import MIN_CALLS, interval
from analytics.models import CallMetrics

from .catalogue import METRICS, Metric
from .figures import Estimate

Row = Mapping[str, Any]

NO_CALLS = "no two-sided calls in this period"
FEW_CALLS = f"under {MIN_CALLS} calls"


def rows(calls: QuerySet[CallMetrics], keys: Iterable[str]) -> list[Row]:
    """What `sample`, `pooled` and `estimate` need of each call, in one query."""
    columns = {"filler_capture_mode", "outcome", "reasons", "agent_id", *keys}
    columns |= {name for key in keys for name in _pooled_columns(METRICS[key])}
    return list(calls.values(*columns - {"duration_s"}, duration_s=F("recording__duration")))


def usable(found: Sequence[Row], metric: Metric) -> list[Row]:
    """The calls whose number may enter a mean: two-sided, and for fillers prompted."""
    return [
        row
        for row in found
        if row["outcome"] == "two_sided" and (not metric.prompted_only or row["filler_capture_mode"] == "prompted")
    ]


def sample(found: Sequence[Row], metric: Metric) -> list[float]:
    """The known values of usable calls, in the unit on screen."""
    return [row[metric.key] * metric.scale for row in usable(found, metric) if row[metric.key] is not None]


def estimate(found: Sequence[Row], metric: Metric) -> Estimate:
    values = sample(found, metric)
    result = interval(values)
    if result.value is None:
        return Estimate(None, 0, None, _why_none(found, metric))
    if result.low is None or result.high is None:
        return Estimate(result.value, result.n, None, FEW_CALLS)
    return Estimate(result.value, result.n, (result.low, result.high), "")


def pooled(found: Sequence[Row], metric: Metric) -> float | None:
    """The sum of the numerators by the sum of the denominators: long calls count more."""
    if metric.pooled is None:
        return None
    names = _pooled_columns(metric)
    known = [row for row in usable(found, metric) if all(row[name] is not None for name in names)]
    base = sum(row[name] for row in known for name in metric.pooled[1])
    return metric.scale * sum(row[metric.pooled[0]] for row in known) / base if base else None


def left_out(found: Sequence[Row], metric: Metric) -> int:
    """How many two-sided calls were left out because nobody asked the recogniser to write down fillers."""
    return len([row for row in found if row["outcome"] == "two_sided"]) - len(usable(found, metric))


def _pooled_columns(metric: Metric) -> tuple[str, ...]:
    return (metric.pooled[0], *metric.pooled[1]) if metric.pooled else ()


def _why_none(found: Sequence[Row], metric: Metric) -> str:
    """The most frequent reason of the calls."""
    calls = usable(found, metric)
    if not calls:
        return "no call whose fillers were asked for" if left_out(found, metric) else NO_CALLS
    reasons = Counter(row["reasons"].get(metric.key, "not measured") for row in calls)
    return str(reasons.most_common(1)[0][0])
