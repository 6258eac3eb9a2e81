"""The list of calls: what can be asked for in its address, and the recordings that answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any, Final

from django.db.models import Exists, F, OrderBy, OuterRef, Q, QuerySet
from django.utils import timezone

from transcription.models import Recording, User
from transcription.queries import recordings_visible_to

from .search import turns_saying

CONFIDENT = 0.7
UNCONFIRMED: Final = Q(outcome="two_sided") & (Q(role_confidence__lt=CONFIDENT) | Q(role_confidence=None))
"""Recordings where somebody should confirm who is the agent. Calls with fewer than two parties need not wait for it."""

SORTS: Final = {
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

_OWN_COLUMNS = {"started_at", "duration"}


@dataclass(frozen=True, slots=True)
class CallFilters:
    """The query string of the calls list; each field is the parameter of the same name, but `start` is from, `end` to.

    A value that cannot be read is left out and named in `errors` (parameter -> what is wrong).
    """

    start: date | None = None
    end: date | None = None
    agent: int | None = None
    team: int | None = None
    status: str = ""
    outcome: str = ""
    q: str = ""
    """Words said in one turn of the call (English stems; "quoted phrases" and `or` work), or any part of its text."""
    by: str = ""
    """Who said `q`: agent, customer, nobody (calls in which it is not said), or empty for anybody."""
    sentiment_min: float | None = None
    sentiment_max: float | None = None
    """Customer sentiment of the call, −5 … +5."""
    shift: str = ""
    """improved, steady or worsened."""
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
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, (attribute, read, wanted) in _PARAMETERS.items():
            text = params.get(name, "").replace("\0", "").strip()
            if not text:
                continue
            try:
                values[attribute] = read(text)
            except ValueError:
                errors[name] = f"“{text[:50]}” is not {wanted}"
        return cls(**values, errors=errors)


def filter_calls(user: User, filters: CallFilters) -> QuerySet[Recording]:
    """The recordings that the user may see and that pass, sorted; agent, team and metrics joined.

    Unfinished recordings are included unless a filter needs a measurement; they have no `recording.metrics` (a template
    prints nothing for it). One query, and one for a count.
    """
    calls = recordings_visible_to(user).filter(_described(filters), _measured(filters))
    if filters.roles:
        calls = calls.filter(UNCONFIRMED)
    if filters.q:
        calls = calls.filter(_said(filters))
    return calls.select_related("agent__team", "metrics__team").order_by(_order(filters.sort), "-pk")


def _described(filters: CallFilters) -> Q:
    """What is known without listening."""
    wanted = {
        "started_at__gte": filters.start and _midnight(filters.start),
        "started_at__lt": filters.end and _midnight(filters.end + timedelta(days=1)),
        "agent": filters.agent,
        "status": filters.status,
        "outcome": filters.outcome,
        "language": filters.language,
        "duration__gte": filters.duration_min,
    }
    found = Q(**{lookup: value for lookup, value in wanted.items() if value not in (None, "")})
    if filters.team is not None:
        found &= Q(metrics__team=filters.team) | Q(metrics=None, agent__team=filters.team)
    return found


def _measured(filters: CallFilters) -> Q:
    wanted = {
        "sentiment_customer__gte": filters.sentiment_min,
        "sentiment_customer__lte": filters.sentiment_max,
        "sentiment_shift": filters.shift or None,
        "fillers_per_100_words_agent__gt": filters.fillers_min,
    }
    return Q(**{f"metrics__{lookup}": value for lookup, value in wanted.items() if value is not None})


def _said(filters: CallFilters) -> Q:
    by = filters.by if filters.by in {"agent", "customer"} else ""
    said = Q(Exists(turns_saying(filters.q, by).filter(recording=OuterRef("pk"))))
    return Q(status=Recording.Status.DONE) & ~said if filters.by == "nobody" else said


def _order(sort: str) -> OrderBy:
    key = sort.removeprefix("-")
    column = F(key if key in _OWN_COLUMNS else f"metrics__{key}")
    return column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not date.min.year < day.year < date.max.year:
        raise ValueError(text)
    return day


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return read


_A_DAY = "a date like 2025-01-31"
_PARAMETERS: Final[dict[str, tuple[str, Callable[[str], object], str]]] = {
    "from": ("start", _day, _A_DAY),
    "to": ("end", _day, _A_DAY),
    "agent": ("agent", int, "the number of an agent"),
    "team": ("team", int, "the number of a team"),
    "status": ("status", _one_of(*Recording.Status.values), "a status"),
    "outcome": ("outcome", _one_of(*Recording.Outcome.values), "an outcome"),
    "q": ("q", str, "text"),
    "by": ("by", _one_of("agent", "customer", "nobody"), "agent, customer or nobody"),
    "sentiment_min": ("sentiment_min", _finite, "a number"),
    "sentiment_max": ("sentiment_max", _finite, "a number"),
    "shift": ("shift", _one_of("improved", "steady", "worsened"), "improved, steady or worsened"),
    "duration_min": ("duration_min", _finite, "a number of seconds"),
    "fillers_min": ("fillers_min", _finite, "a number"),
    "language": ("language", str, "a language code"),
    "roles": ("roles", _one_of("unconfirmed"), "“unconfirmed”"),
    "sort": ("sort", _one_of(*SORTS, *(f"-{key}" for key in SORTS)), "something to sort by"),
}
"""Parameter -> field of CallFilters, how to read it, and what it should be."""
