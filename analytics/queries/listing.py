"""The list of calls: the recordings that pass its filters, whole for exports and page by page for people.

A page starts after a call that the address names, not after a number of rows: the millionth call costs what the first
does, and rows that come in meanwhile neither repeat nor hide a call.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from analytics.models import FillerUse
from transcription.days import midnight
from transcription.models import Recording, User
from transcription.models.conditions import CONFIDENT, UNCONFIRMED
from transcription.queries import recordings_visible_to

from .catalogue import METRICS
from .columns import SORTS
from .filters import ANY_NUMBER, CallFilters
from .scope import counted, felt
from .search import Said, turns_saying

_ROLES = {"unconfirmed": UNCONFIRMED, "certain": Q(outcome="two_sided", role_confidence__gte=CONFIDENT)}

COUNTED = 10_000
"""Counting further takes seconds on a large site and tells nobody more."""

Calls = QuerySet[Recording]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of the list. `previous` and `next`: the calls that the pages before and after name, None at the ends."""

    rows: list[Recording]
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page starts: behind the call `pk`, in the list's order or (`backwards`) against it."""

    pk: int | None = None
    backwards: bool = False


def filter_calls(user: User, filters: CallFilters) -> Calls:
    """The recordings that the user may see and that pass, sorted; agent, team and metrics joined.

    Unfinished recordings are included unless a filter needs a measurement; they have no `recording.metrics` (a template
    prints nothing for it). One query.
    """
    key, falling = filters.sort.removeprefix("-"), filters.sort.startswith("-")
    column = F(SORTS[key])
    order = column.desc(nulls_last=True) if falling else column.asc(nulls_last=True)
    calls = _passing(user, filters).select_related("agent__team", "metrics__team")
    return calls.order_by(order, "-pk" if falling else "pk")


def ordered_parts(user: User, filters: CallFilters) -> list[Calls]:
    """filter_calls in two, one after the other, so that an index can give the order: a history is never sorted."""
    return _parts(filter_calls(user, filters), filters.sort, None)


def count_calls(user: User, filters: CallFilters) -> int:
    """How many calls pass; COUNTED + 1 for any number above COUNTED. One query."""
    return _passing(user, filters).order_by().values("pk")[: COUNTED + 1].count()


@dataclass(frozen=True, slots=True)
class Holder:
    """An agent's name, None for nobody, and how many calls are the agent's."""

    agent: str | None
    calls: int


def calls_by_agent(user: User, filters: CallFilters) -> list[Holder]:
    """Whose the calls are that pass, whoever has most first. One query."""
    counts = _passing(user, filters).order_by().values_list("agent__name").annotate(calls=Count("pk"))
    return [Holder(*row) for row in counts.order_by("-calls", "agent__name")]


def page_of_calls(user: User, filters: CallFilters, place: Place, size: int) -> Page:
    """`size` rows of filter_calls from `place` on. One query, one to find the place, one where the values end.

    A call that is gone, or that the user may not see, is no place: the list starts at its beginning.
    """
    calls = filter_calls(user, filters).defer("notes", "engines", "stage_seconds", "origins", "quarantined")
    edge = _edge(user, filters, place)
    found = _rows(calls, filters.sort, edge, size + 1)
    more, rows = len(found) > size, found[:size]
    if edge and edge.backwards:
        rows.reverse()
    at_start, at_end = (not more, False) if edge and edge.backwards else (edge is None, not more)
    return Page(
        rows,
        previous=rows[0].pk if rows and not at_start else None,
        next=rows[-1].pk if rows and not at_end else None,
    )


@dataclass(frozen=True, slots=True)
class _Edge:
    """A place as the value of the sorted column, None where the call has none."""

    value: Any
    pk: int
    backwards: bool


def _edge(user: User, filters: CallFilters, place: Place) -> _Edge | None:
    if place.pk is None:
        return None
    column = SORTS[filters.sort.removeprefix("-")]
    values = list(recordings_visible_to(user).filter(pk=place.pk).values_list(column, flat=True))
    return _Edge(values[0], place.pk, place.backwards) if values else None


