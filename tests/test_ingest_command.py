from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import make_agent
from tests.sounds import write_wav
from transcription.management.commands import ingest
from transcription.models import Agent, Batch, Recording, Source, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A folder beside the one where recordings are stored."""
    folder = tmp_path / "calls"
    folder.mkdir()
    return folder


def run(*arguments: Any) -> list[str]:
    out = StringIO()
    call_command("ingest", *map(str, arguments), stdout=out)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_a_folder_with_a_manifest(calls: Path) -> None:
    write_wav(calls / "a.wav", seconds=1.5)
    write_wav(calls / "deep" / "b.wav", hertz=500)
    (calls / "manifest.csv").write_text(
        "filename,agent,team,started_at,colour\na.wav,Dana,Billing,2026-03-31 14:05,red\nc.wav,Eve,Sales,,\n"
    )
    assert run(calls, "--manifest", calls / "manifest.csv", "--source", "PBX") == [
        "Manifest: Column 'colour' is not known and was ignored.",
        "state file seconds agent started remarks",
        "accepted a.wav 1.5 Dana 2026-03-31 14:05 +0000 new agent Dana",
        "accepted b.wav 0.5 name not recognised, no agent, no start time",
        "Manifest row 3 has no file: c.wav",
        "2 accepted, 0 duplicate, 0 error",
    ]
    assert [(str(r.agent), r.source.name) for r in Recording.objects.order_by("pk")] == [
        ("Dana", "PBX"),
        ("None", "PBX"),
    ]
    assert str(Agent.objects.get().team) == "Billing"
    assert ProcrastinateJob.objects.filter(task_name__endswith="process_recording").count() == 2
    assert Batch.objects.get().recordings.count() == 2


def test_the_second_time_changes_nothing(calls: Path) -> None:
    write_wav(calls / "Dana_2026-03-31_14-05.wav")
    run(calls)
    assert run(calls)[-1] == "0 accepted, 1 duplicate, 0 error"
    assert (Recording.objects.count(), Batch.objects.count(), ProcrastinateJob.objects.count()) == (1, 1, 1)


def test_a_dry_run_changes_nothing(calls: Path) -> None:
    files = [write_wav(calls / "a.wav"), write_wav(calls / "b.wav")]
    (manifest := calls / "m.csv").write_text("filename,agent,team\na.wav,Dana,Billing\n")
    lines = run(*files, "--manifest", manifest, "--dry-run")
    assert [line.split()[:2] for line in lines[1:]] == [["new", "a.wav"], ["duplicate", "b.wav"]]
    models = (Recording, Batch, Source, Agent, Team, ProcrastinateJob)
    assert not any(model._default_manager.exists() for model in models)


def test_agents_in_file_names(calls: Path) -> None:
    write_wav(calls / "Dana_2026-03-31_14-05.wav")
    write_wav(calls / "Eve_2026-03-31_14-05.wav", hertz=500)
    make_agent("Dana")
    assert "unknown agent Eve, left unassigned" in "\n".join(run(calls, "--dry-run"))
    run(calls, "--create-agents")
    assert [str(r.agent) for r in Recording.objects.order_by("pk")] == ["Dana", "Eve"]


def test_what_is_no_audio(calls: Path) -> None:
    (calls / "readme.txt").write_text("hello")
    assert f"Passed over, not audio: {calls / 'readme.txt'}" in run(calls)
    with pytest.raises(CommandError, match="1 of 1 files failed"):
        run(calls / "readme.txt")
    (calls / "broken.wav").write_text("hello")
    with pytest.raises(CommandError, match="1 of 1 files failed"):
        run(calls)
    assert not Batch.objects.exists()


def test_what_is_not_there(calls: Path) -> None:
    with pytest.raises(CommandError, match="is not there"):
        run(calls / "gone")
    (calls / "m.csv").write_text("agent\nDana\n")
    with pytest.raises(CommandError, match="'filename'"):
        run(calls, "--manifest", calls / "m.csv")


def test_waiting_prints_each_end_and_fails_with_the_failed(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for hertz, name in enumerate(("a.wav", "b.wav", "c.wav"), 400):
        write_wav(calls / name, hertz=hertz)
    ends = iter(
        (
            ("b.wav", {"status": "failed", "error": "No sound."}),
            ("a.wav", {"status": "done", "stage_seconds": {"recognizing": 1.5, "diarizing": 0.5}}),
        )
    )

    def work(_seconds: float) -> None:
        name, values = next(ends, ("c.wav", None))
        found = Recording.objects.filter(original_name=name)
        if values:
            found.update(**values)
        else:
            found.delete()

    monkeypatch.setattr(ingest.time, "sleep", work)
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 3 files failed"):
        call_command("ingest", str(calls), "--wait", stdout=out)
    assert out.getvalue().splitlines()[-3:] == [
        "Waiting for 3 recordings (a worker must run: manage.py worker)",
        "failed  b.wav: No sound.",
        "done    a.wav (2.0 s)",
    ]


def test_waiting_again_for_what_is_done_returns_at_once(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wav(calls / "a.wav")
    run(calls)
    Recording.objects.update(status="done")
    monkeypatch.setattr(ingest.time, "sleep", lambda _seconds: pytest.fail("nothing to wait for"))
    assert run(calls, "--wait")[-1] == "done a.wav (0.0 s)"
