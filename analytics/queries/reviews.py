"""Reviews with scorecards: who sees which, what they come to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from analytics.compare import Interval, interval
from analytics.models import CallMetrics, Review, ReviewSample, Scorecard, ScorecardQuestion
from analytics.scoring import Result, Side, Standing, Suggestion, result, standings, suggest
from transcription.models import Recording, User
from transcription.queries import recordings_visible_to

from .catalogue import METRICS
from .scope import Scope


@dataclass(frozen=True, slots=True)
class Judged:
    """A review with its score."""

    review: Review
    result: Result


@dataclass(frozen=True, slots=True)
class Mean:
    """Of `reviews` submitted ones; an interval (and with it the mean) is only told from 5 on."""

    name: str
    score: Interval
    failed: int
    sections: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sampled call, and its review if there is one (submitted or not) by any version of the form."""

    recording: Recording
    review: Review | None


def reviews_visible_to(user: User) -> QuerySet[Review]:
    """Reviewers and managers: of the calls they see. Agents: of their own calls, once submitted."""
    seen = Review.objects.filter(recording__in=recordings_visible_to(user).order_by())
    return seen if user.may_review else seen.filter(submitted_at__isnull=False)


def judged(reviews: QuerySet[Review], weights: Mapping[int, float] | None = None) -> list[Judged]:
    """With their scores, by the form's weights or others. Two queries."""
    joined = reviews.select_related("agent", "by", "scorecard", "recording").prefetch_related("answers__question")
    joined = joined.defer("recording__peaks", "recording__activity")
    return [Judged(one, result(answer.scored(dict(weights or {})) for answer in one.answers.all())) for one in joined]


def submitted(scope: Scope) -> QuerySet[Review]:
    """Of calls of the scope."""
    reviews = reviews_visible_to(scope.user).filter(submitted_at__isnull=False)
    reviews = reviews.filter(recording__metrics__day__range=(scope.start, scope.end))
    return reviews.filter(agent=scope.agent) if scope.agent else reviews


def means_by_form(found: Iterable[Judged]) -> list[Mean]:
    """One for each form, all its versions together, by name. Sections go by their names."""
    grouped: dict[object, list[Judged]] = defaultdict(list)
    for one in found:
        grouped[one.review.scorecard.lineage].append(one)
    rows = [
        mean_of(max(ones, key=lambda one: one.review.scorecard.version).review.scorecard.name, ones)
        for ones in grouped.values()
    ]
    return sorted(rows, key=lambda row: row.name)


def means_by_agent(found: Iterable[Judged]) -> list[Mean]:
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for one in found:
        grouped[one.review.agent.name].append(one)
    return [mean_of(name, ones) for name, ones in sorted(grouped.items())]


def mean_of(name: str, found: list[Judged]) -> Mean:
    sections: dict[str, list[float | None]] = defaultdict(list)
    for one in found:
        for section, score in one.result.sections.items():
            sections[section].append(score)
    return Mean(
        name,
        interval(one.result.score for one in found),
        sum(bool(one.result.failed) for one in found),
        {section: interval(scores) for section, scores in sections.items()},
    )


def what_if(reviews: QuerySet[Review], weights: Mapping[int, float]) -> list[Standing]:
    """The agents' means by the form's weights and by others. Nothing is stored."""
    pairs: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for before, after in zip(judged(reviews), judged(reviews, weights), strict=True):
        pairs[before.review.agent.name].append((before.result.score, after.result.score))
    return standings(pairs)


def suggestions(questions: Iterable[ScorecardQuestion], recording: Recording) -> dict[int, Suggestion]:
    """Question -> what the call's number says, for questions that are bound to one."""
    numbers = CallMetrics.objects.filter(recording=recording).first()
    found = {}
    for question in questions:
        metric = METRICS.get(question.metric)
        if metric is None or question.threshold is None:
            continue
        stored = getattr(numbers, metric.key, None)
        value = None if stored is None else stored * metric.scale
        reason = numbers.reasons.get(metric.key, "") if numbers else ""
        side: Side = "at_most" if question.side == ScorecardQuestion.Side.AT_MOST else "at_least"
        name, unit = metric.name.lower(), "" if metric.measure == "per call" else metric.measure
        found[question.pk] = suggest(value, side, question.threshold, name=name, unit=unit, reason=reason)
    return found


def drawn(sample: ReviewSample, user: User) -> list[Drawn]:
    """The calls of a sample that the user may see, by agent and time. Two queries."""
    calls = recordings_visible_to(user).filter(samples=sample).select_related("agent").defer("peaks", "activity")
    done = Review.objects.filter(scorecard__lineage=sample.scorecard.lineage, recording__samples=sample)
    reviews = {review.recording_id: review for review in done.select_related("by")}
    return [Drawn(call, reviews.get(call.pk)) for call in calls.order_by("agent__name", "started_at", "pk")]


def scorecards_in_use() -> QuerySet[Scorecard]:
    """The newest version of each form."""
    return Scorecard.objects.filter(retired=False)


def samples(user: User) -> QuerySet[ReviewSample]:
    """With the calls in them that the user may see (`calls`) and how many of these are reviewed (`done`)."""
    mine = Q(recordings__in=recordings_visible_to(user).order_by())
    reviewed = Exists(
        Review.objects.filter(
            recording=OuterRef("recordings"),
            scorecard__lineage=OuterRef("scorecard__lineage"),
            submitted_at__isnull=False,
        )
    )
    found = ReviewSample.objects.select_related("scorecard", "by").filter(mine)
    return found.annotate(calls=Count("recordings"), done=Count("recordings", filter=Q(reviewed)))
