"""Whose calls of which days: what every dashboard is asked for, and the one place that decides what a user may see."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from analytics.models import AgentDay, CallMetrics
from transcription.models import Agent, Team, User
from transcription.queries import seen_by

from .catalogue import CLEAR_FEELING, Metric

PERIODS = 12
WEEK = 7
"""Days."""
BASELINE_DAYS = 30
QUARTER_YEAR = 92
"""Scopes of up to this many days have a trend of weeks."""


@dataclass(frozen=True)
class Scope:
    """The calls that `user` may see, of the days `start` to `end` (both included, in the site's zone)."""

    user: User
    start: date
    end: date
    team: Team | None = None
    agent: Agent | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def before(self, periods: int = 1) -> "Scope":
        """The scope of as many days that ends where this one starts (or `periods` such steps back)."""
        back = timedelta(days=self.days * periods)
        return replace(self, start=self.start - back, end=self.end - back)

    @property
    def baseline(self) -> "Scope":
        """What an agent, or whoever it is, is compared with: the own calls of the BASELINE_DAYS before."""
        return replace(self, start=self.start - timedelta(days=BASELINE_DAYS), end=self.start - timedelta(days=1))

    def since(self, start: date) -> "Scope":
        """The same calls from another first day on."""
        return replace(self, start=start)

    @cached_property
    def query(self) -> str:
        """As a query string that CallFilters reads: from, to, team, agent."""
        values = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        values |= {"team": str(self.team.pk)} if self.team else {}
        values |= {"agent": str(self.agent.pk)} if self.agent else {}
        return urlencode(values)

    @property
    def measured(self) -> str:
        """As a query string: the calls list has exactly the measured calls of the scope."""
        return f"{self.query}&counted=any"

    def behind(self, metric: str) -> str:
        """As a query string: the calls list has exactly the calls whose values a mean of the metric is made of."""
        return f"{self.query}&counted={metric}&sort=-{metric}"


def weeks(scope: Scope) -> Scope:
    """The same calls over the PERIODS weeks, from Monday to Sunday, up to the one of scope.end."""
    monday = scope.end - timedelta(days=scope.end.weekday())
    return replace(scope, start=monday - timedelta(weeks=PERIODS - 1), end=monday + timedelta(days=WEEK - 1))


def trend_periods(scope: Scope) -> tuple[Scope, int]:
    """The same calls over the PERIODS periods of a trend, and the days of each: weeks, or as long as a longer scope."""
    if scope.days <= QUARTER_YEAR:
        return weeks(scope), WEEK
    return scope.since(scope.before(PERIODS - 1).start), scope.days


def visible_calls(scope: Scope) -> QuerySet[CallMetrics]:
    """The measured calls of the scope, newest first, with recording, agent and team joined.

    Outcomes other than two_sided are included; averages leave them out. Waveform and activity are not read.
    """
    seen = seen_by(scope.user, "recording__agent", "recording__batch__created_by")
    return (
        CallMetrics.objects.filter(narrowed(scope), seen)
        .select_related("recording", "agent", "team")
        .defer("recording__peaks", "recording__activity")
        .order_by("-started_at", "-recording_id")
    )


def two_sided(scope: Scope) -> QuerySet[CallMetrics]:
    """The visible calls that enter averages."""
    return visible_calls(scope).filter(outcome="two_sided")


def counted(metric: Metric, prefix: str = "") -> Q:
    """The calls whose number enters a mean: two-sided, known, and for fillers prompted. `prefix`: the way to them."""
    wanted: dict[str, object] = {"outcome": "two_sided", f"{metric.key}__isnull": False}
    wanted |= {"filler_capture_mode": "prompted"} if metric.prompted_only else {}
    return Q(**{f"{prefix}{lookup}": value for lookup, value in wanted.items()})


def felt(feeling: str, prefix: str = "") -> Q:
    """The two-sided calls whose customer is so: positive, neutral, negative, or unknown (too few words to tell)."""
    score = f"{prefix}sentiment_customer"
    rules = {
        "positive": Q(**{f"{score}__gte": CLEAR_FEELING}),
        "negative": Q(**{f"{score}__lte": -CLEAR_FEELING}),
        "neutral": Q(**{f"{score}__gt": -CLEAR_FEELING, f"{score}__lt": CLEAR_FEELING}),
        "unknown": Q(**{score: None}),
    }
    return rules[feeling] & Q(**{f"{prefix}outcome": "two_sided"})


def visible_days(scope: Scope) -> QuerySet[AgentDay]:
    """The sums of the scope's days."""
    return AgentDay.objects.filter(narrowed(scope), seen_by(scope.user, "agent", "uploader"))


def narrowed(scope: Scope, prefix: str = "") -> Q:
    """Days, team and agent of the scope, as they were when the call was measured. `prefix`: the way to its columns."""
    wanted: dict[str, object] = {"day__range": (scope.start, scope.end)}
    wanted |= {"team": scope.team} if scope.team else {}
    wanted |= {"agent": scope.agent} if scope.agent else {}
    return Q(**{f"{prefix}{lookup}": value for lookup, value in wanted.items()})
