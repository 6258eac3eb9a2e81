"""Shared fixtures: factories with overrides, on the real (embedded) PostgreSQL; a real worker with fake engines."""

import io
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from tests.fakes import FakeAligner, FakeDiarizer, FakeEmbedder, FakeGrouper, FakeRecognizer, FakeSentiment, FakeVoices
from transcription import jobs, wiring
from transcription.models import Agent, Batch, Recording, Source, Team, User


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Real hashes take half a second each, by design."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests with transactions of their own empty all tables afterwards, which the audit's refuses elsewhere."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE transcription_auditentry DISABLE TRIGGER audit_not_emptied")


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What pages refer to, collected as in production: a template that names a missing file fails its test."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder, WHITENOISE_AUTOREFRESH=True):  # a scan of all files a client otherwise
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def english() -> None:
    """A request leaves its language with the thread, as in a server, where every request brings its own."""
    translation.activate("en")


@pytest.fixture
def clean_jobs(db: None) -> None:
    """Procrastinate's tables are unmanaged, so Django's flush of transactional tests leaves old jobs."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")


@pytest.fixture
def connected_worker(clean_jobs: None) -> Iterator[None]:
    """As far as the database sees, a worker."""
    name = jobs.worker_name(["speech", "text", "upkeep"], "1@somewhere")
    with psycopg.connect(**connector_params(), application_name=name):
        yield


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replaces the loaded engines; call it with those that should differ from the plain fakes."""

    def use(**chosen: Any) -> None:
        fakes: dict[str, Any] = {
            "recognizer": FakeRecognizer(),
            "aligner": FakeAligner(),
            "diarizer": FakeDiarizer(),
            "sentiment": FakeSentiment(),
            "voices": FakeVoices(),
            "embedder": FakeEmbedder(),
            "grouper": FakeGrouper(),
        }
        monkeypatch.setattr(wiring, "engine", lambda role, _whisper_model="": (fakes | chosen)[role])
        monkeypatch.setattr(wiring, "weights", lambda role, _whisper_model="": {f"{role}.bin": "0" * 64})

    use()
    return use


@pytest.fixture
def work(transactional_db: None, clean_jobs: None, engines: object) -> Callable[[], None]:
    """Runs a real worker until no job is left. The connector is swapped only meanwhile, so that tests can defer."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    return run


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    """Writes seconds of noise."""

    def make(name: str = "call.wav", seconds: float = 4.0, *, channels: int = 1, seed: int = 0) -> Path:
        noise = np.random.default_rng(seed).normal(0, 2000, (int(8000 * seconds), channels)).astype("<i2")
        path = tmp_path / name
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(noise.tobytes())
        path.write_bytes(buffer.getvalue())
        return path

    return make


@pytest.fixture
def dana(db: None) -> Agent:
    return make_agent("Dana Reyes", team="Billing")


@pytest.fixture
def eli(db: None) -> Agent:
    return make_agent("Eli Novak", team="Sales")


@pytest.fixture
def administrator(db: None) -> User:
    return make_user()


@pytest.fixture
def supervisor(dana: Agent) -> User:
    """Of Dana's team."""
    user = make_user(User.Role.SUPERVISOR, username="boss")
    user.teams.set([dana.team])
    return user


@pytest.fixture
def own(dana: Agent) -> User:
    """Dana's account."""
    return make_user(User.Role.AGENT, username="dana", agent=dana)


def make_agent(name: str = "Dana Reyes", team: str = "Billing") -> Agent:
    return Agent.objects.get_or_create(name=name, defaults={"team": Team.objects.get_or_create(name=team)[0]})[0]


def make_user(role: str = User.Role.ADMINISTRATOR, **overrides: Any) -> User:
    values = {"username": f"{role}-{User.objects.count()}", "role": role} | overrides
    return User.objects.create_user(password="a made-up password", **values)


def login(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_recording(**overrides: Any) -> Recording:
    """A received recording; any field can be overridden. The audio is a placeholder unless given."""
    number = Recording.objects.count() + 1
    values: dict[str, Any] = {
        "original_name": f"call-{number}.wav",
        "sha256": f"{number:064d}",
        "bytes": 1000,
        "codec": "pcm_s16le",
        "channels": 1,
        "sample_rate": 8000,
        "duration": 60.0,
    } | overrides
    values.setdefault("batch", None)
    values["batch"] = values["batch"] or Batch.objects.create()
    if "source" not in values:
        values["source"] = Source.objects.get_or_create(name="Default")[0]
    if "audio" not in values:
        values["audio"] = ContentFile(b"placeholder", name=values["original_name"])
    return Recording.objects.create(**values)


RecordingFactory = Callable[..., Recording]