def _rows(calls: Calls, sort: str, edge: _Edge | None, size: int) -> list[Recording]:
    """The first `size` behind the edge, in the direction in which one reads on from it."""
    rows: list[Recording] = []
    for part in _parts(calls, sort, edge):
        rows += part[: size - len(rows)]
        if len(rows) == size:
            break
    return rows


def _parts(calls: Calls, sort: str, edge: _Edge | None) -> list[Calls]:
    """Calls that have a value, and those without, which come last; each part in an order that an index can have."""
    column, backwards = SORTS[sort.removeprefix("-")], edge is not None and edge.backwards
    falling = sort.startswith("-") != backwards
    sign, beyond = ("-", "lt") if falling else ("", "gt")
    known = calls.filter(**{f"{column}__isnull": False}).order_by(f"{sign}{column}", f"{sign}pk")
    unknown = calls.filter(**{f"{column}__isnull": True}).order_by(f"{sign}pk")
    if edge is None:
        return [known, unknown]
    if edge.value is None:
        rest = unknown.filter(**{f"pk__{beyond}": edge.pk})
        return [rest, known] if backwards else [rest]
    ties = Q(**{column: edge.value, f"pk__{beyond}": edge.pk})
    # The first condition follows from the second, but an index can use it.
    rest = known.filter(Q(**{f"{column}__{beyond}e": edge.value}), Q(**{f"{column}__{beyond}": edge.value}) | ties)
    return [rest] if backwards else [rest, unknown]


def _passing(user: User, filters: CallFilters) -> Calls:
    calls = recordings_visible_to(user).filter(_described(filters), _measured(filters))
    if filters.calls is not None:
        calls = calls.filter(pk__in=filters.calls)
    if filters.counted:
        calls = calls.filter(_behind(filters.counted))
    if filters.feeling:
        calls = calls.filter(felt(filters.feeling, "metrics__"))
    if filters.filler:
        calls = calls.filter(_FILLERS_COUNT, Exists(_uses(filters.filler)))
    if filters.roles:
        calls = calls.filter(_ROLES[filters.roles])
    for said in filters.said:
        calls = calls.filter(_heard(said))
    if filters.not_said:
        calls = _without(calls, Said(filters.not_said, filters.not_by)).filter(status=Recording.Status.DONE)
    return calls


def _without(calls: Calls, said: Said) -> Calls:
    """Asked of one call after the other, in the order of the list: most calls are without it, so that a page is soon
    found, while all turns that have the words can be most of the history. (NOT EXISTS would collect them.)"""
    turn = turns_saying([said]).filter(recording=OuterRef("pk")).order_by().values("pk")[:1]
    return calls.alias(turn_saying=Subquery(turn)).filter(turn_saying=None)


_FILLERS_COUNT = Q(metrics__outcome="two_sided", metrics__filler_capture_mode="prompted")


def _behind(number: str) -> Q:
    return Q(metrics__isnull=False) if number == ANY_NUMBER else counted(METRICS[number], "metrics__")


def _uses(term: str) -> QuerySet[FillerUse]:
    return FillerUse.objects.filter(recording=OuterRef("pk"), role="agent", term=term)


def _heard(said: Said) -> Exists:
    return Exists(turns_saying([said]).filter(recording=OuterRef("pk")))


def _described(filters: CallFilters) -> Q:
    """What is known without listening."""
    wanted = {
        "started_at__gte": filters.start and midnight(filters.start),
        "started_at__lt": filters.end and midnight(filters.end + timedelta(days=1)),
        "agent": filters.agent,
        "status": filters.status,
        "outcome": filters.outcome,
        "language": filters.language,
        "duration__gte": filters.duration_min,
        "duration__lte": filters.duration_max,
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
        "silence_share__gte": _share(filters.silence_min),
        "silence_share__lte": _share(filters.silence_max),
    }
    return Q(**{f"metrics__{lookup}": value for lookup, value in wanted.items() if value is not None})


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
