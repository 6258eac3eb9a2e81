"""Whose calls of which days: what every dashboard is asked for, and the one place that decides what a user may see."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet

from analytics.models import CallMetrics
from transcription.models import Agent, Team, User

PERIODS = 12


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

    def periods(self) -> list["Scope"]:
        """PERIODS scopes of equal length, oldest first; the last is this one."""
        return [self.before(back) for back in range(PERIODS - 1, -1, -1)]

    @cached_property
    def query(self) -> str:
        """As a query string that CallFilters reads: from, to, team, agent."""
        values = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        values |= {"team": str(self.team.pk)} if self.team else {}
        values |= {"agent": str(self.agent.pk)} if self.agent else {}
        return urlencode(values)


def visible_calls(scope: Scope) -> QuerySet[CallMetrics]:
    """The measured calls of the scope, newest first, with recording, agent and team joined.

    Outcomes other than two_sided are included; averages leave them out.
    """
    raise NotImplementedError
