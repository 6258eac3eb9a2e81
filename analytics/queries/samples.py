"""Means of calls with how sure they are: from the sums of days, and from single calls where these are few."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from analytics.compare import MIN_CALLS, interval, interval_of_sums
from transcription.models import Agent

from .catalogue import Metric
from .figures import Estimate
from .scope import Scope, counted, two_sided, visible_calls
from .summed import PROMPTED, TWO_SIDED, part, whole
from .sums import ByKey

NO_CALLS = "no two-sided calls in this period"
FEW_CALLS = f"under {MIN_CALLS} calls"
NOT_ASKED_FOR = "no call whose fillers were asked for"
ASKED_WHY = 20
"""Newest calls whose reasons are read where a number is not known."""

Whose = int | None
"""Primary key of an agent; None for everybody together."""


def summed_keys(metrics: Iterable[Metric]) -> list[str]:
    """What Estimates, `pooled` and `left_out` need to be added up."""
    metrics = list(metrics)
    weighted = [name(metric) for metric in metrics if metric.pooled for name in (part, whole)]
    return [TWO_SIDED, PROMPTED, *(metric.key for metric in metrics), *weighted]


def pooled(sums: ByKey, metric: Metric) -> float | None:
    """The sum of the numerators by the sum of the denominators: long calls count more."""
    if metric.pooled is None:
        return None
    base = sums[whole(metric)].total
    return metric.scale * sums[part(metric)].total / base if base else None


def left_out(sums: ByKey, metric: Metric) -> int:
    """How many two-sided calls were left out because nobody asked the recogniser to write down fillers."""
    return sums[TWO_SIDED].n - sums[PROMPTED].n if metric.prompted_only else 0


class Estimates:
    """Estimates of the means of `metrics` in a scope, from `sums` of its agents or of everybody.

    Reads calls only where an interval has to be resampled, and reasons only where a number is not known: two or three
    queries, whatever the number of calls.
    """

    def __init__(self, scope: Scope, metrics: Sequence[Metric], sums: Mapping[Whose, ByKey]) -> None:
        self._scope, self._metrics, self._sums = scope, metrics, sums
        self._values = self._read_values()
        self._reasons = self._read_reasons()

    def of(self, whose: Whose, metric: Metric) -> Estimate:
        sums = self._sums[whose][metric.key].times(metric.scale)
        if not sums.n:
            return Estimate(None, 0, None, self._why_none(whose, metric))
        result = interval(self._values[whose, metric.key]) if sums.resampled else interval_of_sums(sums)
        if result.low is None or result.high is None:
            return Estimate(result.value, result.n, None, FEW_CALLS)
        return Estimate(result.value, result.n, (result.low, result.high), "")

    def _read_values(self) -> Mapping[tuple[Whose, str], list[float]]:
        """Newest calls first: resampling depends on their order."""
        few: dict[Metric, set[Whose]] = {}
        for metric in self._metrics:
            whose = {each for each, sums in self._sums.items() if sums[metric.key].resampled}
            few |= {metric: whose} if whose else {}
        values: dict[tuple[Whose, str], list[float]] = defaultdict(list)
        if not few:
            return values
        wanted = [counted(metric) & (Q() if None in whose else Q(agent__in=whose)) for metric, whose in few.items()]
        calls = visible_calls(self._scope).filter(reduce(or_, wanted))
        columns = ("agent_id", "filler_capture_mode", *(metric.key for metric in few))
        for agent, mode, *found in calls.values_list(*columns):
            for (metric, whose), value in zip(few.items(), found, strict=True):
                if value is not None and (mode == "prompted" or not metric.prompted_only):
                    for each in {None, agent} & whose:
                        values[each, metric.key].append(value * metric.scale)
        return values

    def _read_reasons(self) -> Mapping[Whose, list[Mapping[str, str]]]:
        unknown = {whose for whose in self._sums if any(self._asks_why(whose, metric) for metric in self._metrics)}
        newest = two_sided(self._scope).order_by("-day")
        found: dict[Whose, list[Mapping[str, str]]] = {}
        if None in unknown:
            found[None] = list(newest.values_list("reasons", flat=True)[:ASKED_WHY])
        if agents := [whose for whose in unknown if whose is not None]:
            told = ArraySubquery(newest.filter(agent=OuterRef("pk")).values("reasons")[:ASKED_WHY])
            found |= dict(Agent.objects.filter(pk__in=agents).order_by().values_list("pk", told))
        return found

    def _asks_why(self, whose: Whose, metric: Metric) -> bool:
        return not self._sums[whose][metric.key].n and self._usable(whose, metric) > 0

    def _usable(self, whose: Whose, metric: Metric) -> int:
        return self._sums[whose][PROMPTED if metric.prompted_only else TWO_SIDED].n

    def _why_none(self, whose: Whose, metric: Metric) -> str:
        """The most frequent reason of the newest calls."""
        if not self._usable(whose, metric):
            return NOT_ASKED_FOR if self._sums[whose][TWO_SIDED].n else NO_CALLS
        reasons = Counter(told.get(metric.key, "not measured") for told in self._reasons[whose])
        return reasons.most_common(1)[0][0]
