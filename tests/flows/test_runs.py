"""Runs of a call through a real worker: kept stages, failures at each of them, versions, and which one is shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from analytics.models import CallMetrics
from tests.conftest import make_recording, make_user
from tests.fakes import FakeDiarizer, FakeRecognizer, FakeSentiment
from transcription import processing, queueing, runs
from transcription.corrections import confirm_roles
from transcription.models import Recording, Run
from transcription.rerun import rerun, resume
from transcription.runs import RunSettings, make_current, settings_of, transcript_of_run, trial_settings
from transcription.speech.ports import SpeechError
from transcription.speech.types import Audio, SpeakerRange, SpeakerTurns

Wav = Callable[..., Path]
Work = Callable[[], None]
Engines = Callable[..., None]

pytestmark = pytest.mark.django_db(transaction=True)


class Counting(FakeRecognizer):
    """Says how often it was asked."""

    def __init__(self, text: str = "thank you for calling um how can I help") -> None:
        super().__init__(text)
        self.asked = 0

    def recognize(self, *args: Any) -> Any:
        self.asked += 1
        return super().recognize(*args)


class BrokenDiarizer(FakeDiarizer):
    def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
        raise SpeechError("The voices could not be told apart.", permanent=True)


class BrokenSentiment(FakeSentiment):
    def score(self, turns: Any) -> Any:
        raise SpeechError("No sentence model.", permanent=True)


def only_run() -> Run:
    return Run.objects.select_related("recording").get()


def test_a_first_run_becomes_current(work: Work, wav: Wav) -> None:
    call_command("ingest", str(wav()))
    work()
    run = only_run()
    assert (run.number, run.from_stage, run.error, run.recording.current_run) == (1, "recognizing", "", run)
    assert run.engines == run.recording.engines
    assert run.weights.keys() == {"recognizer", "aligner", "diarizer", "sentiment"}
    assert run.word_probability == pytest.approx(0.9)
    assert run.finished_at
    assert set(run.stage_seconds) >= {"decoding", "recognizing", "aligning", "diarizing", "scoring"}


def test_a_failed_diarization_keeps_the_words(work: Work, wav: Wav, engines: Engines) -> None:
    recognizer = Counting()
    engines(recognizer=recognizer, diarizer=BrokenDiarizer())
    call_command("ingest", str(wav()))
    work()
    failed = only_run()
    assert (failed.recording.status, failed.error) == ("failed", "The voices could not be told apart.")
    assert failed.engines == {"recognizer": "fake recognizer", "aligner": "fake aligner"}
    assert failed.heard["channels"][0]["segments"][0]["text"] == "thank you for calling um how can I help"
    assert failed.recording.peaks

    engines(recognizer=recognizer)
    assert queueing.start_again(Recording.objects.all()) == 1
    work()
    assert recognizer.asked == 1, "what was heard is not heard again"
    done = only_run()
    assert (done.recording.status, done.error, done.recording.current_run) == ("done", "", done)
    assert [turn.text for turn in done.recording.turns.all()] == ["thank you for calling um", "how can I help"]


def test_a_failed_scoring_keeps_the_speakers(work: Work, wav: Wav, engines: Engines) -> None:
    recognizer = Counting()
    engines(recognizer=recognizer, sentiment=BrokenSentiment())
    call_command("ingest", str(wav()))
    work()
    assert only_run().diarized["speakers"]["turns"][0]["speaker"] == "a"
    engines(recognizer=recognizer, diarizer=BrokenDiarizer())
    assert queueing.start_again(Recording.objects.all()) == 1
    work()
    assert (recognizer.asked, Recording.objects.get().status) == (1, "done")


def test_an_attempt_after_a_killed_worker_goes_on_where_that_one_stopped(
    wav: Wav, engines: Engines, clean_jobs: None
) -> None:
    class Killed(BaseException):
        pass

    class Killing(FakeDiarizer):
        def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
            raise Killed

    recognizer = Counting()
    engines(recognizer=recognizer, diarizer=Killing())
    call_command("ingest", str(wav()))
    recording = Recording.objects.get()
    with pytest.raises(Killed):
        processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    engines(recognizer=recognizer)
    processing.process(recording.pk, job_id=1, attempt=2, max_attempts=3)
    assert (recognizer.asked, Recording.objects.get().status, Run.objects.count()) == (1, "done", 1)


def test_a_stereo_call_loads_no_diarizer(work: Work, wav: Wav, engines: Engines) -> None:
    engines(diarizer=BrokenDiarizer())
    call_command("ingest", str(wav(channels=2)))
    work()
    run = only_run()
    assert (run.recording.status, run.engines["diarizer"]) == ("done", "channels")
    assert (len(run.heard["channels"]), run.diarized, "diarizer" in run.weights) == (2, None, False)


@pytest.fixture
def done(work: Work, wav: Wav) -> Recording:
    """A call with one run."""
    call_command("ingest", str(wav()))
    work()
    return Recording.objects.get()


def again(recording: Recording, work: Work, from_stage: str = "recognizing", **settings: Any) -> Run:
    started = rerun([recording], from_stage, RunSettings(**settings), by=make_user())
    assert [run.recording_id for run in started] == [recording.pk]
    work()
    recording.refresh_from_db()
    return Run.objects.select_related("recording").get(pk=started[0].pk)


def test_a_second_run_is_current_and_the_first_stays_readable(done: Recording, work: Work, engines: Engines) -> None:
    engines(recognizer=FakeRecognizer("good morning this is the billing desk"))
    second = again(done, work, model="whisper-large", prompt_fillers=False)
    first = Run.objects.select_related("recording").get(number=1)
    assert (done.status, done.current_run, second.number, second.base) == ("done", second, 2, first)
    assert (second.asked["model"], done.filler_capture_mode) == ("whisper-large", "unprompted")
    old, new = transcript_of_run(first), transcript_of_run(second)
    assert old
    assert new
    assert [turn.text for turn in old.turns] == ["thank you for calling um", "how can I help"]
    assert [turn.text for turn in new.turns] == ["good morning this is", "the billing desk"]
    assert first.transcript is not None
    assert second.transcript is None, "the current run's is in the turns"


def test_the_numbers_follow_the_current_run(done: Recording, work: Work, engines: Engines) -> None:
    engines(recognizer=FakeRecognizer("thank you for calling Northwind um how can I help you"))
    again(done, work)
    assert CallMetrics.objects.get().words_agent == 6
    assert make_current(Run.objects.get(number=1))
    work()
    assert CallMetrics.objects.get().words_agent == 5


def test_switching_away_and_back_keeps_a_correction(done: Recording, work: Work) -> None:
    second = again(done, work)
    done.turns.filter(index=0).update(words=[["corrected", 0.0, 1.0, None, "attention"]])
    assert make_current(Run.objects.get(number=1))
    assert done.turns.first().text == "thank you for calling um"  # type: ignore[union-attr]
    assert make_current(second)
    assert done.turns.first().text == "corrected"  # type: ignore[union-attr]


def test_confirmed_roles_hold_for_every_run_that_is_shown(done: Recording, work: Work) -> None:
    before = [turn.role for turn in done.turns.all()]
    again(done, work)
    confirm_roles(done, swap=True, by=make_user(username="erin"))
    assert make_current(Run.objects.get(number=1))
    assert [turn.role for turn in done.turns.all()] == before[::-1]
    assert Recording.objects.get().speakers[0]["evidence"] == ["swapped by erin"]


def test_confirmed_roles_survive_a_new_run(done: Recording, work: Work) -> None:
    before = [turn.role for turn in done.turns.all()]
    confirm_roles(done, swap=True, by=make_user(username="erin"))
    again(done, work)
    assert [turn.role for turn in done.turns.all()] == before[::-1]
    assert done.role_confidence == 1.0


@pytest.mark.parametrize(("from_stage", "recognized"), [("recognizing", 1), ("diarizing", 0), ("scoring", 0)])
def test_a_run_does_again_what_was_asked_for_only(
    done: Recording, work: Work, engines: Engines, from_stage: str, recognized: int
) -> None:
    recognizer = Counting()
    broken = {"diarizer": BrokenDiarizer()} if from_stage == "scoring" else {}
    engines(recognizer=recognizer, **broken)
    run = again(done, work, from_stage, model="whisper-large")
    assert (done.status, done.current_run, recognizer.asked) == ("done", run, recognized)
    assert run.asked["model"] == ("whisper-large" if recognized else "whisper-base"), "of the words that it keeps"
    assert "scoring" in run.stage_seconds
    assert ("recognizing" in run.stage_seconds) == bool(recognized)
    assert set(done.stage_seconds) >= {"recognizing", "diarizing", "scoring"}


def test_a_failed_second_run_leaves_the_call_as_it_was(done: Recording, work: Work, engines: Engines) -> None:
    engines(diarizer=BrokenDiarizer())
    failed = again(done, work, "diarizing")
    assert (done.status, done.error, done.current_run.number) == ("done", "", 1)  # type: ignore[union-attr]
    assert (failed.error, transcript_of_run(failed)) == ("The voices could not be told apart.", None)
    assert not make_current(failed)
    engines()
    assert resume(failed)
    work()
    done.refresh_from_db()
    assert (done.status, done.current_run) == ("done", failed)


def test_a_call_at_work_is_not_started_twice(done: Recording, clean_jobs: None) -> None:
    assert len(rerun([done], "scoring", RunSettings(), by=make_user())) == 1
    assert rerun([done], "scoring", RunSettings(), by=make_user()) == []
    assert not make_current(Run.objects.get(number=1))
    assert Run.objects.filter(finished_at=None).count() == 1


def test_a_confirmation_while_the_next_run_waits_is_carried_over(done: Recording, work: Work) -> None:
    before = [turn.role for turn in done.turns.all()]
    rerun([done], "recognizing", RunSettings(), by=make_user())
    confirm_roles(done, swap=True, by=make_user(username="erin"))
    assert [turn.role for turn in done.turns.all()] == before[::-1]
    work()
    assert [turn.role for turn in done.turns.all()] == before[::-1]


def test_nothing_failed_nothing_is_resumed(done: Recording) -> None:
    assert not resume(Run.objects.get())


def test_a_cancelled_second_run_leaves_the_call_as_it_was(done: Recording, clean_jobs: None) -> None:
    (run,) = rerun([done], "recognizing", RunSettings(), by=make_user())
    assert queueing.cancel(Recording.objects.all()) == 1
    run.refresh_from_db()
    done.refresh_from_db()
    assert (done.status, done.current_run.number, run.error) == ("done", 1, "Cancelled.")  # type: ignore[union-attr]
    assert run.finished_at


def test_a_cancelled_first_run_goes_on_where_it_was(work: Work, wav: Wav, engines: Engines) -> None:
    class Cancelling(FakeDiarizer):
        def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
            queueing.cancel(Recording.objects.all())
            return super().diarize(audio, speakers)

    recognizer = Counting()
    engines(recognizer=recognizer, diarizer=Cancelling())
    call_command("ingest", str(wav()))
    work()
    assert Recording.objects.get().status == "cancelled"
    engines(recognizer=recognizer)
    assert queueing.start_again(Recording.objects.all()) == 1
    work()
    assert (Recording.objects.get().status, recognizer.asked, Run.objects.count()) == ("done", 1, 1)


def test_a_call_of_before_there_were_runs_starts_from_the_beginning(work: Work, done: Recording) -> None:
    Run.objects.update(heard=None, diarized=None, asked={}, engines={}, weights={})
    run = again(done, work, "scoring")
    assert (done.current_run, run.engines["recognizer"]) == (run, "fake recognizer")


def test_a_quick_first_model_is_used_where_it_knows_the_language(settings: Any) -> None:
    settings.FIRST_WHISPER_MODEL = "whisper-tiny.en"
    asked = {hint: runs.first_settings(make_recording(language_hint=hint)).model for hint in ("", "en", "de")}
    assert asked == {"": "whisper-tiny.en", "en": "whisper-tiny.en", "de": "whisper-base"}
    settings.FIRST_WHISPER_MODEL = "whisper-tiny"
    assert runs.first_settings(make_recording(language_hint="de")).model == "whisper-tiny"


def test_a_trial_stays_beside_the_current_run(done: Recording, work: Work) -> None:
    before = done.current_run_id
    asked = trial_settings(done, ["Acme"])
    (trial,) = rerun([done], "recognizing", asked, by=make_user(), trial=True)
    work()
    done.refresh_from_db()
    trial.refresh_from_db()
    assert (done.status, done.current_run_id, trial.error) == ("done", before, "")
    assert trial.finished_at is not None
    assert settings_of(trial).company_words == ("Acme",)
    assert transcript_of_run(trial) is not None
    assert make_current(trial)
    done.refresh_from_db()
    assert done.current_run_id == trial.pk
