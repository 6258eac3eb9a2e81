import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import make_agent, make_recording, make_user
from tests.sounds import write_wav
from transcription import ingest
from transcription.ingest import accept_all
from transcription.inspection import Candidate, find_files, plan
from transcription.manifest import Manifest, read
from transcription.models import Agent, Batch, Recording, Source, Team

pytestmark = pytest.mark.django_db


def look(*paths: Path, **overrides: Any) -> tuple[Candidate, ...]:
    return plan(paths, **{"source": Source(name="PBX")} | overrides).candidates


def accept(candidate: Candidate, batch: Batch) -> Recording:
    (result,) = accept_all([candidate], batch)
    assert result.state == "accepted"
    assert result.recording
    return result.recording


def manifest(text: str) -> Manifest:
    return read(text.encode(), UTC)


def jobs_for(recording: Recording) -> int:
    return ProcrastinateJob.objects.filter(
        task_name=ingest.process_recording.name, args={"recording_id": recording.pk}
    ).count()


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_plan_tells_what_a_file_holds_and_changes_nothing(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "Dana_2026-03-31_14-05.wav", seconds=0.5, channels=2)
    (candidate,) = look(file)
    assert candidate.info is not None
    assert (candidate.info.codec, candidate.info.channels, candidate.info.sample_rate) == ("pcm_s16le", 2, 8000)
    assert candidate.info.duration_s == pytest.approx(0.5)
    assert candidate.bytes == file.stat().st_size
    assert candidate.metadata.started_at == datetime(2026, 3, 31, 14, 5, tzinfo=UTC)
    assert candidate.notes == ("unknown agent Dana, left unassigned",)
    assert not (Recording.objects.exists())
    assert not (Source.objects.exists())
    assert not (Agent.objects.exists())
    assert not (stored_files())


def test_plan_says_why_a_file_is_no_recording(tmp_path: Path) -> None:
    text, empty = tmp_path / "notes.wav", tmp_path / "empty.wav"
    text.write_text("not audio")
    empty.touch()
    errors = [candidate.error for candidate in look(text, empty, tmp_path / "gone.wav")]
    assert "notes.wav is not audio that can be read" in errors[0]
    assert "empty.wav is empty" in errors[1]
    assert "gone.wav" in errors[2]


def test_an_unmatched_name_leaves_everything_unknown(tmp_path: Path) -> None:
    (candidate,) = look(write_wav(tmp_path / "call.wav"))
    assert (candidate.metadata.agent, candidate.metadata.started_at) == (None, None)
    assert candidate.notes == ("name not recognised", "no agent", "no start time")
    recording = accept(candidate, Batch())
    assert (recording.agent, recording.started_at, recording.external_id, recording.origins) == (None, None, "", {})


def test_accept_makes_recording_batch_source_and_job(tmp_path: Path) -> None:
    agent, user = make_agent("Dana"), make_user()
    file = write_wav(tmp_path / "dana_2026-03-31_14-05.wav")
    (candidate,) = look(file)
    recording = Recording.objects.get(pk=accept(candidate, Batch(created_by=user)).pk)
    assert (recording.agent, recording.source.name, recording.batch.created_by) == (agent, "PBX", user)
    assert (recording.original_name, recording.bytes) == ("dana_2026-03-31_14-05.wav", file.stat().st_size)
    assert (recording.codec, recording.status) == ("pcm_s16le", Recording.Status.WAITING)
    assert recording.origins == {"agent": "file name", "started_at": "file name"}
    assert recording.audio.read() == file.read_bytes()
    recording.audio.close()
    assert "dana" not in recording.audio.name
    assert jobs_for(recording) == 1


def test_manifest_over_sidecar_over_name_over_form(tmp_path: Path) -> None:
    make_agent("Dana")
    file = write_wav(tmp_path / "Eve_2026-03-31_14-05.wav")
    file.with_name(f"{file.name}.json").write_text(json.dumps({"agent": "Sam", "queue": "sidecar", "external_id": 17}))
    rows = manifest(f"filename,agent,queue\n{file.name},Dana,\n")
    (candidate,) = look(file, manifest=rows, default_agent=make_agent("Finn"))
    assert (candidate.agent and candidate.agent.name, candidate.metadata.queue) == ("Dana", "sidecar")
    recording = accept(candidate, Batch())
    assert recording.origins == {
        "agent": "manifest",
        "queue": "sidecar",
        "external_id": "sidecar",
        "started_at": "file name",
    }
    assert recording.external_id == "17"


def test_folder_of_a_known_agent_over_form(tmp_path: Path) -> None:
    make_agent("Dana Reyes")
    known, other = write_wav(tmp_path / "dana reyes" / "a.wav"), write_wav(tmp_path / "march" / "b.wav", hertz=500)
    candidates = look(known, other, default_agent=make_agent("Finn"))
    assert [(c.agent and c.agent.name, c.origins["agent"]) for c in candidates] == [
        ("Dana Reyes", "folder"),
        ("Finn", "form"),
    ]


