"""Reads for an agent's page below the tiles: weeks, calls, words and moments."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Value
from django.db.models.functions import Coalesce

from analytics.metrics.sentiment import SCALE
from analytics.models import FillerUse
from transcription.models import Turn

from .catalogue import CLEAR_FEELING, METRICS
from .figures import Dot, Feelings, FillerWord, Moment, Moments, Point, Quarter
from .means import series
from .scope import WEEK, Scope, counted, two_sided, visible_calls, weeks
from .summed import AGENT_WORDS, FEELINGS, QUARTERS
from .sums import added

DOTS = 1000
"""More make a cloud, and the page heavy."""
LISTENED_TO = 500
"""Calls whose turns are read for their best and worst moments."""
MOMENTS = 5
MIN_WORDS = 4
"""A shorter turn ("Great, thanks") is politeness rather than a moment."""


def weekly(scope: Scope, metrics: Iterable[str]) -> dict[str, list[Point]]:
    """For each metric of catalogue.METRICS, its means for the 12 weeks (from Monday) up to the one of scope.end."""
    return series(weeks(scope), metrics, WEEK)


def calls_dots(scope: Scope, metric: str) -> list[Dot]:
    """One dot for each two-sided call that has the metric, oldest first; for fillers, prompted calls only. Where there
    are more than DOTS, the newest ones."""
    shown = METRICS[metric]
    calls = visible_calls(scope).filter(counted(shown)).order_by("-day", "-started_at", "-pk")
    found = calls.values_list("pk", "recording__original_name", "started_at", metric)[:DOTS]
    return [Dot(pk, name, at, value * shown.scale) for pk, name, at, value in reversed(found)]


def filler_words(scope: Scope) -> list[FillerWord]:
    """The agents' fillers by term, most frequent first (prompted calls only)."""
    words, uses = _filler_uses(scope)
    words_before, uses_before = _filler_uses(scope.baseline)
    before: dict[str, int] = {use["term"]: use["count"] for use in uses_before}

    def change(term: str, count: int) -> float | None:
        if not (words and words_before):
            return None
        return 100 * (count / words - before.get(term, 0) / words_before)

    return [
        FillerWord(
            term=use["term"],
            tier=use["tier"],
            count=use["count"],
            calls=use["calls"],
            per_100_words=100 * use["count"] / words if words else None,
            change=change(use["term"], use["count"]),
        )
        for use in uses
    ]


def sentiment_quarters(scope: Scope) -> list[Quarter]:
    """Always four."""
    found = added(scope, QUARTERS)
    return [Quarter(number, found[key].mean, found[key].n) for number, key in enumerate(QUARTERS, 1)]


def moments(scope: Scope) -> Moments:
    """The customers' five best (positive) and five worst (negative) turns of at least four words, one of each call, in
    the newest LISTENED_TO calls."""
    newest = two_sided(scope).order_by("-day", "-started_at", "-pk").values_list("pk", flat=True)[:LISTENED_TO]
    turns = _customer_turns(list(newest))
    return Moments(
        best=_one_a_call(turns.filter(sentiment_label="positive"), "-sentiment_score"),
        worst=_one_a_call(turns.filter(sentiment_label="negative"), "sentiment_score"),
    )


def feelings(scope: Scope) -> Feelings:
    """The customers of the scope, counted."""
    return Feelings(**{feeling: sums.n for feeling, sums in added(scope, FEELINGS).items()})


def unhappiest(scope: Scope) -> list[Moment]:
    """The worst turn of each of the five calls with the most negative customers, most negative call first."""
    unhappy = two_sided(scope).filter(sentiment_customer__lte=-CLEAR_FEELING).order_by("sentiment_customer", "pk")
    order = {pk: place for place, pk in enumerate(unhappy.values_list("pk", flat=True)[:MOMENTS])}
    worst = _one_a_call(_customer_turns(order).filter(sentiment_label="negative"), "sentiment_score")
    return sorted(worst, key=lambda moment: order[moment.recording_id])


def _customer_turns(calls: Iterable[int]) -> QuerySet[Turn]:
    said = {f"words__{MIN_WORDS - 1}__isnull": False}
    return Turn.objects.filter(recording__in=calls, role="customer", **said)


def _filler_uses(scope: Scope) -> tuple[int, list[Mapping[str, Any]]]:
    """How many words the agents said in prompted calls, and how often each filler."""
    calls = two_sided(scope).filter(filler_capture_mode="prompted").order_by()
    words = int(added(scope, [AGENT_WORDS])[AGENT_WORDS].total)
    uses = FillerUse.objects.filter(recording__metrics__in=calls, role="agent").order_by()
    counted: Iterable[Mapping[str, Any]] = (
        uses.values("term")
        .annotate(tier=Min("tier"), count=Count("pk"), calls=Count("recording", distinct=True))
        .order_by("-count", "term")
    )
    return words, list(counted)


def _one_a_call(turns: QuerySet[Turn], order: str) -> list[Moment]:
    firsts = turns.order_by("recording_id", order, "index").distinct("recording")
    found = Turn.objects.filter(pk__in=firsts.values("pk")).values_list(
        "recording_id",
        "recording__original_name",
        Coalesce("recording__agent__name", Value("")),
        "recording__started_at",
        "start",
        "end",
        "text",
        F("sentiment_score") * SCALE,
    )
    return [Moment(*turn) for turn in found.order_by(order, "-recording__started_at", "pk")[:MOMENTS]]
