"""What customers ask: topics by how many calls they come up in, compared with the period before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from analytics.compare import Change, share_change
from analytics.models import Question, Topic
from transcription.models import User
from transcription.queries import seen_by

from .figures import Point
from .scope import Scope, narrowed, trend_periods
from .summed import COLLECTED, SMALL_TALK, TWO_SIDED, UNGROUPED, of_topic
from .sums import added, added_by_days_with_calls


@dataclass(frozen=True, slots=True)
class TopicRow:
    """`calls` in which the topic comes up, of all calls of the scope; `share` in percent of them."""

    topic: Topic
    questions: int
    calls: int
    share: float
    change: Change
    """Of the share, in percentage points, since the period before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the questions of a scope. `rows`: topics asked about, in most calls first; hidden ones apart."""

    rows: list[TopicRow]
    hidden: list[TopicRow]
    questions: int
    """All, with small talk and those in no topic."""
    calls: int
    """Two-sided calls whose questions are known; `waiting` are those whose questions are not collected yet."""
    waiting: int
    calls_before: int
    ungrouped: int
    small_talk: int


def asked(scope: Scope) -> Asked:
    """Seven queries, however many topics."""
    counts, before = _counts(scope), _counts(scope.before())
    calls, waiting = _calls(scope)
    calls_before, _ = _calls(scope.before())
    topics = Topic.objects.in_bulk([key for key in counts if isinstance(key, int)])
    rows = []
    for pk, topic in topics.items():
        number, found = counts[pk]
        change = share_change(found, calls, before.get(pk, (0, 0))[1], calls_before)
        rows.append(TopicRow(topic, number, found, 100 * found / calls, change))
    rows.sort(key=lambda row: (-row.calls, -row.questions, row.topic.pk))
    return Asked(
        rows=[row for row in rows if not row.topic.hidden],
        hidden=[row for row in rows if row.topic.hidden],
        questions=sum(number for number, _ in counts.values()),
        calls=calls,
        waiting=waiting,
        calls_before=calls_before,
        ungrouped=counts.get(UNGROUPED, (0, 0))[0],
        small_talk=counts.get(SMALL_TALK, (0, 0))[0],
    )


def trends(scope: Scope, topics: Iterable[Topic]) -> dict[Topic, list[Point]]:
    """For each topic 12 periods as in Tile.trend: the share of their calls in which it comes up, in percent."""
    topics = list(topics)
    wide, length = trend_periods(scope)
    per_topic: dict[tuple[int, int], int] = defaultdict(int)
    totals: dict[int, int] = defaultdict(int)
    key_of = {of_topic(topic.pk): topic.pk for topic in topics}
    for (day, key), sums in added_by_days_with_calls(wide, [*key_of, COLLECTED]).items():
        if key == COLLECTED:
            totals[_period(wide, day, length)] += sums.n
        else:
            per_topic[key_of[key], _period(wide, day, length)] += sums.n

    def point(topic: Topic, period: int) -> Point:
        n = totals[period]
        share = 100 * per_topic[topic.pk, period] / n if n else None
        return Point(wide.start + timedelta(days=period * length), share, n)

    return {topic: [point(topic, period) for period in range(wide.days // length)] for topic in topics}


def questions_of(scope: Scope) -> QuerySet[Question]:
    """Questions of the scope's two-sided calls that the user may see, in no order and without their meanings."""
    return _visible(scope.user).filter(narrowed(scope, "recording__metrics__"), recording__metrics__outcome="two_sided")


def topics_visible_to(user: User) -> QuerySet[Topic]:
    """Those with a question that the user may hear. Labels say a little of the calls they come from."""
    return Topic.objects.filter(Exists(_visible(user).filter(topic=OuterRef("pk"))))


LEFT_OUT: Final = {UNGROUPED: Q(topic=None, small_talk=False), SMALL_TALK: Q(small_talk=True)}
"""Questions in no topic, by why."""


def _visible(user: User) -> QuerySet[Question]:
    seen = seen_by(user, "recording__agent", "recording__batch__created_by")
    return Question.objects.filter(seen).order_by().defer("meaning", "answer_meaning")


def _counts(scope: Scope) -> dict[int | str, tuple[int, int]]:
    """Topic's key (or one of LEFT_OUT) -> its questions, and the calls they come up in."""
    topics = {of_topic(pk): pk for pk in Topic.objects.order_by().values_list("pk", flat=True)}
    found = added(scope, [*topics, *LEFT_OUT])
    return {topics.get(key, key): (round(sums.total), sums.n) for key, sums in found.items() if sums.n}


def _calls(scope: Scope) -> tuple[int, int]:
    found = added(scope, [COLLECTED, TWO_SIDED])
    return found[COLLECTED].n, found[TWO_SIDED].n - found[COLLECTED].n


def _period(scope: Scope, day: date, length: int) -> int:
    return (day - scope.start).days // length


def sorted_rows(rows: Sequence[TopicRow], sort: str) -> list[TopicRow]:
    """By topic, questions, calls or change ("-" for descending); rows without a comparable change come last."""
    key, falling = sort.removeprefix("-"), sort.startswith("-")
    if key == "change":
        known = sorted(
            (r for r in rows if r.change.value is not None), key=lambda r: r.change.value or 0, reverse=falling
        )
        return known + [row for row in rows if row.change.value is None]
    by = {"topic": lambda r: r.topic.label.lower(), "questions": lambda r: r.questions}.get(key, lambda r: r.calls)
    return sorted(rows, key=by, reverse=falling)