def test_channel_map_and_language_of_manifest_and_source(tmp_path: Path) -> None:
    source = Source.objects.create(name="Left", channel_map="agent_left")
    first, second = write_wav(tmp_path / "a.wav"), write_wav(tmp_path / "b.wav", hertz=500)
    rows = manifest("filename,channel_map,language\na.wav,agent_right,de\n")
    recordings = [accept(candidate, Batch()) for candidate in look(first, second, source=source, manifest=rows)]
    assert [(r.channel_map, r.language_hint) for r in recordings] == [("agent_right", "de"), ("agent_left", "")]
    assert recordings[1].origins == {"channel_map": "source"}


def test_a_transcript_beside_the_recording_is_no_sidecar(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "call.wav")
    file.with_suffix(".json").write_text(json.dumps({"language": "de", "agent": "Dana", "turns": []}))
    (candidate,) = look(file)
    assert (candidate.metadata.language, candidate.metadata.agent) == (None, None)


@pytest.mark.parametrize("content", ["{", "[]", '{"direction": "sideways"}'])
def test_a_wrong_sidecar_is_an_error(tmp_path: Path, content: str) -> None:
    file = write_wav(tmp_path / "call.wav")
    file.with_suffix(".json").write_text(content)
    (candidate,) = look(file)
    assert candidate.error.startswith("call.json cannot be used: ")


def test_agents_are_created_only_where_allowed(tmp_path: Path) -> None:
    rows = manifest("filename,agent,team\na.wav,Dana,Billing\nb.wav,DANA,Billing\n")
    files = [write_wav(tmp_path / "a.wav"), write_wav(tmp_path / "b.wav", hertz=500)]
    (refused, _) = look(*files, manifest=rows)
    assert refused.notes == ("unknown agent Dana, left unassigned", "no start time")
    candidates = look(*files, manifest=rows, create_agents_from={"manifest"})
    recordings = [accept(candidate, Batch()) for candidate in candidates]
    assert recordings[0].agent == recordings[1].agent == Agent.objects.get()
    assert Agent.objects.get().name == "Dana"
    assert Team.objects.get().name == "Billing"


def test_an_unknown_agent_is_remembered_by_name(tmp_path: Path) -> None:
    (candidate,) = look(write_wav(tmp_path / "Dana_2026-03-31_14-05.wav"), create_agents_from={"manifest"})
    recording = accept(candidate, Batch())
    assert recording.agent is None
    assert recording.origins == {"unknown_agent": "Dana", "started_at": "file name"}


def test_an_agent_who_is_not_offered_is_unknown(tmp_path: Path) -> None:
    make_agent("Dana")
    (candidate,) = look(write_wav(tmp_path / "Dana_2026-03-31_14-05.wav"), agents=[])
    assert accept(candidate, Batch()).agent is None


def test_an_agent_stays_in_the_team(tmp_path: Path) -> None:
    make_agent("Dana", team="Billing")
    rows = manifest("filename,agent,team\na.wav,Dana,Sales\n")
    (candidate,) = look(write_wav(tmp_path / "a.wav"), manifest=rows)
    assert "Dana stays in Billing, not Sales" in candidate.notes
    assert str(accept(candidate, Batch()).agent.team) == "Billing"  # type: ignore[union-attr]


