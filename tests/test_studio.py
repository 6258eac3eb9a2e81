"""The demo's sample calls: scripts, mixing and the recordings that are shipped. No synthesiser needed."""

import csv
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from transcription.demo.files import truth, write_audio, write_manifest
from transcription.demo.script import FOLDER, Agent, Line, Script, Voice, count_fillers, load_scripts
from transcription.demo.studio import TELEPHONE_RATE, levelled, mu_law, place, record, telephone

SCRIPTS = load_scripts()
CALLS = FOLDER / "calls"
BY_NAME = {script.call: script for script in SCRIPTS}


def make_script(*lines: Line, channel_map="agent_left") -> Script:
    voice = Voice(engine="flite", style="slt")
    return Script(
        call="made_up",
        agent=Agent(name="Ann Example", team="Blue", voice=voice),
        customer="C-1",
        customer_voice=voice,
        started_at=datetime.fromisoformat("2026-11-02T10:00:00+00:00"),
        channel_map=channel_map,
        industry="bank",
        mood="neutral",
        queue="cards",
        direction="inbound",
        vocabulary=("Examplebank",),
        lines=lines,
    )


def tone(hertz: float, seconds: float, rate: int = TELEPHONE_RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def rms(samples: np.ndarray, start: float, end: float) -> float:
    part = samples[round(start * TELEPHONE_RATE) : round(end * TELEPHONE_RATE)]
    return float(np.sqrt(np.mean(part**2)))


def test_the_cast_is_four_agents_in_two_teams_over_three_weeks():
    teams = {script.agent.name: script.agent.team for script in SCRIPTS}
    assert Counter(teams.values()) == {"Accounts": 2, "Bookings": 2}
    talks = Counter(script.agent.name for script in SCRIPTS if script.direction == "inbound")
    assert len(talks) == 4
    assert min(talks.values()) >= 5
    assert {script.started_at.isocalendar().week for script in SCRIPTS} == {44, 45, 46}
    assert all(8 <= script.started_at.hour < 18 for script in SCRIPTS)
    assert all(script.started_at.utcoffset() == timedelta(0) for script in SCRIPTS)


def test_the_scripts_are_varied():
    assert len(SCRIPTS) >= 14
    assert len({script.industry for script in SCRIPTS}) >= 5
    assert Counter(script.layout for script in SCRIPTS).keys() == {"mono", "stereo"}
    assert {script.channel_map for script in SCRIPTS} == {"mono", "agent_left", "agent_right"}
    assert min(Counter(script.layout for script in SCRIPTS).values()) >= 8
    assert {line.sentiment for script in SCRIPTS for line in script.lines} == {"negative", "neutral", "positive"}


def test_some_lines_talk_over_and_some_wait_long():
    afters = [line.after for script in SCRIPTS for line in script.lines if line.after is not None]
    assert sum(after < 0 for after in afters) >= 8
    assert sum(after >= 4 for after in afters) >= 8


def test_agents_have_filler_habits_of_their_own():
    used: dict[str, Counter] = {}
    for script in SCRIPTS:
        for line in script.lines:
            if line.role == "agent":
                used.setdefault(script.agent.name, Counter()).update(line.fillers)
    assert used["Grace Miller"].most_common(1)[0][0] == "um"
    assert used["Laura Bennett"].most_common(1)[0][0] == "you know"
    assert used["Martin Cole"].most_common(1)[0][0] == "uh"
    assert sum(used["Daniel Reed"].values()) <= 2


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("Um, so it's, uh, you know, late. UM.", {"um": 2, "uh": 1, "you know": 1}),
        ("Did you know that I like it?", {}),
        ("I mean, it was, like, ten, basically.", {"i mean": 1, "like": 1, "basically": 1}),
        ("My album is under the umbrella.", {}),
    ],
)
def test_fillers_are_counted_only_where_they_fill(text, fillers):
    assert count_fillers(text) == fillers


