"""What the queue costs: the arithmetic; the workers themselves are measured by running the command."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.conftest import make_recording
from transcription.management.commands.rehearse import Command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Command, "_measured", lambda _self, workers, *_: 9.0 * workers)


def said(**options: Any) -> str:
    out = StringIO()
    call_command("rehearse", stdout=out, workers=[1, 4], **options)
    return out.getvalue()


def test_a_fleet_is_calculated_from_the_speed_of_this_site() -> None:
    make_recording(status="done", duration=100.0, stage_seconds={"recognizing": 20})
    found = said()
    assert "5,000 hours of audio, 0.200 s of work for each second of it: 10.0 hours with 100 workers." in found
    assert "In calls of six minutes that is 4.2 jobs a second; 36.0 were seen here." in found


def test_another_fleet_and_another_speed() -> None:
    assert "10 hours of audio, 0.500 s of work for each second of it: 2.5 hours with 2 workers." in said(
        fleet=2, hours=10.0, factor=0.5
    )


def test_no_speed_is_made_up() -> None:
    assert "nothing tells how fast a worker is" in said()
