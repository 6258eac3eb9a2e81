"""Shared fixtures: plain factories with overrides, on the real (embedded) PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from transcription.models import Agent, Batch, Recording, Source, Team, User


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clean_jobs(db: None) -> None:
    """Procrastinate's tables are unmanaged, so Django's flush of transactional tests leaves old jobs."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")


def make_agent(name: str = "Dana Reyes", team: str = "Billing") -> Agent:
    return Agent.objects.get_or_create(name=name, defaults={"team": Team.objects.get_or_create(name=team)[0]})[0]


def make_user(role: str = User.Role.ADMINISTRATOR, **overrides: Any) -> User:
    values = {"username": f"{role}-{User.objects.count()}", "role": role} | overrides
    return User.objects.create_user(password="a made-up password", **values)


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