def test_placing_obeys_gaps_holds_and_barge_ins():
    script = make_script(
        Line("agent", "One", after=1.0),
        Line("customer", "Two", after=-0.5),
        Line("agent", "Three", after=6.0),
        Line("customer", "Four"),
    )
    turns = place(script, [2.0, 1.0, 1.5, 1.0], np.random.default_rng(1))
    assert [(turn.start, turn.end) for turn in turns[:3]] == [(1.0, 3.0), (2.5, 3.5), (9.5, 11.0)]
    assert 11.15 <= turns[3].start <= 11.9


def test_a_line_never_starts_before_the_line_it_interrupts():
    script = make_script(Line("agent", "One", after=1.0), Line("customer", "Two", after=-5.0))
    assert [turn.start for turn in place(script, [2.0, 1.0], np.random.default_rng(1))] == [1.0, 1.0]


def test_recorded_parties_are_heard_where_the_turns_say():
    script = make_script(Line("agent", "One", after=1.0), Line("customer", "Two", after=-0.5))
    left, right = record(script, [tone(500, 2), tone(900, 1)], seed=3).samples
    assert rms(left, 0, 0.95) < 0.005
    assert rms(left, 1.0, 3.0) > 0.04
    assert rms(left, 3.05, 3.5) < 0.005
    assert rms(right, 0, 2.45) < 0.005
    assert 0.025 < rms(right, 2.5, 3.5) < rms(left, 1.0, 3.0)


def test_channel_maps_decide_the_channels():
    lines = (Line("agent", "One", after=1.0), Line("customer", "Two", after=1.0))
    voices = [tone(500, 1), tone(900, 1)]
    swapped = record(make_script(*lines, channel_map="agent_right"), voices, seed=3)
    assert rms(swapped.samples[0], 1, 2) < 0.005
    assert rms(swapped.samples[1], 1, 2) > 0.04
    mono = record(make_script(*lines, channel_map="mono"), voices, seed=3)
    assert mono.samples.shape == (1, round(4.7 * TELEPHONE_RATE))
    assert rms(mono.samples[0], 1, 2) > 0.04
    assert rms(mono.samples[0], 3, 4) > 0.025


def test_recording_is_repeatable():
    script = make_script(Line("agent", "One"), Line("customer", "Two"))
    first, second, other = (record(script, [tone(500, 1), tone(900, 1)], seed=seed).samples for seed in (3, 3, 4))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_telephone_keeps_its_band_and_its_pitch():
    for rate in (24_000, 22_050, 16_000, 8_000):
        heard = telephone(tone(1_000, 1.0, rate) + tone(60, 1.0, rate), rate)
        assert len(heard) == pytest.approx(TELEPHONE_RATE, abs=160)
        spectrum = np.abs(np.fft.rfft(heard))
        assert np.argmax(spectrum) * TELEPHONE_RATE / len(heard) == pytest.approx(1_000, abs=5)
        assert spectrum[round(60 * len(heard) / TELEPHONE_RATE)] < 0.01 * spectrum.max()
        assert np.abs(heard).max() == pytest.approx(0.5, abs=0.05)


def test_telephone_cuts_silent_ends():
    padded = np.concatenate([np.zeros(8_000, np.float32), tone(800, 0.5, 16_000), np.zeros(4_000, np.float32)])
    assert len(telephone(padded, 16_000)) == pytest.approx(0.5 * TELEPHONE_RATE, abs=240)


def test_levels_and_companding():
    assert rms(levelled(tone(500, 1), 0.1), 0, 1) == pytest.approx(0.1)
    samples = np.array([-2.0, -0.5, 0.0, 0.01, 0.5], np.float32)
    assert mu_law(samples) == pytest.approx([-1.0, -0.5, 0.0, 0.01, 0.5], rel=0.03)
    assert len(np.unique(mu_law(np.linspace(-1, 1, 5_000, dtype=np.float32)))) <= 255


