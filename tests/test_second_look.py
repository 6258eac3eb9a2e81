"""Which calls are heard again with the larger model, and why."""

from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import make_recording
from transcription import second_look
from transcription.models import Recording, Run
from transcription.tasks import hear_again, process_recording

pytestmark = pytest.mark.django_db

SURE = {"role_confidence": 0.9, "outcome": "two_sided"}
NOT_SAMPLED = "f" * 64


@pytest.fixture(autouse=True)
def two_speeds(settings: Any) -> None:
    settings.FIRST_WHISPER_MODEL = "whisper-tiny.en"
    settings.WHISPER_MODEL = "whisper-base"
    settings.SECOND_LOOK_SHARE = 0.25


def heard(model: str = "whisper-tiny.en", probability: float | None = 0.9, **overrides: Any) -> Recording:
    """A finished call that no reason speaks against, but for the overrides."""
    sha256 = f"{NOT_SAMPLED[:-4]}{Recording.objects.count():04d}"
    recording = make_recording(**({"status": "done", "sha256": sha256} | SURE | overrides))
    recording.current_run = Run.objects.create(
        recording=recording, number=1, finished_at=timezone.now(), asked={"model": model}, word_probability=probability
    )
    recording.save()
    return recording


def found() -> dict[int, str]:
    return {recording.pk: recording.why for recording in second_look.candidates()}  # type: ignore[attr-defined]


def test_reasons_in_their_order() -> None:
    sampled = heard(sha256="3fff" + "0" * 60)
    words = heard(probability=0.1)
    roles = heard(role_confidence=0.6, probability=0.1)
    disputed = heard(disputed_at=timezone.now(), role_confidence=0.6)
    heard()
    heard(sha256="4000" + "0" * 60)
    assert found() == {
        disputed.pk: "disputed",
        sampled.pk: "sampled",
        words.pk: "uncertain words",
        roles.pk: "uncertain roles",
    }
    assert next(iter(found())) == disputed.pk


def test_a_lone_or_confirmed_party_is_no_uncertain_role() -> None:
    heard(role_confidence=0.6, outcome="one_sided")
    heard(role_confidence=0.6, roles_confirmed_at=timezone.now())
    assert found() == {}


def test_a_call_is_looked_at_again_once() -> None:
    again = heard(disputed_at=timezone.now())
    Run.objects.create(
        recording=again, number=2, finished_at=timezone.now(), asked={"model": "whisper-base"}, error="no"
    )
    heard("whisper-base", disputed_at=timezone.now())
    assert found() == {}


@pytest.mark.parametrize(("share", "calls"), [(0.0, 0), (0.25, 1), (1.0, 2)])
def test_the_share_decides_how_many_are_sampled(settings: Any, share: float, calls: int) -> None:
    settings.SECOND_LOOK_SHARE = share
    heard(sha256="0" * 64)
    heard()
    assert len(found()) == calls


def test_second_looks_wait_until_nothing_else_does(clean_jobs: None) -> None:
    doubted = heard(disputed_at=timezone.now())
    waiting = make_recording()
    hear_again(timestamp=0)
    assert not ProcrastinateJob.objects.exists()
    waiting.delete()
    hear_again(timestamp=0)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, job.priority) == (process_recording.name, {"recording_id": doubted.pk}, -5)
    run = Run.objects.get(number=2)
    assert (run.asked["model"], run.reason, run.created_by) == ("whisper-base", "disputed", None)
    hear_again(timestamp=0)
    assert ProcrastinateJob.objects.count() == 1


def test_a_site_with_one_model_looks_once(settings: Any) -> None:
    heard(disputed_at=timezone.now())
    settings.FIRST_WHISPER_MODEL = ""
    assert second_look.begin_some() == []
