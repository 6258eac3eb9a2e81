"""Recordings in a bucket, with a real S3 server (moto's) on this machine."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer

from config import bucket
from tests.conftest import login, make_recording, make_user
from tests.sounds import write_mu_law, write_wav
from transcription import processing
from transcription.models import Batch, Recording
from transcription.speech.ports import SpeechError

KEYS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_REGION": "eu-west-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def calls(endpoint: str, settings: Any, media: None) -> Iterator[Any]:
    """An empty bucket, in which the recordings of the site are to be, in a folder."""
    with mock.patch.dict(os.environ, KEYS):
        made = boto3.resource("s3", endpoint_url=endpoint).Bucket("calls")
        made.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        options = {"bucket_name": "calls", "location": "verbatim", "endpoint_url": endpoint}
        default = {"BACKEND": "config.bucket.Bucket", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"default": default}
        yield made
        made.objects.delete()
        made.delete()


@pytest.fixture
def unreachable(settings: Any) -> None:
    options = {"bucket_name": "calls", "endpoint_url": "http://127.0.0.1:1"}
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "config.bucket.Bucket", "OPTIONS": options}}


def copies() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_call_in_a_bucket_is_processed_and_played(work: Callable[[], None], tmp_path: Path, calls: Any) -> None:
    call_command("ingest", str(write_mu_law(tmp_path / "call.wav", seconds=4)))
    recording = Recording.objects.get()
    assert [stored.key for stored in calls.objects.all()] == [f"verbatim/{recording.audio.name}"]
    assert copies() == []
    work()
    recording.refresh_from_db()
    assert (recording.status, recording.error) == (Recording.Status.DONE, "")
    response = login(make_user()).get(f"/recordings/{recording.pk}/audio", headers={"Range": "bytes=0-3"})
    assert (response.status_code, response["Content-Type"], response.getvalue()) == (206, "audio/ogg", b"OggS")
    assert len(list(calls.objects.all())) == 1, "the copy to be played stays here"


@pytest.mark.django_db
def test_a_recording_that_browsers_know_is_played_as_it_is(tmp_path: Path) -> None:
    content = write_wav(tmp_path / "call.wav").read_bytes()
    recording = make_recording(audio=ContentFile(content, name="call.wav"))
    client = login(make_user())
    for _ in range(2):
        response = client.get(f"/recordings/{recording.pk}/audio", headers={"Range": "bytes=4-9"})
        assert (response.status_code, response.getvalue()) == (206, content[4:10])
    assert [path.read_bytes() for path in copies()] == [content]


def test_copies_go_after_an_hour_without_use_and_with_what_they_are_of() -> None:
    old, used, other = (default_storage.save(f"recordings/{name}.wav", ContentFile(b"sound")) for name in "abc")
    paths = {name: Path(default_storage.path(name)) for name in (old, used, other)}
    long_ago = time.time() - bucket.KEPT_SECONDS - 1
    for name in (old, used):
        os.utime(paths[name], (long_ago, long_ago))
    paths[used].touch()
    assert default_storage.path(other) == str(paths[other])
    assert [paths[name].exists() for name in (old, used, other)] == [False, True, True]
    default_storage.delete(used)
    assert [paths[name].exists() for name in (old, used, other)] == [False, False, True]
    assert Path(default_storage.path(old)).read_bytes() == b"sound"


def test_what_the_bucket_does_not_hold_has_no_file_here() -> None:
    assert not Path(default_storage.path("recordings/gone.wav")).exists()
    assert not default_storage.exists("recordings/gone.wav")
    with pytest.raises(FileNotFoundError):
        default_storage.size("recordings/gone.wav")
    assert copies() == []


def test_no_name_leads_out_of_the_folder_for_copies() -> None:
    with pytest.raises(SuspiciousOperation):
        default_storage.path("../secret_key")


@pytest.mark.django_db
def test_a_bucket_that_cannot_be_reached_is_tried_again_later(unreachable: None) -> None:
    recording = make_recording(audio="recordings/call.wav")
    with pytest.raises(SpeechError, match="could not be fetched") as caught:
        processing.local_file(recording)
    assert not caught.value.permanent
    assert login(make_user()).get(f"/recordings/{recording.pk}/audio").status_code == 404


@pytest.mark.django_db
def test_nothing_is_accepted_that_cannot_be_stored(unreachable: None, tmp_path: Path) -> None:
    said = StringIO()
    with suppress(CommandError):
        call_command("ingest", str(write_wav(tmp_path / "call.wav")), stdout=said)
    assert "could not be stored" in said.getvalue()
    assert not Recording.objects.exists()
    assert not Batch.objects.exists()
