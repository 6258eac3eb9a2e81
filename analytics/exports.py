"""Tables as CSV, streamed: the rows of the same filters as the pages, one at a time, however many there are.

Shares are 0–1 and everything else is in the units of metrics.Measurement; None is an empty cell, never 0.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import BooleanField, Case, Func, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform

from transcription.models import Recording, Turn, User
from transcription.sheets import Row, copied, lines
from transcription.speech.types import Word

from .metrics.pace import MIN_TALK_S, MIN_WORDS
from .metrics.talk import talk_seconds
from .models import Event, FillerUse, Question
from .queries import METRICS, AgentRow, CallFilters, Column, Metric, filter_calls, ordered_parts
from .queries.reviews import judged, reviews_visible_to
from .queries.summary import SUMMARY_COLUMNS, agent_summaries

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Export:
    columns: tuple[str, ...]
    lines: Callable[[User, CallFilters], Iterator[str]]
    """With the header."""


def csv_lines(kind: str, user: User, filters: CallFilters) -> Iterator[str]:
    """The table `kind` of EXPORTS, line by line with its header, of the calls that `user` may see."""
    return EXPORTS[kind].lines(user, filters)


def list_lines(columns: Iterable[Column], user: User, filters: CallFilters) -> Iterator[str]:
    """The list of calls with these columns, in its order; headers and values are those of the table `calls`."""
    names = tuple(dict.fromkeys(name for column in columns for name in column.csv))
    return _calls(user, filters, names)


def agent_lines(metrics: Sequence[Metric], shown: Iterable[AgentRow]) -> Iterator[str]:
    """The agents table with these metrics, in its order; named and in units as in the table `agents`."""
    seen = ("mean", "n", "ci_low", "ci_high", "deviation")
    names = (*SUMMARY_COLUMNS[:5], *(f"{metric.key}_{statistic}" for metric in metrics for statistic in seen))
    return lines(names, (_seen(row, metrics) for row in shown))


def _seen(row: AgentRow, metrics: Sequence[Metric]) -> Row:
    """Intervals and deviations are empty where the page shows none."""
    scope, cells = row.scope, []
    for metric in metrics:
        found = row.estimates[metric.key]
        low, high = found.interval or (None, None)
        stored = (found.value, low, high, row.deviations[metric.key].value)
        mean, low, high, far = (value and value / metric.scale for value in stored)
        cells += [mean, found.n, low, high, far]
    team = row.team.name if row.team else None
    return [f"{scope.start}/{scope.end}", row.agent.name, team, row.calls, row.minutes, *cells]


class HasRoles(Func):
    """Whether a list of speakers has one with a role."""

    template = "jsonb_path_exists(%(expressions)s, '$[*].role ? (@ != null && @ != \"\")')"
    output_field = BooleanField()


_MEASURED: Final = (
    *("words_agent", "words_customer", "talk_s_agent", "talk_s_customer", "agent_talk_share"),
    *("silence_count", "silence_s", "silence_share", "longest_silence_s", "overlap_s"),
    *("interruptions_by_agent", "interruptions_by_customer", "wpm_agent", "wpm_customer"),
    *("longest_monologue_s_agent", "longest_monologue_s_customer", "response_latency_median_s"),
    *("questions_agent", "questions_customer"),
    *("fillers_agent", "fillers_per_100_words_agent", "fillers_per_min_agent", "filler_capture_mode"),
    *("sentiment_customer", "sentiment_customer_q1", "sentiment_customer_q2"),
    *("sentiment_customer_q3", "sentiment_customer_q4", "sentiment_shift", "worst_turn_at_s"),
)
"""Columns of calls.csv that are columns of CallMetrics."""


_DESCRIBED: Final[dict[str, str | Combinable]] = {
    "call_id": "pk",
    "external_id": "external_id",
    "source_file": "original_name",
    "started_at": "started_at",
    "duration_s": "duration",
    "agent": "agent__name",
    # The agent's when the call was measured, or now
    "team": Case(When(metrics__isnull=False, then="metrics__team__name"), default="agent__team__name"),
    "customer_ref": "customer_ref",
    "direction": "direction",
    "queue": "queue",
    "language": "language",
    "channels": "channels",
    # As Recording.role_source
    "role_source": Case(
        When(roles_confirmed_at__isnull=False, then=Value("confirmed")),
        When(HasRoles("speakers"), then=Value("decided")),
    ),
    "role_confidence": "role_confidence",
    "status": "status",
}

_VALUES: Final[dict[str, str | Combinable]] = {
    **_DESCRIBED,
    **{name: f"metrics__{name}" for name in (*_MEASURED, *METRICS, "metrics_version", "filler_list")},
    "outcome": "outcome",
    "asr_model": KeyTextTransform("recognizer", "engines"),
}
"""What a list of calls can say of one: header -> where Recording has it. No objects are made: that takes ten times as
long."""
_CALLS: Final = (*_DESCRIBED, *_MEASURED, "asr_model", "metrics_version", "filler_list")


def _calls(user: User, filters: CallFilters, names: Sequence[str] = _CALLS) -> Iterator[str]:
    values = [_VALUES[name] for name in names]
    return copied(names, (part.values_list(*values) for part in ordered_parts(user, filters)))


def _turns(user: User, filters: CallFilters) -> Iterator[Row]:
    turns = Turn.objects.filter(recording__in=_passing(user, filters)).order_by("recording_id", "index")
    for turn in turns.prefetch_related("recording__filler_uses").iterator(CHUNK):
        words = [Word(*word) for word in turn.words]
        wpm = _words_per_minute(words, list(turn.recording.filler_uses.all()))
        role, score = turn.role or None, turn.sentiment_score
        yield [turn.recording_id, turn.index, role, turn.start, turn.end, len(words), wpm, score, turn.text]


def _words_per_minute(words: list[Word], uses: list[FillerUse]) -> float | None:
    """As for a party: without fillers, and None for a turn that is too short to tell."""
    plain = [w for w in words if not any(use.at_s <= w.start and w.end <= use.end_s for use in uses)]
    seconds = talk_seconds(words)
    return len(plain) / seconds * 60 if len(plain) >= MIN_WORDS and seconds >= MIN_TALK_S else None


def _fillers(user: User, filters: CallFilters) -> Iterator[Row]:
    """What agents said; the table has no column for anybody else."""
    uses = FillerUse.objects.filter(recording__in=_passing(user, filters), role="agent").select_related("agent")
    for use in uses.order_by("recording_id", "at_s", "pk").iterator(CHUNK):
        yield [use.recording_id, use.agent and use.agent.name, use.term, use.tier, use.at_s, use.context]


def _events(user: User, filters: CallFilters) -> Iterator[Row]:
    events = Event.objects.filter(recording__in=_passing(user, filters)).exclude(type=Event.Type.BACKCHANNEL)
    for event in events.order_by("recording_id", "start_s", "pk").iterator(CHUNK):
        yield [event.recording_id, event.type, event.by, event.start_s, event.end_s]


def _questions(user: User, filters: CallFilters) -> Iterator[Row]:
    """Of customers. Small talk and questions like too few others have no topic."""
    asked = Question.objects.filter(recording__in=_passing(user, filters)).select_related("topic", "recording__agent")
    asked = asked.defer("meaning", "answer_meaning", "recording__peaks", "recording__activity", "topic__centre")
    for question in asked.order_by("recording_id", "at_s", "pk").iterator(CHUNK):
        agent, topic = question.recording.agent, question.topic
        yield [
            *(question.recording_id, agent and agent.name, question.at_s, question.text),
            *(topic and topic.pk, topic and topic.label, question.small_talk),
            *(question.answer or None, question.answer_at_s),
        ]


def _reviews(user: User, filters: CallFilters) -> Iterator[Row]:
    """Submitted ones, a row each answer; the scores are those of the whole review."""
    reviews = reviews_visible_to(user).filter(submitted_at__isnull=False, recording__in=_passing(user, filters))
    for one in judged(reviews.order_by("pk")):
        review, result = one.review, one.result
        for answer in review.answers.all():
            question = answer.question
            yield [
                *(review.pk, review.recording_id, review.agent.name, review.by and review.by.get_username()),
                *(review.submitted_at, review.scorecard.name, review.scorecard.version),
                *(result.score, bool(result.failed), question.section, result.sections.get(question.section)),
                *(question.text, question.kind, question.weight, question.critical),
                *(answer.value, answer.suggested, answer.text or None, review.comment or None),
            ]


def _passing(user: User, filters: CallFilters) -> QuerySet[Recording]:
    return filter_calls(user, filters).order_by()


def _written(columns: tuple[str, ...], rows: Callable[[User, CallFilters], Iterator[Row]]) -> Export:
    return Export(columns, lambda user, filters: lines(columns, rows(user, filters)))


EXPORTS: Final = {
    "calls": Export(_CALLS, _calls),
    "agents": _written(SUMMARY_COLUMNS, agent_summaries),
    "turns": _written(("call_id", "turn", "role", "start_s", "end_s", "words", "wpm", "sentiment", "text"), _turns),
    "fillers": _written(("call_id", "agent", "term", "tier", "at_s", "context"), _fillers),
    "questions": _written(
        ("call_id", "agent", "at_s", "question", "topic_id", "topic", "small_talk", "answer", "answer_at_s"), _questions
    ),
    "reviews": _written(
        (
            *("review_id", "call_id", "agent", "reviewer", "submitted_at", "scorecard", "version"),
            *("score", "failed", "section", "section_score", "question", "kind", "weight", "critical"),
            *("answer", "suggested", "text", "comment"),
        ),
        _reviews,
    ),
    "events": _written(("call_id", "type", "by", "start_s", "end_s"), _events),
}
