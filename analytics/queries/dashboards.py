"""Reads for the overview, the agents table and an agent's page."""

from .figures import AgentRow, Dot, FillerWord, Moments, Overview, Point, Quarter, Tile
from .scope import Scope


def tiles(scope: Scope) -> list[Tile]:
    """The six tiles of catalogue.TILES, in their order; for one agent, a team or all that the user may see."""
    raise NotImplementedError


def agents_table(scope: Scope) -> list[AgentRow]:
    """One row for each agent with a measured call in the scope, by name."""
    raise NotImplementedError


def overview(scope: Scope) -> Overview:
    raise NotImplementedError


def weekly(scope: Scope, metric: str) -> list[Point]:
    """The mean of a metric of catalogue.METRICS for the 12 weeks (from Monday) up to the one of scope.end."""
    raise NotImplementedError


def calls_dots(scope: Scope, metric: str) -> list[Dot]:
    """One dot for each two-sided call that has the metric, oldest first."""
    raise NotImplementedError


def filler_words(scope: Scope) -> list[FillerWord]:
    """The agents' fillers by term, most frequent first (prompted calls only)."""
    raise NotImplementedError


def sentiment_quarters(scope: Scope) -> list[Quarter]:
    """Always four."""
    raise NotImplementedError


def moments(scope: Scope) -> Moments:
    """The customers' five best and five worst turns, of at least four words."""
    raise NotImplementedError