def test_audio_survives_opus_with_its_channels_apart(tmp_path: Path):
    script = make_script(Line("agent", "One", after=0.5), Line("customer", "Two", after=0.5))
    take = record(script, [tone(500, 1), tone(900, 1)], seed=3)
    paths = tmp_path / "a.ogg", tmp_path / "b.ogg"
    for path in paths:
        write_audio(take, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    left, right = decoded(paths[0])
    assert len(left) / TELEPHONE_RATE == pytest.approx(take.duration, abs=0.05)
    assert rms(right, 0.6, 1.4) < 0.05 * rms(left, 0.6, 1.4)
    assert rms(left, 2.1, 2.9) < 0.05 * rms(right, 2.1, 2.9)


def decoded(path: Path) -> np.ndarray:
    """Samples of shape (channels, samples) at TELEPHONE_RATE."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp", container.streams.audio[0].layout.name, TELEPHONE_RATE)
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def test_truth_says_who_says_what_when():
    script = make_script(Line("agent", "Um, hello.", after=1.0), Line("customer", "Great!", "positive", after=0.5))
    account = truth(script, record(script, [tone(500, 1), tone(900, 1)], seed=3))
    assert account["turns"] == [
        {"role": "agent", "start": 1.0, "end": 2.0, "text": "Um, hello.", "sentiment": "neutral", "fillers": {"um": 1}},
        {"role": "customer", "start": 2.5, "end": 3.5, "text": "Great!", "sentiment": "positive", "fillers": {}},
    ]
    assert account["duration"] == 4.2
    assert (account["agent"], account["layout"], account["vocabulary"]) == ("Ann Example", "stereo", "Examplebank")


def test_manifest_rows(tmp_path: Path):
    write_manifest([make_script(Line("agent", "One"))], tmp_path / "manifest.csv")
    assert (tmp_path / "manifest.csv").read_text().splitlines() == [
        "filename,agent,team,started_at,customer_ref,direction,queue,external_id,channel_map,language",
        "made_up.ogg,Ann Example,Blue,2026-11-02T10:00:00+00:00,C-1,inbound,cards,PBX-0001,agent_left,en",
    ]


def test_the_shipped_manifest_is_of_these_scripts(tmp_path: Path):
    write_manifest(SCRIPTS, tmp_path / "manifest.csv")
    assert (FOLDER / "manifest.csv").read_text() == (tmp_path / "manifest.csv").read_text()
    with (FOLDER / "manifest.csv").open() as file:
        assert {row["filename"] for row in csv.DictReader(file)} == {path.name for path in CALLS.glob("*.ogg")}


def test_the_shipped_recordings_are_small():
    assert sum(path.stat().st_size for path in CALLS.iterdir()) < 3_000_000


@pytest.mark.parametrize("call", BY_NAME)
def test_a_shipped_recording_agrees_with_its_script_and_truth(call):
    script, account = BY_NAME[call], json.loads((CALLS / f"{call}.json").read_text())
    assert [turn["text"] for turn in account["turns"]] == [line.text for line in script.lines]
    assert [turn["role"] for turn in account["turns"]] == [line.role for line in script.lines]
    starts = [turn["start"] for turn in account["turns"]]
    assert starts == sorted(starts)
    assert all(0 < turn["start"] < turn["end"] < account["duration"] for turn in account["turns"])
    with av.open(str(CALLS / f"{call}.ogg")) as container:
        stream = container.streams.audio[0]
        assert stream.channels == (1 if script.layout == "mono" else 2)
        assert container.duration / av.time_base == pytest.approx(account["duration"], abs=0.1)


def test_make_samples_refuses_unknown_scripts(tmp_path: Path):
    with pytest.raises(CommandError, match="no such script: nobody"):
        call_command("make_samples", "nobody", folder=tmp_path)
    assert not list(tmp_path.iterdir())
