"""Which calls are reviewed."""

from collections import defaultdict
from datetime import date

from django.db import transaction

from analytics.models import Review, ReviewSample, Scorecard
from analytics.queries.scope import Scope, two_sided
from analytics.scoring import sample


def draw(scorecard: Scorecard, scope: Scope, per_agent: int, seed: int) -> ReviewSample | None:
    """Up to `per_agent` two-sided calls of each agent of the scope, none that a review with any version of this form
    has been submitted for. None if there is nothing to draw from."""
    done = Review.objects.filter(scorecard__lineage=scorecard.lineage, submitted_at__isnull=False)
    calls = two_sided(scope).filter(agent__isnull=False).exclude(recording__in=done.values("recording")).order_by()
    by_agent: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for agent, call, day in calls.values_list("agent", "recording", "day"):
        if day:  # which they have, being of the scope's days
            by_agent[agent].append((call, day))
    picked = [call for agent in sorted(by_agent) for call in sample(by_agent[agent], per_agent, seed)]
    if not picked:
        return None
    with transaction.atomic():
        drawn = ReviewSample.objects.create(
            scorecard=scorecard, start=scope.start, end=scope.end, per_agent=per_agent, seed=seed, by=scope.user
        )
        drawn.recordings.set(picked)
    return drawn
