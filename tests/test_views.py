"""The pages of transcription: who may open them, and what they answer."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import login, make_agent, make_recording, make_user
from tests.sounds import write_mu_law, write_wav
from transcription.models import Batch, Recording, Turn, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def wav(tmp_path: Path, name: str = "call.wav", **sound: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_wav(tmp_path / "made" / name, **sound).read_bytes())


def finished(tmp_path: Path, **overrides: Any) -> Recording:
    """A call of Dana with audio and a transcript of one turn."""
    with write_wav(tmp_path / "made" / "done.wav").open("rb") as content:
        recording = make_recording(
            **{
                "agent": make_agent("Dana", team="Billing"),
                "audio": File(content, name="done.wav"),
                "original_name": 'the "done" call.wav',
                "status": "done",
                "outcome": "one_sided",
                "layout": "mono",
                "language": "en",
                "filler_capture_mode": "prompted",
                "speakers": [{"label": "Speaker 1", "role": "agent", "role_confidence": 0.9, "evidence": []}],
            }
            | overrides
        )
    word = ["Hello.", 0.1, 0.4, 0.9, "attention"]
    Turn.objects.create(
        recording=recording, index=0, speaker="Speaker 1", role="agent", start=0.1, end=0.4, text="Hello.", words=[word]
    )
    return recording


def test_the_list_of_batches(administrator: User, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        make_recording(batch=Batch.objects.create(created_by=administrator), status="failed" if number else "done")
    client = login(administrator)
    with django_assert_max_num_queries(5):
        response = client.get(reverse("batches"))
    assert len(response.context["page"].object_list) == 50
    assert "1 to 50 of 60" in response.content.decode()


def test_a_batch_polls_until_it_is_finished(administrator: User) -> None:
    recording = make_recording(status="processing", stage="diarizing", progress=0.25)
    client = login(administrator)
    address = reverse("batch_progress", args=[recording.batch_id])
    page = client.get(reverse("batch", args=[recording.batch_id])).content.decode()
    assert f'hx-get="{address}?status=&amp;page=1&amp;told=0" hx-trigger="every 2s"' in page
    assert "diarizing, 25 %" in page
    assert client.get(address).status_code == 200
    Recording.objects.update(status="failed", error="It holds no <sound>.")
    last = client.get(address)
    assert last.status_code == 286
    assert "hx-get" not in last.content.decode()
    assert "It holds no &lt;sound&gt;." in last.content.decode()
    assert reverse("recording_retry", args=[recording.pk]) in last.content.decode()


def test_quarters_of_a_batch_are_told_aloud_once(administrator: User) -> None:
    batch = Batch.objects.create()
    for status in ("done", "failed", "waiting", "waiting"):
        make_recording(batch=batch, status=status)
    client = login(administrator)

    def told(quarters: int) -> str:
        answer = client.get(reverse("batch_progress", args=[batch.pk]), {"told": quarters}).content.decode()
        return answer.partition('hx-swap-oob="innerHTML">')[2].partition("<")[0]

    assert told(1) == "2 of 4 calls finished. 1 failed."
    assert told(2) == ""


def test_retry(administrator: User) -> None:
    recording = make_recording(status="failed", error="out of memory")
    client = login(administrator)
    response = client.post(reverse("recording_retry", args=[recording.pk]))
    assert response["Location"] == reverse("batch", args=[recording.batch_id])
    recording.refresh_from_db()
    assert (recording.status, recording.error) == ("waiting", "")
    assert ProcrastinateJob.objects.get().args == {"recording_id": recording.pk}
    assert client.get(reverse("recording_retry", args=[recording.pk])).status_code == 405


def test_what_a_person_does_about_a_batch(administrator: User) -> None:
    batch = Batch.objects.create(created_by=administrator)
    failed = make_recording(batch=batch, status="failed", error="=No sound.", duration=12.3456)
    waiting = make_recording(batch=batch, original_name="waiting.wav")
    client = login(administrator)
    errors = client.get(reverse("batch_errors", args=[batch.pk])).getvalue().decode().splitlines()
    assert errors[0] == "call_id,source_file,status,error,duration_s,agent,received_at,finished_at"
    assert errors[1].startswith(f"{failed.pk},{failed.original_name},failed,'=No sound.,12.3456,,20")
    assert len(errors) == 2
    page = client.get(reverse("batch", args=[batch.pk]), {"status": "failed"}).content.decode()
    assert "Try 1 failed again" in page
    assert "waiting.wav" not in page
    client.post(reverse("batch_cancel", args=[batch.pk]))
    assert statuses(batch) == ["failed", "cancelled"]
    client.post(reverse("batch_retry", args=[batch.pk]), {"status": "failed"})
    assert statuses(batch) == ["waiting", "cancelled"]
    client.post(reverse("recording_cancel", args=[failed.pk]))
    client.post(reverse("recording_retry", args=[waiting.pk]))
    assert statuses(batch) == ["cancelled", "waiting"]
    answer = client.post(reverse("recording_urgent", args=[waiting.pk]), follow=True)
    assert "waiting.wav comes next." in answer.content.decode()
    assert "Cancelled before it was transcribed" in client.get(reverse("call", args=[failed.pk])).content.decode()


def statuses(batch: Batch) -> list[str]:
    return list(batch.recordings.order_by("pk").values_list("status", flat=True))


def test_audio_seeks(tmp_path: Path, administrator: User) -> None:
    recording = finished(tmp_path)
    address = reverse("recording_audio", args=[recording.pk])
    content = Path(recording.audio.path).read_bytes()
    client = login(administrator)
    whole = client.get(address)
    assert (whole.getvalue(), whole["Content-Type"], whole["Cache-Control"]) == (content, "audio/wav", "private")
    part = client.get(address, headers={"Range": "bytes=44-143"})
    assert (part.status_code, part.getvalue()) == (206, content[44:144])
    assert client.get(address, headers={"Range": "bytes=999999-"}).status_code == 416
    assert client.head(address)["Content-Length"] == str(len(content))


def test_audio_of_a_telephone_system(tmp_path: Path, administrator: User) -> None:
    with write_mu_law(tmp_path / "a.wav").open("rb") as content:
        recording = make_recording(audio=File(content, name="a.wav"), codec="pcm_mulaw")
    response = login(administrator).get(reverse("recording_audio", args=[recording.pk]))
    assert (response["Content-Type"], response.getvalue()[:4]) == ("audio/ogg", b"OggS")


def test_audio_that_is_gone(tmp_path: Path, administrator: User) -> None:
    recording = finished(tmp_path)
    Path(recording.audio.path).unlink()
    assert login(administrator).get(reverse("recording_audio", args=[recording.pk])).status_code == 404


@pytest.mark.parametrize(
    ("fmt", "content_type", "beginning"),
    [
        ("txt", "text/plain; charset=utf-8", "Agent: Hello.\n"),
        ("vtt", "text/vtt; charset=utf-8", "WEBVTT\n"),
        ("srt", "application/x-subrip; charset=utf-8", "1\n00:00:00,100 --> 00:00:00,400\n"),
        ("tsv", "text/tab-separated-values; charset=utf-8", "start\tend\tspeaker\ttext\n100\t400\tAgent\tHello.\n"),
        ("json", "application/json", "{"),
        ("zip", "application/zip", "PK"),
    ],
)
def test_transcripts(tmp_path: Path, administrator: User, fmt: str, content_type: str, beginning: str) -> None:
    recording = finished(tmp_path)
    response = login(administrator).get(reverse("recording_transcript", args=[recording.pk, fmt]))
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="the \\"done\\" call.{fmt}"'
    assert response.content.startswith(beginning.encode())


def test_transcripts_that_are_not_there(tmp_path: Path, administrator: User) -> None:
    client, recording = login(administrator), finished(tmp_path)
    assert client.get(reverse("recording_transcript", args=[recording.pk, "doc"])).status_code == 404
    waiting = make_recording()
    assert client.get(reverse("recording_transcript", args=[waiting.pk, "txt"])).status_code == 404


def test_the_admin_opens_every_list(tmp_path: Path) -> None:
    client, recording = login(make_user(is_superuser=True, is_staff=True)), finished(tmp_path)
    for model in ("user", "team", "agent", "source", "vocabulary", "batch", "recording"):
        assert client.get(reverse(f"admin:transcription_{model}_changelist")).status_code == 200
    for model, key in (("recording", recording.pk), ("batch", recording.batch_id), ("source", recording.source_id)):
        assert client.get(reverse(f"admin:transcription_{model}_change", args=[key])).status_code == 200
    assert client.get(reverse("admin:transcription_user_add")).status_code == 200
    assert client.get(reverse("admin:transcription_recording_add")).status_code == 403


def test_the_admin_checks_file_name_patterns() -> None:
    client = login(make_user(is_superuser=True, is_staff=True))
    values = {"name": "PBX", "channel_map": "auto", "filename_pattern": "(?P<agnet>.+)", "language": ""}
    response = client.post(reverse("admin:transcription_source_add"), values)
    assert "Unknown groups: agnet" in response.content.decode()