def test_a_wrong_manifest_row_stops_its_file(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav")
    (candidate,) = look(file, manifest=manifest("filename,started_at\na.wav,tomorrow\n"))
    assert candidate.error.startswith("Row 2 of the manifest: started_at is not a date")
    (result,) = accept_all([candidate], Batch())
    assert (result.state, result.error) == ("error", candidate.error)


def test_one_row_is_not_about_two_files(tmp_path: Path) -> None:
    files = [write_wav(tmp_path / "1" / "a.wav"), write_wav(tmp_path / "2" / "a.wav", hertz=500)]
    first, second = look(*files, manifest=manifest("filename,agent\na.wav,Dana\n"))
    assert not first.error
    assert second.error.startswith("Row 2 of the manifest is already about ")


def test_rows_without_file_are_reported(tmp_path: Path) -> None:
    rows = manifest("filename,agent\na.wav,Dana\nb.wav,Eve\n")
    planned = plan([write_wav(tmp_path / "a.wav")], source=Source(name="PBX"), manifest=rows)
    assert [row.filename for row in planned.rows_without_file] == ["b.wav"]


def test_duplicates_in_the_plan_and_before(tmp_path: Path) -> None:
    first, copy = write_wav(tmp_path / "a.wav"), write_wav(tmp_path / "b.wav")
    results = list(accept_all(look(first, copy), Batch()))
    assert [result.state for result in results] == ["accepted", "duplicate"]
    assert results[1].recording == results[0].recording
    again = look(first, copy)
    assert [candidate.duplicate_of for candidate in again] == [Recording.objects.get().pk] * 2
    assert [candidate.same_as for candidate in again] == ["", "a.wav"]
    assert [result.state for result in accept_all(again, Batch())] == ["duplicate", "duplicate"]
    assert (Recording.objects.count(), Batch.objects.count(), len(stored_files())) == (1, 1, 1)


def test_files_taken_in_together_are_one_batch(tmp_path: Path) -> None:
    files = [write_wav(tmp_path / f"{hertz}.wav", hertz=hertz) for hertz in (400, 500, 600)]
    results = list(accept_all(look(*files), Batch()))
    assert {result.recording and result.recording.batch for result in results} == {Batch.objects.get()}


def test_many_are_taken_in_at_once_and_each_has_its_job(
    tmp_path: Path, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each part: what is known, the recordings, the jobs, in a transaction; once the batch and the source."""
    monkeypatch.setattr(ingest, "AT_ONCE", 8)
    candidates = look(*(write_wav(tmp_path / f"{hertz}.wav", hertz=hertz) for hertz in range(300, 310)))
    with django_assert_num_queries(16):
        results = list(accept_all(candidates, Batch()))
    recordings = [result.recording for result in results if result.recording]
    assert [recording.original_name for recording in recordings] == [f"{hertz}.wav" for hertz in range(300, 310)]
    assert {jobs_for(recording) for recording in recordings} == {1}
    assert Batch.objects.count() == 1


def test_losing_a_race_is_a_duplicate_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (candidate,) = look(write_wav(tmp_path / "a.wav"))
    save = FileSystemStorage.save

    def while_somebody_else_is_quicker(storage: FileSystemStorage, name: str, content: Any, **options: Any) -> str:
        monkeypatch.undo()
        make_recording(sha256=candidate.sha256, original_name="theirs.wav")
        return save(storage, name, content, **options)

    monkeypatch.setattr(FileSystemStorage, "save", while_somebody_else_is_quicker)
    (result,) = accept_all([candidate], Batch())
    assert result.state == "duplicate"
    assert result.recording
    assert result.recording.original_name == "theirs.wav"
    assert Recording.objects.count() == 1
    assert len(stored_files()) == 1


def test_without_a_job_there_is_no_recording_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("the queue is gone")

    (candidate,) = look(write_wav(tmp_path / "a.wav"))
    monkeypatch.setattr(ingest.process_recording, "configure", broken)
    with pytest.raises(RuntimeError, match="the queue is gone"):
        accept(candidate, Batch())
    assert not (Recording.objects.exists())
    assert not (Batch.objects.exists())
    assert not (Source.objects.exists())
    assert not (stored_files())


def test_a_full_disk_leaves_nothing_and_the_next_file_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    candidates = look(write_wav(tmp_path / "a.wav"), write_wav(tmp_path / "b.wav", hertz=500))
    save = FileSystemStorage.save

    def full(storage: FileSystemStorage, name: str, content: Any, **options: Any) -> str:
        save(storage, name, content, **options)
        monkeypatch.setattr(FileSystemStorage, "save", save)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", full)
    refused, accepted = accept_all(candidates, Batch())
    assert (refused.state, refused.error) == ("error", "could not be stored: No space left on device")
    assert accepted.state == "accepted"
    assert (Recording.objects.count(), Batch.objects.count(), len(stored_files())) == (1, 1, 1)


def test_a_file_that_is_still_being_written_is_refused(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav")
    (candidate,) = look(file)
    with file.open("ab") as growing:
        growing.write(b"more")
    (result,) = accept_all([candidate], Batch())
    assert "changed while it was read" in result.error
    assert not (Recording.objects.exists())
    assert not (stored_files())


def test_names_that_are_not_utf8_are_kept_readable(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav").rename(tmp_path / "M\udcfcller.wav")
    (candidate,) = look(file)
    assert accept(candidate, Batch()).original_name == "M\ufffdller.wav"


def test_files_in_folders_without_hidden_ones_and_descriptions(tmp_path: Path) -> None:
    wanted = [write_wav(tmp_path / "a.wav"), write_wav(tmp_path / "deep" / "b.wav")]
    write_wav(tmp_path / ".trash" / "c.wav")
    for name in (".d.wav", "manifest.csv", "a.json"):
        (tmp_path / name).touch()
    assert find_files([tmp_path, wanted[0]]) == wanted
    with pytest.raises(FileNotFoundError, match="is not there"):
        find_files([tmp_path / "gone"])
