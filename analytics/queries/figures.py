"""What dashboards are made of. Every value is in the unit on screen (shares in percent), or None with a reason."""

from dataclasses import dataclass
from datetime import date, datetime

from analytics.compare import Change, Side
from transcription.models import Agent, Recording, Team

from .scope import Scope


@dataclass(frozen=True, slots=True)
class Point:
    """The mean of the `n` calls of a period (a day, a week…) that begins at `start`."""

    start: date
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` calls with its 95 % interval; both None when they cannot be told or must not be compared."""

    value: float | None
    n: int
    interval: tuple[float, float] | None
    reason: str
    """Why value (or else interval) is None; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The mean of the `n` calls of Scope.baseline, the change since, and the query string of their list."""

    value: float | None
    n: int
    change: Change
    query: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """An agent's mean minus everybody's; None with a reason where it cannot be told or must not be compared.

    `side` as compare.side. `step`: 0 where there is no real difference, else 1 to 3 for small, medium and large.
    """

    value: float | None
    side: Side | None
    step: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tile:
    key: str
    label: str
    unit: str
    decimals: int
    value: float | None
    """The mean of the calls that have this number."""
    weighted: float | None
    """The time-weighted value (long calls count more), for shares; else None."""
    n: int
    reason: str
    """Why value is None, e.g. "no calls in this period"; empty otherwise."""
    interval: tuple[float, float] | None
    """95 % interval of the mean; None under 5 calls."""
    trend: list[Point]
    """12 periods of equal length, oldest first, the last with the scope's end: weeks from Monday; as long as a longer
    scope."""
    team_median: float | None
    """Median of the team's agents' means (agent scopes only); None under 3 agents with 5 calls each."""
    team_side: Side | None
    """On which side of the team's median the interval lies."""
    baseline: Baseline
    note: str
    """What was left out, e.g. "3 calls whose fillers were not asked for"; empty otherwise."""
    query: str
    """Query string of the calls list (without "?") that shows the calls behind the number, this metric first."""


@dataclass(frozen=True, slots=True)
class AgentRow:
    agent: Agent
    team: Team | None
    calls: int
    """All measured calls, of any outcome."""
    minutes: float
    estimates: dict[str, Estimate]
    """By metric key. Under 5 calls, interval is None and comparable False."""
    deviations: dict[str, Deviation]
    """By metric key."""
    comparable: bool
    scope: Scope


@dataclass(frozen=True, slots=True)
class AgentsTable:
    """Agents by name, and the same metrics over all calls of the scope, also those of nobody."""

    rows: list[AgentRow]
    everybody: dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    calls: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Totals:
    outcomes: dict[str, int]
    """Recording.Outcome value -> measured calls of the scope; every outcome is a key."""
    calls: int
    minutes: float
    coverage: float | None
    """Mean share of the speech, in percent, whose word times were measured."""
    days: list[DayCount]
    """One for each day of the scope, also those without calls."""


@dataclass(frozen=True, slots=True)
class Overview:
    statuses: dict[str, int]
    """waiting, processing, failed -> recordings that the user may see, of any date."""
    totals: Totals
    tiles: list[Tile]
    recent: list[Recording]
    """The 10 that came in last, in any status, with agent and metrics joined (recording.metrics may not exist)."""
    unconfirmed: int
    """Calls of the scope that wait for somebody to confirm who is the agent (role_confidence < 0.7)."""
    undated: int
    """Measured calls that the user may see without a start time: on no dashboard until they have one."""
    query: str


@dataclass(frozen=True, slots=True)
class Feelings:
    """How many two-sided calls have a happy, an indifferent and an unhappy customer, or too few words to tell."""

    positive: int
    neutral: int
    negative: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Dot:
    """One call on a chart."""

    recording_id: int
    label: str
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class FillerWord:
    """How often agents said a filler, and in how many calls.

    `change`: per_100_words minus that of Scope.baseline (None: no calls then).
    """

    term: str
    tier: int
    count: int
    calls: int
    per_100_words: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Quarter:
    """Customers' mean sentiment (−5 … +5) in the `number`th (1–4) quarter of the `n` calls where it can be told."""

    number: int
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Something a customer said. `score` is on the scale of calls, −5 … +5."""

    recording_id: int
    label: str
    agent: str
    started_at: datetime
    start_s: float
    end_s: float
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Moments:
    """At most one of each call; best first, worst first."""

    best: list[Moment]
    worst: list[Moment]
