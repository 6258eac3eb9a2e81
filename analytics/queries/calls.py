"""Reads for the list of calls and the page of one call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from analytics.models import CallMetrics, Event, FillerUse
from transcription.models import Recording, User

SORTS = {
    "started_at": "Date",
    "duration": "Length",
    "sentiment_customer": "Customer sentiment",
    "agent_talk_share": "Agent talk share",
    "fillers_per_100_words_agent": "Agent fillers",
    "silence_share": "Silence",
    "wpm_agent": "Agent pace",
    "interruptions_by_agent": "Interruptions by agent",
}
"""What the list can be sorted by; "-" before the key for descending. Calls without the number come last either way."""


@dataclass(frozen=True, slots=True)
class CallFilters:
    """The query string of the calls list; each field is the parameter of the same name, except `start` = from, `end` = to.

    A value that cannot be read is left out and named in `errors` (parameter -> what is wrong).
    """

    start: date | None = None
    end: date | None = None
    agent: int | None = None
    team: int | None = None
    status: str = ""
    outcome: str = ""
    q: str = ""
    """Words said in the call (Postgres full text, English stems; "quoted phrases", -not and or work)."""
    by: str = ""
    """Who said `q`: agent, customer, or empty for anybody."""
    sentiment_min: float | None = None
    sentiment_max: float | None = None
    """Customer sentiment of the call, −5 … +5."""
    shift: str = ""
    """improved or worsened."""
    duration_min: float | None = None
    """Seconds."""
    fillers_min: float | None = None
    """More agent fillers per 100 words than this."""
    language: str = ""
    roles: str = ""
    """"unconfirmed": only calls whose roles wait for confirmation."""
    sort: str = "-started_at"
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> "CallFilters":
        """From request.GET or any mapping of strings; unknown parameters are ignored (e.g. page)."""
        raise NotImplementedError


def filter_calls(user: User, filters: CallFilters) -> QuerySet[Recording]:
    """The recordings that the user may see and that pass, sorted; agent, team and metrics joined.

    Unfinished recordings are included unless a filter needs a measurement: then `recording.metrics` does not exist
    (hasattr(recording, "metrics"); templates just print nothing). Three queries for a page with its count.
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Span:
    """A moment to play: seconds in the recording, and what it is, e.g. "um" or "by agent, floor taken"."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True, slots=True)
class CallTile:
    """One number of one call, in the unit on screen. A click plays `moments`, where there are any."""

    key: str
    label: str
    unit: str
    decimals: int
    value: float | str | None
    reason: str
    moments: list[Span]


@dataclass(frozen=True, slots=True)
class CallPage:
    """`metrics` is None until the call is measured; then the rest is empty."""

    metrics: CallMetrics | None
    tiles: list[CallTile]
    events: dict[str, list[Event]]
    """Event type (silence, overlap, interruption, backchannel, filler) -> events by time; every type is a key."""
    fillers: list[FillerUse]
    quarters: list[float | None]
    """Customer sentiment by quarter of the call, −5 … +5; four, or none before measuring."""


def call_page(recording: Recording) -> CallPage:
    raise NotImplementedError


def search_hits(recording: Recording, q: str, by: str = "") -> list[int]:
    """The indexes of the turns that contain the words `q` (read as CallFilters.q)."""
    raise NotImplementedError
