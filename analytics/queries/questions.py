"""What customers ask: topics by how many calls they come up in, compared with the period before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet

from analytics.compare import Change, share_change
from analytics.models import CallMetrics, Question, Topic
from transcription.models import User
from transcription.queries import recordings_visible_to

from .figures import Point
from .scope import Scope, narrowed, trend_periods, two_sided


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
    """Five queries, however many topics."""
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
    days = questions_of(wide).filter(topic__in=topics).values_list("topic", "recording__metrics__day")
    for topic, day, calls in days.annotate(calls=Count("recording", distinct=True)):
        per_topic[topic, _period(wide, day, length)] += calls
    totals: dict[int, int] = defaultdict(int)
    for day, calls in _collected(wide).values_list("day").annotate(calls=Count("pk")):
        totals[_period(wide, day, length)] += calls

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
    return Topic.objects.filter(pk__in=_visible(user).values("topic"))


UNGROUPED: Final = "not-grouped"
SMALL_TALK: Final = "small-talk"
LEFT_OUT: Final = {UNGROUPED: Q(topic=None, small_talk=False), SMALL_TALK: Q(small_talk=True)}
"""Questions in no topic, by why."""


def _visible(user: User) -> QuerySet[Question]:
    seen = recordings_visible_to(user).order_by()
    return Question.objects.filter(recording__in=seen).order_by().defer("meaning", "answer_meaning")


def _counts(scope: Scope) -> dict[int | str, tuple[int, int]]:
    """Topic's key (or one of LEFT_OUT) -> its questions, and the calls they come up in."""
    found = questions_of(scope).values_list("topic", "small_talk")
    counted = found.annotate(questions=Count("pk"), calls=Count("recording", distinct=True))
    return {SMALL_TALK if social else topic or UNGROUPED: (number, calls) for topic, social, number, calls in counted}


def _calls(scope: Scope) -> tuple[int, int]:
    known = Q(questions_collected_at__isnull=False)
    found = two_sided(scope).order_by().aggregate(known=Count("pk", filter=known), calls=Count("pk"))
    return found["known"], found["calls"] - found["known"]


def _collected(scope: Scope) -> QuerySet[CallMetrics]:
    return two_sided(scope).filter(questions_collected_at__isnull=False).order_by()


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
