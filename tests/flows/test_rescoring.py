"""Sentiment follows a swap, through a real worker."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.conftest import make_user
from tests.fakes import FakeSentiment
from transcription.corrections import confirm_roles
from transcription.models import Recording
from transcription.rescoring import score_corrected
from transcription.speech.types import Sentiment, Turn

pytestmark = pytest.mark.django_db(transaction=True)


class GlumCustomers(FakeSentiment):
    def score(self, turns: Sequence[Turn]) -> Sequence[Sentiment]:
        return [Sentiment("negative", -0.8) if t.role == "customer" else Sentiment("neutral", 0.0) for t in turns]


def scores(recording: Recording) -> list[tuple[str, str, float | None]]:
    return list(recording.turns.values_list("role", "sentiment_label", "sentiment_score"))


def test_a_swap_has_the_turns_scored_again(
    wav: Callable[..., Path], engines: Callable[..., None], work: Callable[[], None]
) -> None:
    engines(sentiment=GlumCustomers())
    call_command("ingest", str(wav()))
    work()
    recording = Recording.objects.get()
    before = scores(recording)
    assert {label for role, label, _ in before if role == "customer"} == {"negative"}
    confirm_roles(recording, swap=True, by=make_user())
    work()
    after = scores(recording)
    assert after == [before[1], before[0]]


def test_turns_swapped_back_while_they_are_scored_keep_what_they_have(
    wav: Callable[..., Path], engines: Callable[..., None], work: Callable[[], None]
) -> None:
    engines(sentiment=GlumCustomers())
    call_command("ingest", str(wav()))
    work()
    recording, erin = Recording.objects.get(), make_user()
    before = scores(recording)

    class Interrupted(GlumCustomers):
        def score(self, turns: Sequence[Turn]) -> Sequence[Sentiment]:
            confirm_roles(recording, swap=True, by=erin)
            return super().score(turns)

    engines(sentiment=Interrupted())
    confirm_roles(recording, swap=True, by=erin)
    score_corrected(recording.pk, everything=True)
    assert scores(recording) == before
