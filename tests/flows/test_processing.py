"""From an accepted file to numbers, through a real worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django.models import ProcrastinateJob

from analytics.models import AgentDay, CallMetrics
from tests.conftest import make_agent, make_recording
from tests.fakes import FakeRecognizer, FakeSentiment
from transcription import processing
from transcription.models import Recording, Source, Vocabulary
from transcription.queueing import URGENT
from transcription.speech import pipeline
from transcription.speech.ports import SpeechError
from transcription.speech.roles import Priors, Tally
from transcription.tasks import process_recording, requeue_lost_recordings

Wav = Callable[..., Path]
Work = Callable[[], None]

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_ingested_file_ends_as_a_measured_call(work: Work, wav: Wav) -> None:
    make_agent("Dana Reyes")
    path = wav("Dana Reyes_2026-11-02_09-30.wav")
    call_command("ingest", str(path))
    work()
    recording = Recording.objects.get()
    assert recording.status == Recording.Status.DONE
    assert recording.outcome == Recording.Outcome.TWO_SIDED
    assert [turn.text for turn in recording.turns.all()] == ["thank you for calling um", "how can I help"]
    assert recording.engines["recognizer"] == "fake recognizer"
    assert set(recording.stage_seconds) >= {"decoding", "recognizing", "diarizing", "scoring"}
    assert CallMetrics.objects.get().recording == recording
    assert {day.agent.name for day in AgentDay.objects.select_related("agent")} == {"Dana Reyes"}


def test_silence_is_a_final_state(work: Work, wav: Wav, engines: Callable[..., None]) -> None:
    engines(recognizer=FakeRecognizer(text=""))
    call_command("ingest", str(wav()))
    work()
    recording = Recording.objects.get()
    assert (recording.status, recording.outcome) == (Recording.Status.DONE, Recording.Outcome.NO_SPEECH)
    assert CallMetrics.objects.get().agent_talk_share is None


def test_bad_audio_fails_once_with_its_reason(work: Work, wav: Wav, engines: Callable[..., None]) -> None:
    engines(recognizer=FakeRecognizer(error=SpeechError("This file holds no audio.", permanent=True)))
    call_command("ingest", str(wav()))
    work()
    recording = Recording.objects.get()
    assert (recording.status, recording.error) == (Recording.Status.FAILED, "This file holds no audio.")
    assert not ProcrastinateJob.objects.filter(task_name=process_recording.name, status="todo").exists()


def test_what_may_pass_is_tried_again_under_the_same_job(work: Work, wav: Wav, engines: Callable[..., None]) -> None:
    engines(recognizer=FakeRecognizer(error=SpeechError("Out of memory.", permanent=False)))
    call_command("ingest", str(wav()))
    work()
    recording = Recording.objects.get()
    assert (recording.status, recording.error) == (Recording.Status.WAITING, "Out of memory.")
    job = ProcrastinateJob.objects.get(task_name=process_recording.name)
    assert (job.status, job.attempts, job.id) == ("todo", 1, recording.job_id)


def test_the_last_attempt_fails_for_good(wav: Wav, engines: Callable[..., None], clean_jobs: None) -> None:
    engines(recognizer=FakeRecognizer(error=SpeechError("Out of memory.", permanent=False)))
    call_command("ingest", str(wav()))
    recording = Recording.objects.get()
    processing.process(recording.pk, job_id=1, attempt=3, max_attempts=3)
    recording.refresh_from_db()
    assert (recording.status, recording.error) == (Recording.Status.FAILED, "Out of memory.")


def test_a_file_that_keeps_killing_workers_is_given_up(
    wav: Wav, engines: Callable[..., None], clean_jobs: None
) -> None:
    call_command("ingest", str(wav()))
    recording = Recording.objects.get()
    processing.process(recording.pk, job_id=1, attempt=4, max_attempts=3)
    recording.refresh_from_db()
    assert recording.status == Recording.Status.FAILED
    assert "3 times" in recording.error


def test_an_unexpected_error_shows_on_the_recording(work: Work, wav: Wav, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: Any) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(processing, "peaks", explode)
    call_command("ingest", str(wav()))
    work()
    recording = Recording.objects.get()
    assert recording.status == Recording.Status.FAILED
    assert "division by zero" in recording.error


def test_a_database_that_was_away_is_no_fault_of_the_call(
    work: Work, wav: Wav, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("the connection is closed")

    call_command("ingest", str(wav()))
    monkeypatch.setattr(processing, "peaks", away)
    work()
    recording = Recording.objects.get()
    assert (recording.status, recording.error) == (Recording.Status.WAITING, "The database could not be reached.")
    job = ProcrastinateJob.objects.get(task_name=process_recording.name)
    assert (job.status, job.id) == ("todo", recording.job_id)


def test_one_claim_at_a_time() -> None:
    recording = make_recording()
    assert processing.claim(recording.pk, job_id=1)
    assert not processing.claim(recording.pk, job_id=2)
    assert processing.claim(recording.pk, job_id=1), "the same job, retried, claims again"


def test_a_finished_recording_is_not_processed_again(engines: Callable[..., None]) -> None:
    recording = make_recording(status=Recording.Status.DONE)
    processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    recording.refresh_from_db()
    assert recording.engines == {}


def test_a_lost_claim_writes_nothing(wav: Wav, engines: Callable[..., None], clean_jobs: None) -> None:
    class Thief(FakeRecognizer):
        def recognize(self, *args: Any) -> Any:
            Recording.objects.update(job_id=99)
            return super().recognize(*args)

    engines(recognizer=Thief())
    call_command("ingest", str(wav()))
    recording = Recording.objects.get()
    processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    recording.refresh_from_db()
    assert (recording.status, recording.job_id) == (Recording.Status.PROCESSING, 99)
    assert not recording.turns.exists()


def test_a_claim_lost_at_the_last_stage_writes_nothing_either(
    wav: Wav, engines: Callable[..., None], clean_jobs: None
) -> None:
    class Thief(FakeSentiment):
        def score(self, turns: Any) -> Any:
            Recording.objects.update(job_id=99)
            return super().score(turns)

    engines(sentiment=Thief())
    call_command("ingest", str(wav()))
    recording = Recording.objects.get()
    processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    recording.refresh_from_db()
    assert (recording.status, recording.job_id) == (Recording.Status.PROCESSING, 99)
    assert not recording.turns.exists()


def test_work_stops_at_the_stage_after_the_claim_was_lost(
    wav: Wav, engines: Callable[..., None], clean_jobs: None
) -> None:
    scored: list[object] = []

    class Thief(FakeRecognizer):
        def recognize(self, *args: Any) -> Any:
            Recording.objects.update(job_id=99)
            return super().recognize(*args)

    class Scorer(FakeSentiment):
        def score(self, turns: Any) -> Any:
            scored.append(turns)
            return super().score(turns)

    engines(recognizer=Thief(), sentiment=Scorer())
    call_command("ingest", str(wav()))
    processing.process(Recording.objects.get().pk, job_id=1, attempt=1, max_attempts=3)
    assert scored == []


def test_what_is_known_about_a_call_reaches_the_pipeline(
    wav: Wav, engines: Callable[..., None], monkeypatch: pytest.MonkeyPatch, clean_jobs: None
) -> None:
    asked: list[pipeline.Request] = []

    def listen(_audio: Any, _recognizer: Any, _aligner: Any, request: pipeline.Request, _progress: Any) -> Any:
        asked.append(request)
        raise SpeechError("Enough.", permanent=True)

    monkeypatch.setattr(pipeline, "hear", listen)
    for language in ("de", "fr"):
        Vocabulary.objects.create(language=language, company_words=["Northwind", "Acme"])
    Vocabulary.objects.create(language="en", company_words=["Not of these languages"])
    call_command("ingest", str(wav()), source="PBX")
    Recording.objects.update(channel_map="agent_right", agent=make_agent("Dana Reyes"), language_hint="de")
    Source.objects.update(language="fr")
    recording = Recording.objects.get()
    processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    Recording.objects.update(status=Recording.Status.WAITING, agent=None, language_hint="")
    processing.process(recording.pk, job_id=2, attempt=1, max_attempts=3)
    priors = Priors(agent_left=Tally(0, 0), agent_first=Tally(0, 0))
    known = {"channel_map": "agent_right", "company_words": ("Northwind", "Acme"), "priors": priors}
    assert asked == [
        pipeline.Request(language="de", agent_name="Dana Reyes", **known),  # type: ignore[arg-type]
        pipeline.Request(language="fr", agent_name=None, **known),  # type: ignore[arg-type]
    ]


def test_a_worker_that_is_stopped_hands_its_call_back_after_a_stage(
    work: Work, wav: Wav, engines: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Listener(FakeRecognizer):
        def recognize(self, *args: Any) -> Any:
            asked.append("recognizer")
            return super().recognize(*args)

    def stopping(context: JobContext) -> bool:
        return asked == ["recognizer"] and asked.append("stop") is None  # type: ignore[func-returns-value]

    engines(recognizer=Listener())
    monkeypatch.setattr(JobContext, "should_abort", stopping)
    call_command("ingest", str(wav()))
    ProcrastinateJob.objects.filter(task_name=process_recording.name).update(priority=URGENT)
    work()
    recording = Recording.objects.get()
    assert (recording.status, recording.runs.count()) == (Recording.Status.DONE, 1)
    assert asked == ["recognizer", "stop"], "what was heard before the stop is not heard again"
    first, second = ProcrastinateJob.objects.filter(task_name=process_recording.name).order_by("pk")
    assert (first.status, first.attempts, second.status, second.attempts) == ("succeeded", 1, "succeeded", 1)
    assert second.priority == URGENT
    assert recording.job_id == second.pk


@pytest.mark.parametrize(("channel_map", "lanes"), [("auto", 2), ("mono", 1)])
def test_a_waveform_is_drawn_for_each_party_that_has_a_channel(
    wav: Wav, engines: Callable[..., None], clean_jobs: None, channel_map: str, lanes: int
) -> None:
    call_command("ingest", str(wav(channels=2)))
    Recording.objects.update(channel_map=channel_map)
    processing.process(Recording.objects.get().pk, job_id=1, attempt=1, max_attempts=3)
    assert len(Recording.objects.get().peaks) == lanes


def test_a_recording_that_was_just_received_is_not_lost() -> None:
    make_recording()
    assert not processing.lost(process_recording.name).exists()


def test_lost_recordings_get_a_new_job(work: Work, wav: Wav) -> None:
    long_ago = timezone.now() - 2 * processing.LOST_AFTER
    call_command("ingest", str(wav()))
    ProcrastinateJob.objects.all()._raw_delete("default")
    Recording.objects.update(received_at=long_ago, status=Recording.Status.PROCESSING, claimed_at=long_ago, job_id=7)
    with_job = make_recording(status=Recording.Status.PROCESSING, claimed_at=long_ago)
    process_recording.defer(recording_id=with_job.pk)
    assert [recording.pk for recording in processing.lost(process_recording.name)] == [with_job.pk - 1]
    requeue_lost_recordings(timestamp=0)
    work()
    assert Recording.objects.get(pk=with_job.pk - 1).status == Recording.Status.DONE
