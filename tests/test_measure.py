from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from analytics import measure, tasks
from analytics.models import AgentDay, CallMetrics, Event, FillerUse
from transcription.models import Recording
from transcription.speech.types import Transcript
from transcription.transcripts import store_transcript

from .conftest import make_agent, make_recording
from .metrics.timeline import call

pytestmark = pytest.mark.django_db

COMPLAINT = (
    "A 0.0-4.0 Thank you for calling um how can I help",
    "C 4.5-8.5 My router is broken again and I hate it [-0.8]",
    "A 11.0-13.0 Oh I am sorry",
    "C 13.5-15.5 Please just fix it now [-0.2]",
)


def transcribed(*timeline: str, **overrides: Any) -> Recording:
    values = {"status": "done", "agent": make_agent(), "started_at": datetime(2025, 5, 12, 23, 30, tzinfo=UTC)}
    transcript: Transcript = call(*timeline)
    recording = make_recording(**(values | {"duration": transcript.duration} | overrides))
    store_transcript(recording, transcript)
    return recording


def test_a_transcript_becomes_numbers_and_facts() -> None:
    recording = transcribed(*COMPLAINT)
    measure.measure(recording.pk)
    metrics = CallMetrics.objects.get()
    assert metrics.recording == recording
    assert (metrics.agent, metrics.team) == (recording.agent, make_agent().team)
    assert (metrics.words_agent, metrics.words_customer) == (13, 14)
    assert (metrics.talk_s_agent, metrics.talk_s_customer) == (6.0, 6.0)
    assert metrics.agent_talk_share == 0.5
    assert (metrics.silence_count, metrics.silence_s) == (1, 2.5)
    assert (metrics.fillers_agent, metrics.fillers_customer) == (1, 0)
    assert metrics.wpm_agent is None
    assert metrics.reasons["wpm_agent"] == "under 30 words"
    assert metrics.worst_turn_at_s == 4.5
    assert [(e.type, e.by, e.start_s, e.end_s) for e in Event.objects.filter(type="silence")] == [
        ("silence", "agent", 8.5, 11.0)
    ]
    (use,) = FillerUse.objects.all()
    assert (use.term, use.tier, use.role, use.agent) == ("um", 1, "agent", recording.agent)
    assert use.context == "you for calling um how can I"


def test_spellings_of_a_filler_without_variants_are_found() -> None:
    measure.measure(transcribed("A 0.0-4.0 It is, like, broken", "C 5.0-6.0 Yes it is").pk)
    assert FillerUse.objects.get().term == "like"


def test_a_day_is_the_site_s_day(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    measure.measure(transcribed(*COMPLAINT).pk)
    assert CallMetrics.objects.get().day == date(2025, 5, 13)


def test_measuring_again_changes_nothing() -> None:
    recording = transcribed(*COMPLAINT)
    rows = []
    for _ in range(2):
        measure.measure(recording.pk)
        rows.append(
            [
                list(model.objects.order_by(key).values(*columns))
                for model, key, columns in (
                    (CallMetrics, "pk", ["recording", "words_agent", "silence_s", "reasons"]),
                    (Event, "start_s", ["type", "by", "start_s"]),
                    (FillerUse, "at_s", ["term", "at_s"]),
                    (AgentDay, "metric", ["agent", "day", "metric", "n", "total"]),
                )
            ]
        )
    assert rows[0] == rows[1]
    assert len(rows[0][3]) > 3


def test_a_call_given_to_another_agent_moves_between_days() -> None:
    recording = transcribed(*COMPLAINT)
    measure.measure(recording.pk)
    recording.agent = make_agent("Ben Okafor")
    recording.save()
    measure.measure(recording.pk)
    assert set(AgentDay.objects.values_list("agent__name", flat=True)) == {"Ben Okafor"}


def test_a_call_without_agent_and_date_is_measured_but_in_no_day() -> None:
    measure.measure(transcribed(*COMPLAINT, agent=None, started_at=None).pk)
    metrics = CallMetrics.objects.get()
    assert (metrics.agent, metrics.day, metrics.words_agent) == (None, None, 13)
    assert not AgentDay.objects.exists()


def test_without_a_filler_list_fillers_are_unknown() -> None:
    recording = transcribed(*COMPLAINT)
    Recording.objects.update(language="fi")
    measure.measure(recording.pk)
    metrics = CallMetrics.objects.get()
    assert metrics.fillers_agent is None
    assert metrics.reasons["fillers_per_100_words_agent"] == "no filler words listed for this language"


def test_no_speech_is_measured_with_reasons() -> None:
    recording = make_recording(status="done", duration=20.0)
    empty = Transcript(20.0, "en", "mono", "no_speech", "prompted", (), (), (), overlap_known=True)
    store_transcript(recording, empty)
    measure.measure(recording.pk)
    metrics = CallMetrics.objects.get()
    assert (metrics.outcome, metrics.silence_s, metrics.reasons["silence_s"]) == ("no_speech", None, "no speech")


def test_recordings_without_a_transcript_are_left_alone() -> None:
    measure.measure(make_recording(status="processing").pk)
    assert not CallMetrics.objects.exists()


def test_a_call_that_is_heard_again_meanwhile_keeps_its_numbers() -> None:
    measure.measure(transcribed(*COMPLAINT, status="processing").pk)
    assert CallMetrics.objects.exists()


def test_a_stored_transcript_is_measured_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        recording = transcribed(*COMPLAINT)
        assert not CallMetrics.objects.exists()
    assert CallMetrics.objects.get().recording == recording


@pytest.mark.usefixtures("clean_jobs")
@pytest.mark.parametrize(
    "break_it",
    [
        lambda: CallMetrics.objects.all().delete(),
        lambda: CallMetrics.objects.update(metrics_version=0),
        lambda: Recording.objects.update(finished_at=timezone.now()),
        lambda: Recording.objects.update(roles_confirmed_at=timezone.now()),
        lambda: Recording.objects.update(agent=None),
        lambda: Recording.objects.update(started_at=datetime(2025, 5, 1, tzinfo=UTC)),
        lambda: Recording.objects.update(started_at=None),
    ],
    ids=[
        "deleted",
        "old version",
        "transcribed again",
        "roles",
        "no agent any more",
        "another start",
        "no start any more",
    ],
)
def test_the_sweep_repairs_what_is_missing_or_outdated(break_it: Any) -> None:
    recording = transcribed(*COMPLAINT)
    measure.measure(recording.pk)
    tasks.repair_measurements(0)
    assert not ProcrastinateJob.objects.exists()
    break_it()
    tasks.repair_measurements(0)
    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"recording_id": recording.pk}]
    measure.measure(recording.pk)
    assert not measure.outdated().exists()


def test_remeasure_scores_all_finished_calls_again(capsys: Any) -> None:
    recording = transcribed(*COMPLAINT)
    measure.measure(recording.pk)
    CallMetrics.objects.update(words_agent=999)
    call_command("remeasure")
    assert CallMetrics.objects.get().words_agent == 13
    assert capsys.readouterr().out == "Measured 1 calls.\n"
