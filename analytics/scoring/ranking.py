"""Agents by the mean of their reviews, and who changes place when questions weigh differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.compare import MIN_CALLS, Interval, interval


@dataclass(frozen=True, slots=True)
class Standing:
    """An agent's mean before and after. Ranks are among agents with MIN_CALLS reviews; None for all others, whose means
    are not told."""

    agent: str
    n: int
    before: Interval
    after: Interval
    rank_before: int | None
    rank_after: int | None

    @property
    def climbs(self) -> int:
        """Places won, negative: lost."""
        return (self.rank_before or 0) - (self.rank_after or 0)


def standings(scores: Mapping[str, Sequence[tuple[float | None, float | None]]]) -> list[Standing]:
    """Agent -> (score before, score after) of each review; best after first, then agents with too few reviews."""
    before = {agent: interval(old for old, _ in pairs) for agent, pairs in scores.items()}
    after = {agent: interval(new for _, new in pairs) for agent, pairs in scores.items()}
    ranks_before, ranks_after = _ranks(before), _ranks(after)
    rows = [
        Standing(agent, after[agent].n, before[agent], after[agent], ranks_before.get(agent), ranks_after.get(agent))
        for agent in scores
    ]
    return sorted(rows, key=lambda row: (row.rank_after is None, row.rank_after or 0, row.agent))


def _ranks(means: Mapping[str, Interval]) -> dict[str, int]:
    """1 is best; equal means share a rank."""
    known = {agent: mean.value for agent, mean in means.items() if mean.value is not None and mean.n >= MIN_CALLS}
    return {agent: 1 + sum(other > value for other in known.values()) for agent, value in known.items()}
