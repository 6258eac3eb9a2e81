"""By which filler lists the calls are counted, and how far counting anew is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from analytics.models import CallMetrics
from transcription.speech.filler_list import language_of
from transcription.vocabularies import current_lists

FINAL_LIST = "-"
"""In place of the name, where the words are gone: those calls stay as they were counted."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """`done` of `total` calls, in the languages that are not done, are counted by the list that counts now."""

    done: int
    total: int

    @property
    def running(self) -> bool:
        return self.done < self.total


def rescoring(language: str = "") -> Rescoring:
    """How far all calls are, or those of one language. Two queries; calls are counted only where some are behind."""
    every = _names()
    stale = set(_stale(every))
    names = [name for name in every if language in ("", language_of(name))]
    behind = {language_of(name) for name in names if name in stale}
    concerned = [name for name in names if language_of(name) in behind]
    counts = _counts(concerned) if concerned else {}
    return Rescoring(sum(counts[name] for name in concerned if name not in stale), sum(counts[n] for n in concerned))


def of_language(language: str) -> QuerySet[CallMetrics]:
    """The calls whose fillers are counted by a list of this language."""
    return CallMetrics.objects.filter(filler_list__startswith=f"{language} ")


def languages_counted() -> set[str]:
    """Codes of the languages of all measured calls."""
    return {language_of(name) for name in _names()} - {"", FINAL_LIST}


def stale_calls() -> QuerySet[CallMetrics]:
    """The calls whose fillers were counted by another list than counts now, newest days first, an agent's together."""
    return CallMetrics.objects.filter(filler_list__in=_stale(_names())).order_by("-day", "agent", "pk")


_NAMES = """
    WITH RECURSIVE found AS (
        (SELECT filler_list FROM analytics_callmetrics ORDER BY 1 LIMIT 1)
        UNION ALL
        SELECT (SELECT filler_list FROM analytics_callmetrics WHERE filler_list > found.filler_list ORDER BY 1 LIMIT 1)
        FROM found WHERE found.filler_list IS NOT NULL
    ) SELECT filler_list FROM found WHERE filler_list IS NOT NULL
"""


def _names() -> list[str]:
    """All lists that calls are counted by. Every page asks: one step in an index for each list, however many calls."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        return [name for (name,) in cursor.fetchall()]


def _counts(names: Iterable[str]) -> dict[str, int]:
    calls = CallMetrics.objects.filter(filler_list__in=names).order_by()
    return dict(calls.values_list("filler_list").annotate(calls=Count("*")))


def _stale(names: list[str]) -> list[str]:
    """Empty names are of before lists had one."""
    current = current_lists([language_of(name) for name in names])
    changed = [name for name in names if not name or current[language_of(name)] != name]
    return [name for name in changed if name != FINAL_LIST]
