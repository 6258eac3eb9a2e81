"""By which filler lists the calls are counted, and how far counting anew is."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from analytics.models import CallMetrics
from transcription.speech.filler_list import language_of
from transcription.vocabularies import current_lists


@dataclass(frozen=True, slots=True)
class Rescoring:
    """`done` of `total` calls, in the languages that are not done, are counted by the list that counts now."""

    done: int
    total: int

    @property
    def running(self) -> bool:
        return self.done < self.total


def rescoring(language: str = "") -> Rescoring:
    """How far all calls are, or those of one language. Two queries, over an index."""
    counts = _counts()
    stale = set(_stale(counts))
    names = [name for name in counts if language in ("", language_of(name))]
    behind = {language_of(name) for name in names if name in stale}
    concerned = [name for name in names if language_of(name) in behind]
    return Rescoring(sum(counts[name] for name in concerned if name not in stale), sum(counts[n] for n in concerned))


def of_language(language: str) -> QuerySet[CallMetrics]:
    """The calls whose fillers are counted by a list of this language."""
    return CallMetrics.objects.filter(filler_list__startswith=f"{language} ")


def languages_counted() -> set[str]:
    """Codes of the languages of all measured calls."""
    return {language_of(name) for name in _counts()} - {""}


def stale_calls() -> QuerySet[CallMetrics]:
    """The calls whose fillers were counted by another list than counts now, newest days first, an agent's together."""
    return CallMetrics.objects.filter(filler_list__in=_stale(_counts())).order_by("-day", "agent", "pk")


def _counts() -> dict[str, int]:
    return dict(CallMetrics.objects.order_by().values_list("filler_list").annotate(calls=Count("pk")))


def _stale(counts: dict[str, int]) -> list[str]:
    """Empty names are of before lists had one."""
    current = current_lists([language_of(name) for name in counts])
    return [name for name in counts if not name or current[language_of(name)] != name]
