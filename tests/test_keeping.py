"""What is kept for how long: sound and words removed when they are due, calls on hold, one customer erased."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analytics import measure
from analytics.models import AgentDay, CallMetrics, CoachingMoment, CoachingSession, Comment, FillerUse, Question
from analytics.queries.filler_lists import rescoring, stale_calls
from analytics.topics import collect
from tests.conftest import login, make_agent, make_recording, make_user
from tests.measured import MAY_12, make_question, make_topic
from tests.metrics.timeline import call
from tests.sounds import write_wav
from transcription import erasure, retention
from transcription.corrections import confirm_roles
from transcription.listening import sound_for
from transcription.models import (
    AuditEntry,
    Hold,
    Recording,
    Removal,
    RetentionRule,
    Run,
    Turn,
    User,
    VoiceSample,
    Withheld,
)
from transcription.runs import RunSettings, begin
from transcription.transcripts import store_transcript

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

SAID = ("A 0.0-2.0 um hello there um", "C 2.0-6.0 My PIN is 7291 why?", "A 8.0-10.0 Thank you")
WORDS = ("hello", "7291", "Thank")


@pytest.fixture
def made(tmp_path: Path) -> Any:
    def make(days: int = 100, **values: Any) -> Recording:
        number = Recording.objects.count()
        with write_wav(tmp_path / f"tone-{number}.wav", seconds=12.0).open("rb") as content:
            told = {"agent": make_agent(), "duration": 12.0, "status": "done"}
            told |= {"started_at": timezone.now() - timedelta(days=days)}
            recording = make_recording(audio=File(content, name="tone.wav"), **(told | values))
        run = Run.objects.create(recording=recording, number=1, finished_at=timezone.now(), heard={"a": 1})
        recording.current_run = run
        store_transcript(recording, call(*SAID, duration=12.0))
        measure.measure(recording.pk)
        make_question(recording, "Why?", make_topic("Why?"))
        Comment.objects.create(recording=recording, author=make_user(), at_s=1.0, text="About Mr Hello")
        return recording

    return make


def keep(recording: Recording, **days: int) -> None:
    RetentionRule.objects.update_or_create(source=recording.source, defaults=days)


def left(recording: Recording) -> tuple[bool, int]:
    """Whether the sound is there, and how many turns are."""
    return Path(recording.audio.path).exists(), Turn.objects.filter(recording=recording).count()


def sums() -> set[tuple[str, int, float]]:
    return set(AgentDay.objects.values_list("metric", "n", "total"))


def test_without_a_rule_everything_stays(made: Any) -> None:
    recording = made(days=5000)
    assert retention.remove_some() == 0
    assert left(recording) == (True, 3)


def test_sound_and_words_go_apart_each_when_it_is_due(made: Any) -> None:
    old, new = made(days=100), made(days=10)
    keep(old, audio_days=30)
    copy = sound_for(make_user(User.Role.AGENT, agent=old.agent), old).path
    assert retention.remove_some() == 1
    assert (left(old), left(new), copy.exists()) == ((False, 3), (True, 3), False)
    keep(old, audio_days=30, transcript_days=90)
    assert retention.remove_some() == 1
    assert left(old) == (False, 0)
    assert [(r.what, r.why) for r in old.removals.all()] == [("audio", "retention"), ("transcript", "retention")]
    assert retention.remove_some() == 0
    assert left(new) == (True, 3)


def test_numbers_stay_when_the_words_go_and_are_not_computed_from_nothing(made: Any) -> None:
    recording = made()
    keep(recording, transcript_days=30)
    before, days = CallMetrics.objects.values().get(), sums()
    retention.remove_some()
    assert measure.outdated().count() == collect.outdated().count() == stale_calls().count() == 0
    assert not rescoring().running
    measure.measure(recording.pk)
    assert CallMetrics.objects.values().get() | {"filler_list": ""} == before | {"filler_list": ""}
    assert {metric.partition(":")[0] for metric, *_ in days ^ sums()} <= {"topic"}  # questions go with the words
    assert (Question.objects.count(), Withheld.objects.count()) == (0, 0)
    assert set(FillerUse.objects.values_list("context", flat=True)) == {""}
    assert Run.objects.values_list("heard", "diarized", "transcript").get() == (None, None, None)
    assert Comment.objects.count() == 1
    assert begin(recording, Run.Stage.RECOGNIZING, RunSettings()) is None
    assert confirm_roles(recording, swap=True, by=make_user()) is False


def test_the_call_page_says_what_is_gone_and_why(made: Any) -> None:
    recording = made()
    keep(recording, audio_days=30, transcript_days=30)
    retention.remove_some()
    client = login(make_user())
    shown = client.get(reverse("call", args=[recording.pk])).content.decode()
    assert "The words of this call were removed" in shown
    assert f"Sound: removed on {timezone.localdate():%-d %b %Y} by the retention of its source" in shown
    assert not any(word in shown for word in WORDS)
    assert client.get(reverse("recording_audio", args=[recording.pk])).status_code == 404
    assert client.get(reverse("recording_transcript", args=[recording.pk, "txt"])).status_code == 404


def test_a_call_on_hold_never_goes(made: Any) -> None:
    recording = made()
    keep(recording, audio_days=30, transcript_days=30)
    supervisor = make_user(User.Role.SUPERVISOR, username="sam")
    supervisor.teams.add(recording.agent.team)
    client = login(supervisor)
    client.post(reverse("hold", args=[recording.pk]), {"reason": "a complaint"})
    assert retention.remove_some() == 0
    assert [(line.due, line.held) for line in retention.preview(timezone.now())] == [(0, 1), (0, 1)]
    assert erasure.erase([recording]) == ([], [recording.pk])
    assert left(recording) == (True, 3)
    assert "by sam: a complaint" in " ".join(client.get(reverse("call", args=[recording.pk])).content.decode().split())
    client.post(reverse("hold_release", args=[recording.pk]))
    assert retention.remove_some() == 2
    kept = AuditEntry.objects.filter(detail__has_key="hold").order_by("at", "pk")
    assert [entry.detail for entry in kept] == [{"hold": True}, {"hold": False}]


def test_a_hold_needs_a_reason(made: Any) -> None:
    login(make_user()).post(reverse("hold", args=[made().pk]), {"reason": " "})
    assert not Hold.objects.exists()


def test_the_preview_counts_what_goes_now_and_soon(made: Any) -> None:
    oldest = made(days=100)
    made(days=80)
    made(days=10)
    keep(oldest, audio_days=90)
    sound, words = retention.preview(timezone.now())
    assert (sound.days, sound.due, sound.soon, sound.oldest) == (90, 1, 1, oldest.started_at)
    assert (words.days, words.due, words.soon, words.oldest) == (None, 0, 0, None)


def test_what_was_interrupted_goes_on(made: Any) -> None:
    recordings = [made() for _ in range(3)]
    keep(recordings[0], audio_days=30)
    Path(recordings[1].audio.path).unlink()  # killed between the file and the row
    assert [retention.remove_some(most=2), retention.remove_some(most=2), retention.remove_some(most=2)] == [2, 1, 0]
    assert Removal.objects.count() == 3


def test_a_call_at_work_waits(made: Any) -> None:
    recording = made()
    Recording.objects.filter(pk=recording.pk).update(status="processing")
    keep(recording, audio_days=30)
    assert retention.remove_some() == 0


def test_the_command_can_only_look(made: Any, capsys: Any) -> None:
    recording = made()
    keep(recording, audio_days=30)
    call_command("retention", "--dry-run")
    assert "Default, audio: kept 30 days; 1 calls due, 0 within 30 days, 0 on hold" in capsys.readouterr().out
    assert left(recording) == (True, 3)
    call_command("retention")
    assert left(recording) == (False, 3)


def test_rules_are_set_on_the_page(made: Any) -> None:
    recording = made()
    client = login(make_user())
    client.post(reverse("retention_rule", args=[recording.source_id]), {"audio_days": "30", "transcript_days": ""})
    rule = RetentionRule.objects.get()
    assert (rule.audio_days, rule.transcript_days) == (30, None)
    client.post(reverse("retention_rule", args=[recording.source_id]), {"audio_days": "0", "transcript_days": ""})
    rule.refresh_from_db()
    assert rule.audio_days == 30
    page = client.get(reverse("retention"))
    assert [line.due for line in page.context["lines"]] == [1, 0]


# One customer


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        ("020 7946 0123", {"one", "two", "three"}),
        ("+44 20 7946 0123", {"one", "two", "three"}),
        ("BW-31880", {"four"}),
        ("bw-31880", {"four"}),
        ("nobody", set()),
    ],
)
def test_who_is_found(reference: str, names: set[str]) -> None:
    told = {
        "one": {"customer_ref": "+44 20 7946 0123, extension 4567"},
        "two": {"original_name": "out-442079460123-1001-20250512.wav"},
        "three": {"customer_ref": "02079460123"},
        "four": {"customer_ref": "BW-31880"},
        "other": {"customer_ref": "+44 20 7946 0124", "original_name": "in-7-1.wav"},
    }
    made = {make_recording(**values).pk: name for name, values in told.items()}
    assert {made[recording.pk] for recording in erasure.find(reference, Recording.objects.all())} == names


def test_too_short_a_reference_means_nobody() -> None:
    with pytest.raises(ValueError, match="fewer than 4"):
        erasure.find(" 12- ", Recording.objects.all())


def test_erased_a_customer_leaves_anonymous_numbers(made: Any) -> None:
    named = {"customer_ref": "020 7946 0123", "external_id": "X-1", "original_name": "call-02079460123.wav"}
    recording, other = made(**named), made(customer_ref="another")
    VoiceSample.objects.create(recording=recording, agent=recording.agent, voice=[1.0])
    days = {"start": MAY_12, "end": MAY_12}
    session = CoachingSession.objects.create(agent=recording.agent, state="shared", picked_from=1, left_out=0, **days)
    session.moments.create(recording=recording, strong=True, place=0, at_s=1, until_s=2, why="good")
    before = CallMetrics.objects.filter(pk=recording.pk).values().get()
    client = login(make_user())
    assert client.get(reverse("erase"), {"customer": "+442079460123"}).context["calls"] == [recording]
    client.post(reverse("erase"), {"customer": "+442079460123", "call": [recording.pk, other.pk]})
    recording.refresh_from_db()
    names = (recording.original_name, recording.customer_ref, recording.external_id)
    assert names == (f"Erased call {recording.pk}", "", "")
    assert (left(recording), left(other)) == ((False, 0), (True, 3))
    assert [Comment.objects.filter(recording=each).count() for each in (recording, other)] == [0, 1]
    assert (VoiceSample.objects.count(), CoachingMoment.objects.count()) == (0, 0)
    after = CallMetrics.objects.filter(pk=recording.pk).values().get()
    assert after | {"filler_list": ""} == before | {"filler_list": ""}
    shown = client.get(reverse("call", args=[recording.pk])).content.decode()
    assert not any(trace in shown for trace in ("7946", "X-1", "Mr Hello", *WORDS))
    entry = AuditEntry.objects.get(object_name="customer")
    assert entry.detail == {"reference": erasure.fingerprint("+442079460123"), "calls": [recording.pk]}


def test_nobody_is_erased_who_was_not_ticked(made: Any) -> None:
    recording = made(customer_ref="020 7946 0123")
    login(make_user()).post(reverse("erase"), {"customer": "020 7946 0123"})
    assert left(recording) == (True, 3)
