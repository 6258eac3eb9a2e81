"""Words and speakers set right, their history, and what follows from them."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from analytics import measure
from analytics.models import CallMetrics
from tests.conftest import login, make_recording, make_user
from tests.fakes import FakeSentiment
from tests.metrics.timeline import call
from transcription import amending, rescoring, wiring
from transcription.models import Correction, Recording, User
from transcription.speech.rewriting import Outdated
from transcription.transcripts import store_transcript, transcript_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

HELLO, PARTIAL = "Hello can I help", "my partial is late"


@pytest.fixture
def recording() -> Recording:
    return stored(call("A 0.0-4.0 Hello can I help", "C 5.0-9.0 my partial is late [-0.8]", padding=0.1))


def stored(transcript: Any) -> Recording:
    recording = make_recording(status=Recording.Status.DONE, duration=transcript.duration)
    store_transcript(recording, transcript)
    measure.measure(recording.pk)
    return recording


@pytest.fixture
def morgan() -> User:
    return make_user(username="morgan")


def said(recording: Recording) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in recording.turns.all()]


def fix(recording: Recording, by: User) -> Correction:
    return amending.correct_words(recording, 1, seen=PARTIAL, text="my parcel is late", by=by)


def give(recording: Recording, by: User, **overrides: Any) -> Correction:
    values = {"index": 0, "seen": HELLO, "first": 1, "last": 3, "speaker": "Speaker 2"} | overrides
    return amending.give_words(recording, **values, by=by)


def test_words_set_right_are_what_was_said(recording: Recording, morgan: User) -> None:
    fix(recording, morgan)
    assert said(recording) == [("agent", HELLO), ("customer", "my parcel is late")]
    turn = recording.turns.get(index=1)
    assert [word[4] for word in turn.words] == ["alignment_head", "interpolated", "alignment_head", "alignment_head"]
    assert (turn.sentiment_score, turn.sentiment_label) == (None, "")


def test_words_given_to_the_other_party_change_its_numbers(
    recording: Recording, morgan: User, django_capture_on_commit_callbacks: Any
) -> None:
    before = CallMetrics.objects.get().words_agent
    with django_capture_on_commit_callbacks(execute=True):
        give(recording, morgan)
    assert said(recording) == [("agent", "Hello"), ("customer", "can I help"), ("customer", PARTIAL)]
    assert (before, CallMetrics.objects.get().words_agent, CallMetrics.objects.get().words_customer) == (4, 1, 7)


def test_when_the_numbers_could_not_follow_the_sweep_finds_the_call(recording: Recording, morgan: User) -> None:
    assert list(measure.outdated()) == []
    fix(recording, morgan)
    assert list(measure.outdated()) == [recording]


def test_undone_it_is_as_before_and_the_history_tells(recording: Recording, morgan: User) -> None:
    before = transcript_of(Recording.objects.get())
    words, speaker = fix(recording, morgan), give(recording, morgan)
    amending.undo(words, by=morgan)
    amending.undo(speaker, by=make_user(username="erin"))
    assert transcript_of(Recording.objects.get()) == before
    told = amending.history(recording, make_user())
    assert [(each.said, each.was, each.now) for each in told] == [
        ("can I help", "Agent", "Customer"),
        ("", "partial", "parcel"),
    ]
    assert str(told[0].correction.undone_by) == "erin"
    assert amending.corrected_by(recording.turns.all(), told) == {}


def test_after_a_swap_it_can_still_be_undone(recording: Recording, morgan: User) -> None:
    from transcription.corrections import confirm_roles

    made = give(recording, morgan)
    confirm_roles(recording, swap=True, by=morgan)
    amending.undo(made, by=morgan)
    assert said(recording) == [("customer", HELLO), ("agent", PARTIAL)]


def test_a_corrected_turn_carries_who_did_it(recording: Recording, morgan: User) -> None:
    fix(recording, morgan)
    assert amending.corrected_by(recording.turns.all(), amending.history(recording, make_user())) == {1: "morgan"}


def test_the_later_of_two_corrections_is_undone_first(recording: Recording, morgan: User) -> None:
    first = fix(recording, morgan)
    amending.correct_words(recording, 1, seen="my parcel is late", text="my parcel was late", by=morgan)
    with pytest.raises(Outdated):
        amending.undo(first, by=morgan)
    first.refresh_from_db()
    assert first.undone_at is None


def test_nothing_is_undone_twice(recording: Recording, morgan: User) -> None:
    made = fix(recording, morgan)
    amending.undo(made, by=morgan)
    with pytest.raises(Outdated):
        amending.undo(made, by=morgan)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(recording: Recording, morgan: User) -> None:
    fix(recording, morgan)
    with pytest.raises(Outdated):
        fix(recording, morgan)


def test_a_second_speaker_is_made_where_one_was_found(morgan: User) -> None:
    transcript = call("A 0.0-9.0 we can do that you are so kind", outcome="one_sided")
    alone = stored(replace(transcript, speakers=transcript.speakers[:1]))
    (other,) = amending.others(alone, "Speaker 1")
    assert (other.label, other.name) == ("Speaker 2", "another speaker")
    text = "we can do that you are so kind"
    give(alone, morgan, seen=text, first=4, last=7, speaker="Speaker 2")
    alone.refresh_from_db()
    assert said(alone) == [("agent", "we can do that"), ("customer", "you are so kind")]
    assert alone.outcome == "two_sided"


@pytest.mark.django_db(transaction=True)
def test_the_worker_scores_what_was_corrected(recording: Recording, morgan: User, monkeypatch: Any) -> None:
    asked: list[str] = []
    monkeypatch.setattr(wiring, "engine", lambda role: asked.append(role) or FakeSentiment())
    rescoring.score_corrected(recording.pk)
    fix(recording, morgan)
    rescoring.score_corrected(recording.pk)
    assert recording.turns.get(index=1).sentiment_score is not None
    assert recording.turns.get(index=1).text == "my parcel is late"


def test_the_page_corrects_and_shows_it(recording: Recording, morgan: User) -> None:
    client, page = login(morgan), reverse("call", args=[recording.pk])
    form = client.get(reverse("turn", args=[recording.pk, 1])).content.decode()
    assert "were said by Agent" in form
    answer = client.post(reverse("turn_words", args=[recording.pk, 1]), {"seen": PARTIAL, "text": "my parcel is late"})
    assert answer.headers["Location"] == f"{page}?t=5.0"
    shown = client.get(page).content.decode()
    assert "corrected by morgan" in shown
    assert "<del>partial</del> → <ins>parcel</ins>" in shown
    client.post(reverse("correction_undo", args=[Correction.objects.get().pk]))
    assert "corrected by morgan" not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("turn_words", {"seen": "something else", "text": "x"}),
        ("turn_words", {"seen": PARTIAL, "text": ""}),
        ("turn_speaker", {"seen": PARTIAL, "first": 3, "last": 1, "speaker": "Speaker 1"}),
        ("turn_speaker", {"seen": PARTIAL, "first": 0, "last": 1, "speaker": "Speaker 2"}),
        ("turn_speaker", {"seen": PARTIAL, "first": 0, "last": 1, "speaker": "Nobody"}),
    ],
)
def test_what_cannot_be_done_is_said(recording: Recording, morgan: User, name: str, data: dict[str, Any]) -> None:
    answer = login(morgan).post(reverse(name, args=[recording.pk, 1]), data, follow=True)
    assert "hanged" in answer.content.decode()
    assert [str(message.tags) for message in answer.context["messages"]] == ["error"]
    assert not Correction.objects.exists()
    assert said(recording) == [("agent", HELLO), ("customer", PARTIAL)]
