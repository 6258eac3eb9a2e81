"""manage.py benchmark with fake engines: what it reads, shows and writes. No test looks at how long anything took."""

import io
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.fakes import FakeRecognizer
from transcription.management.commands import benchmark
from transcription.speech.ports import Progress, SpeechError
from transcription.speech.types import Audio, SpeakerTurn, Transcript, Turn, Word

SAMPLES = Path(__file__).parents[1] / "samples"

TRUTH = {
    "turns": [
        {"role": "agent", "start": 0.0, "end": 3.8, "text": "thank you for calling", "sentiment": "neutral"},
        {"role": "customer", "start": 3.8, "end": 8.0, "text": "um how are you", "sentiment": "negative"},
    ]
}

Run = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One call with words and one with activity in `calls`, one without truth in `plain`."""
    for name in ("calls", "plain"):
        (tmp_path / name).mkdir()
    shutil.copy(SAMPLES / "two_speakers.ogg", tmp_path / "calls/two.ogg")
    (tmp_path / "calls/two.json").write_text(json.dumps(TRUTH))
    shutil.copy(SAMPLES / "mono_um.wav", tmp_path / "calls/um.wav")
    (tmp_path / "calls/um.rttm").write_text("SPEAKER um 1 0.0 5.2 <NA> <NA> x <NA> <NA>\n")
    (tmp_path / "calls/notes.txt").write_text("not audio")
    shutil.copy(SAMPLES / "mono_um.wav", tmp_path / "plain/um.wav")
    return tmp_path


class FakeLikeness:
    """Any two people are alike."""

    def __init__(self, **_options: object) -> None:
        pass

    def closest(self, audio: Audio, activity: Sequence[SpeakerTurn]) -> float | None:
        return 0.1 if len({turn.speaker for turn in activity}) > 1 else None


@pytest.fixture
def run(engines: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Run:
    engines(recognizer=FakeRecognizer("thank you for calling um how are you"))
    monkeypatch.setattr(benchmark, "LIKENESS", f"{__name__}.FakeLikeness")

    def command(*arguments: object) -> str:
        out = io.StringIO()
        call_command("benchmark", *map(str, arguments), stdout=out, stderr=io.StringIO())
        return out.getvalue()

    return command


class FakePeer:
    """Hears one speaker say one word all the time."""

    name = "fake peer"

    def transcribe(self, audio: Audio, progress: Progress) -> Transcript:
        progress("recognizing", 0.0)
        word = Word("thank", 0.0, audio.duration, 0.9, "attention")
        return Transcript(
            duration=audio.duration,
            language="en",
            layout="mono",
            outcome="one_sided",
            filler_capture_mode="unprompted",
            speakers=(),
            turns=(Turn("A", 0.0, audio.duration, (word,)),),
            activity=(SpeakerTurn("A", 0.0, audio.duration),),
            overlap_known=True,
        )


def test_files_folders_and_total_are_written_as_json(run: Run, folder: Path) -> None:
    out = folder / "out.json"
    run(folder / "calls", folder / "plain", "--json", out)
    document = json.loads(out.read_text())
    assert set(document) == {"cpus", "load_average", "systems", "ratios"}
    assert document["ratios"] is None
    (system,) = document["systems"]
    assert system["system"] == "Verbatim: fake recognizer; fake aligner; fake diarizer; fake sentiment"
    assert [row["name"] for row in system["files"]] == ["calls/two.ogg", "calls/um.wav", "plain/um.wav"]
    assert [row["name"] for row in system["folders"]] == ["calls", "plain"]
    call, activity, plain = system["files"]
    assert set(call) == {"name", "audio_s", "wall_s", "rtf", "stages_s", "peak_memory_mb", "voices_apart", "figures"}
    assert list(call["stages_s"]) == ["decoding", "recognizing", "aligning", "diarizing", "scoring"]
    assert call["audio_s"] == pytest.approx(8.0, abs=0.02)
    assert call["figures"]["wer"] == 0.0
    assert call["figures"]["cpwer"] == 0.0
    assert call["figures"]["filler_recall"] == 1.0
    assert call["figures"]["sentiment_accuracy"] == 0.5
    assert call["figures"]["role_accuracy"] == 1.0
    assert set(activity["figures"]) == {"der", "der_missed", "der_false_alarm", "der_confusion"}
    assert plain["figures"] == {}
    assert system["total"]["audio_s"] == pytest.approx(sum(row["audio_s"] for row in system["files"]), abs=0.01)


def test_tables_have_a_line_for_each_file_folder_and_all(run: Run, folder: Path) -> None:
    lines = run(folder / "calls", folder / "plain").splitlines()
    quality = lines[next(i for i, line in enumerate(lines) if "cpWER" in line) :]
    assert [line.split()[0] for line in quality[1:]] == ["calls/two.ogg", "calls/um.wav", "calls", "similar", "total"]
    speed = lines[next(i for i, line in enumerate(lines) if "RTF" in line) :]
    assert [line.split()[0] for line in speed[1:8]] == [
        *("calls/two.ogg", "calls/um.wav", "plain/um.wav"),
        *("calls", "plain", "similar", "total"),
    ]


def test_mixed_calls_of_similar_voices_are_summed_up_apart(run: Run, folder: Path) -> None:
    out = folder / "out.json"
    shutil.copy(SAMPLES / "stereo_call.ogg", folder / "calls/stereo.ogg")
    shutil.copy(folder / "calls/two.json", folder / "calls/stereo.json")
    run(folder / "calls", "--json", out)
    (system,) = json.loads(out.read_text())["systems"]
    apart = {row["name"]: row["voices_apart"] for row in system["files"]}
    assert apart == {"calls/two.ogg": 0.1, "calls/um.wav": None, "calls/stereo.ogg": None}
    assert system["similar_voices"]["name"] == "similar voices (1)"
    assert system["similar_voices"]["figures"]["der"] == system["files"][1]["figures"]["der"]


def test_the_peer_runs_on_the_same_files_and_is_set_in_ratio(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "_peer", lambda _language: FakePeer())
    out = folder / "out.json"
    table = run(folder / "calls", "--peer", "--json", out)
    document = json.loads(out.read_text())
    ours, peer = document["systems"]
    assert [row["name"] for row in ours["files"]] == [row["name"] for row in peer["files"]]
    assert peer["total"]["figures"]["wer"] == 0.8571  # it hears one of the seven words that are no filler
    ratios = document["ratios"]["total"]
    assert ratios["wer"] == 0.0
    assert ratios["throughput_ratio"] == pytest.approx(peer["total"]["wall_s"] / ours["total"]["wall_s"], rel=0.5)
    assert "fake peer" in table
    assert "throughput" in table


def test_folders_without_audio_are_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CommandError, match="no audio"):
        run(empty)
    with pytest.raises(CommandError, match="is no folder"):
        run(tmp_path / "nowhere")


def test_a_failing_engine_and_a_broken_truth_are_said(run: Run, folder: Path, engines: Callable[..., None]) -> None:
    (folder / "plain/um.json").write_text("{}")
    with pytest.raises(CommandError, match=r"um\.json is no truth"):
        run(folder / "plain")
    engines(recognizer=FakeRecognizer(error=SpeechError("out of memory", permanent=False)))
    with pytest.raises(CommandError, match="out of memory"):
        run(folder / "calls")


def test_missing_development_packages_are_named(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "MISSING", "jiwer")
    with pytest.raises(CommandError, match="jiwer is missing; `make setup`"):
        run(folder / "calls")


def test_the_peer_needs_weights_in_files(run: Run, folder: Path, settings: object) -> None:
    settings.SPEECH_ENGINES = settings.SPEECH_ENGINES | {"diarizer": ("a.hub.Diarizer", {"name_or_folder": "x"})}  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="segmentation"):
        run(folder / "calls", "--peer")
