"""How agents answer the questions of one topic."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np
from django.db.models import Count, F, QuerySet, Sum
from numpy.typing import NDArray

from analytics.compare import MIN_CALLS, Interval, Sums, interval, interval_of_sums
from analytics.models import CallMetrics, Question, Topic
from transcription.models import Agent

from .questions import LEFT_OUT, questions_of
from .scope import Scope, two_sided
from .sums import added

NEWEST: Final = 500
"""Answers that are compared; their meanings are read into the web process."""

Meaning = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AgentsAnswer:
    """How one agent answers: the answer most like all of the agent's own, of `n`.

    `closeness`: mean cosine of the agent's answers to the centre of everybody's, in percent; None under 5 answers.
    """

    agent: Agent | None
    n: int
    typical: Question
    closeness: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """`n` answers were compared of `questions`. `typical`: the one most like all others; None without answers."""

    n: int
    typical: Question | None
    by_agent: list[AgentsAnswer]


def answers(scope: Scope, topic: Topic) -> Answers:
    """Two queries. Agents with most answers first."""
    newest = questions_of(scope).filter(topic=topic, answer_meaning__isnull=False).order_by("-recording_id", "-at_s")
    read = newest.values_list("pk", "recording__agent", "answer_meaning")[:NEWEST]
    found = [(pk, agent, np.array(meaning, dtype=np.float32)) for pk, agent, meaning in read]
    if not found:
        return Answers(0, None, [])
    per_agent: dict[int | None, list[tuple[int, Meaning]]] = defaultdict(list)
    for pk, agent, meaning in found:
        per_agent[agent].append((pk, meaning))
    everybody = [(pk, meaning) for pk, _, meaning in found]
    typical, centre = _typical(everybody)
    own = {agent: _typical(given)[0] for agent, given in per_agent.items()}
    questions = _with_calls(Question.objects.filter(pk__in={typical, *own.values()})).in_bulk()
    most_first = sorted(per_agent.items(), key=lambda item: -len(item[1]))
    by_agent = [_of_agent(questions[own[agent]], given, centre) for agent, given in most_first]
    return Answers(len(found), questions[typical], by_agent)


def _of_agent(typical: Question, given: list[tuple[int, Meaning]], centre: Meaning) -> AgentsAnswer:
    return AgentsAnswer(typical.recording.agent, len(given), typical, _closeness(given, centre))


def examples(scope: Scope, topic: Topic) -> QuerySet[Question]:
    """The questions of a topic, of the newest calls first."""
    return _with_calls(questions_of(scope).filter(topic=topic)).order_by(*NEWEST_FIRST)


def left_out(scope: Scope, kind: str) -> QuerySet[Question]:
    """The questions in no topic, for one of the reasons of questions.LEFT_OUT."""
    return _with_calls(questions_of(scope).filter(LEFT_OUT[kind])).order_by(*NEWEST_FIRST)


NEWEST_FIRST: Final = ("-recording__started_at", "-recording_id", "at_s")


def customers(scope: Scope, topic: Topic) -> tuple[Interval, Interval]:
    """Customers' sentiment (−5 … +5) in the calls in which the topic comes up, and in all calls of the scope."""
    calls = two_sided(scope).order_by("recording_id")
    ours = calls.filter(recording__in=questions_of(scope).filter(topic=topic).values("recording"))
    felt = F("sentiment_customer")
    sums = ours.order_by().aggregate(n=Count(felt), total=Sum(felt, default=0.0), squares=Sum(felt * felt, default=0.0))
    return _sentiment(ours, Sums(**sums)), _sentiment(calls, added(scope, ["sentiment_customer"])["sentiment_customer"])


def _sentiment(calls: QuerySet[CallMetrics], sums: Sums) -> Interval:
    if sums.resampled:
        return interval(calls.values_list("sentiment_customer", flat=True))
    return interval_of_sums(sums)


def _with_calls(questions: QuerySet[Question]) -> QuerySet[Question]:
    hidden = ("recording__peaks", "recording__activity", "meaning", "answer_meaning")
    return questions.select_related("recording__agent").defer(*hidden)


def _typical(given: list[tuple[int, Meaning]]) -> tuple[int, Meaning]:
    """The answer nearest to the centre of all, and the centre."""
    meanings = np.stack([meaning for _, meaning in given])
    middle = meanings.mean(axis=0)
    centre: Meaning = middle / np.linalg.norm(middle)
    return given[int((meanings @ centre).argmax())][0], centre


def _closeness(given: list[tuple[int, Meaning]], centre: Meaning) -> float | None:
    return 100 * fmean(float(meaning @ centre) for _, meaning in given) if len(given) >= MIN_CALLS else None
