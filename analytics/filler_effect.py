"""What another filler list would change, counted on the newest calls that somebody may see. Nothing is stored."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.db.models import F, QuerySet

from analytics import metrics
from transcription.models import Recording, User
from transcription.queries import recordings_visible_to
from transcription.speech.types import Role
from transcription.speech.vocabulary import FillerTerm
from transcription.transcripts import transcript_of

from .metrics import FillerUse
from .metrics.figures import Figures
from .models import CallMetrics
from .queries import of_language

SAMPLE = 200
"""Calls: half a minute of patience at most, and enough that a term of one call in fifty shows."""
LARGEST = 10
PARTIES: tuple[Role, Role] = ("agent", "customer")


@dataclass(frozen=True, slots=True)
class Term:
    """How often a term is counted in the sample, by both lists. `tier`: of the list that has it, the new one first."""

    term: str
    tier: int
    agent: tuple[int, int]
    customer: tuple[int, int]

    @property
    def pairs(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return self.agent, self.customer

    @property
    def changes(self) -> bool:
        return any(before != after for before, after in self.pairs)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the `n` calls that have the number by both lists; None without such a call."""

    before: float | None
    after: float | None
    n: int

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Call:
    """Fillers of both parties in one call, by both lists."""

    recording: Recording
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """`concerned`: calls that will be counted anew; `changed` and the rest are of the `sampled` ones.

    `agent`, `customer`: fillers per 100 words.
    """

    sampled: int
    concerned: int
    changed: int
    agent: Mean
    customer: Mean
    terms: tuple[Term, ...]
    largest: tuple[Call, ...]


def effect(user: User, language: str, before: Sequence[FillerTerm], after: Sequence[FillerTerm]) -> Effect:
    """Two-sided calls whose fillers were asked for, as in averages: the newest SAMPLE, so the same ones each time."""
    everybody = of_language(language)
    pairs = [
        (recording, metrics.count_fillers(transcript, before), metrics.count_fillers(transcript, after))
        for recording in _sample(user, everybody)
        for transcript in [transcript_of(recording)]
    ]
    calls = [Call(recording, len(old.uses), len(new.uses)) for recording, old, new in pairs]
    different = [call for call, (_, old, new) in zip(calls, pairs, strict=True) if old.uses != new.uses]
    figures = [(old.figures, new.figures) for _, old, new in pairs]
    return Effect(
        sampled=len(calls),
        concerned=everybody.count(),
        changed=len(different),
        agent=_mean(figures, "fillers_per_100_words_agent"),
        customer=_mean(figures, "fillers_per_100_words_customer"),
        terms=tuple(_terms([(old.uses, new.uses) for _, old, new in pairs], before, after)),
        largest=tuple(sorted(different, key=lambda call: -abs(call.change))[:LARGEST]),
    )


def _sample(user: User, calls: QuerySet[CallMetrics]) -> QuerySet[Recording]:
    counted = calls.filter(outcome="two_sided", filler_capture_mode="prompted")
    newest = (
        recordings_visible_to(user)
        .filter(metrics__in=counted)
        .order_by(F("started_at").desc(nulls_last=True), "-pk")
        .values_list("pk", flat=True)[:SAMPLE]
    )
    found = Recording.objects.filter(pk__in=list(newest)).order_by(F("started_at").desc(nulls_last=True), "-pk")
    return found.select_related("agent").defer("peaks").prefetch_related("turns")


def _mean(figures: Sequence[tuple[Figures, Figures]], name: str) -> Mean:
    both = [(old[name], new[name]) for old, new in figures]
    known = [(old, new) for old, new in both if isinstance(old, (int, float)) and isinstance(new, (int, float))]
    if not known:
        return Mean(None, None, 0)
    return Mean(fmean(old for old, _ in known), fmean(new for _, new in known), len(known))


def _terms(
    uses: Sequence[tuple[Sequence[FillerUse], Sequence[FillerUse]]],
    before: Sequence[FillerTerm],
    after: Sequence[FillerTerm],
) -> Iterator[Term]:
    """Those of either list; what changes most comes first, then what is said most."""
    old, new = (Counter((use.role, use.term) for pair in uses for use in pair[side]) for side in (0, 1))
    tiers = {term.term: term.tier for term in (*before, *after)}
    found = [
        Term(term, tier, *((old[party, term], new[party, term]) for party in PARTIES)) for term, tier in tiers.items()
    ]
    yield from sorted(found, key=_weight)


def _weight(term: Term) -> tuple[int, int, str]:
    (agent_old, agent_new), (customer_old, customer_new) = term.agent, term.customer
    return (
        -abs(agent_new - agent_old) - abs(customer_new - customer_old),
        -max(agent_old + customer_old, agent_new + customer_new),
        term.term,
    )
