"""Calls as nobody holds them: whoever speaks when and over whom, numbers keep their meaning."""

import io
import json
import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analytics import metrics
from tests.metrics.timeline import TERMS, call
from transcription import formats
from transcription.speech.plain import from_plain, to_plain
from transcription.speech.types import Role, Sentiment, SpeakerTurn, Transcript, Turn, Word

LABELS: dict[str, Role] = {"Speaker 1": "agent", "Speaker 2": "customer"}
OTHER: dict[Role, Role] = {"agent": "customer", "customer": "agent"}
DURATION = 120.0

WORDS = st.sampled_from(
    ["um", "you", "know", "like", "Hello", "mhm", "yes.", "why?", "order", "so,", "<b>", "-->", "é"]
)
TIMES = st.floats(0, DURATION, allow_nan=False).map(lambda seconds: round(seconds, 2))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    label = draw(st.sampled_from(sorted(LABELS)))
    start, end = sorted((draw(TIMES), draw(TIMES)))
    texts = draw(st.lists(WORDS, min_size=1, max_size=8))
    step = (end - start) / len(texts)
    words = tuple(
        Word(text, start + at * step, start + (at + 1) * step, 0.9, "alignment_head") for at, text in enumerate(texts)
    )
    score = draw(st.none() | st.floats(-1, 1, allow_nan=False))
    sentiment = None if score is None else Sentiment("neutral", score)
    return Turn(label, start, end, words, LABELS[label], sentiment)


@st.composite
def calls(draw: st.DrawFn) -> Transcript:
    """Up to twelve turns in order of their starts; the activity is theirs."""
    said = sorted(draw(st.lists(turns(), max_size=12)), key=lambda turn: turn.start)
    return replace(
        call(duration=DURATION),
        outcome="two_sided" if len({turn.speaker for turn in said}) == 2 else "one_sided" if said else "no_speech",
        turns=tuple(said),
        activity=tuple(SpeakerTurn(turn.speaker, turn.start, turn.end) for turn in said),
    )


def swapped(made: Transcript) -> Transcript:
    speakers = tuple(replace(one, role=OTHER[one.role]) for one in made.speakers if one.role)
    said = tuple(replace(turn, role=OTHER[turn.role]) for turn in made.turns if turn.role)
    return replace(made, speakers=speakers, turns=said)


def numbers(made: Transcript) -> metrics.Measurement:
    return metrics.measure(made, TERMS)


@given(calls())
def test_numbers_stay_within_their_meaning(made: Transcript) -> None:
    said = numbers(made)
    values: dict[str, Any] = {name: getattr(said, name) for name in metrics.Measurement.__dataclass_fields__}
    for name, value in values.items():
        if isinstance(value, (int, float)) and not name.startswith(("sentiment", "worst_turn_score")):
            assert value >= 0, name
        if name.endswith("_share") and value is not None:
            assert 0 <= value <= 1, name
        if name.endswith(("_s", "_s_agent", "_s_customer")) and value is not None:
            assert value <= DURATION + 1e-6, name
        if name.startswith("sentiment_") and isinstance(value, float):
            assert -5 <= value <= 5, name
        if value is None:
            assert name in said.reasons, f"{name} is unknown and nothing says why"


@given(calls())
def test_facts_are_in_order_and_within_the_call(made: Transcript) -> None:
    said = numbers(made)
    assert [event.start_s for event in said.events] == sorted(event.start_s for event in said.events)
    assert all(0 <= event.start_s <= event.end_s <= DURATION + 1e-6 for event in said.events)
    assert all(0 <= use.at_s <= use.end_s <= DURATION + 1e-6 for use in said.filler_uses)
    counted = [count for count in (said.fillers_agent, said.fillers_customer) if count is not None]
    assert sum(counted) <= len(said.filler_uses)


@given(calls())
def test_swapping_exchanges_and_swapping_twice_changes_nothing(made: Transcript) -> None:
    once, said = numbers(swapped(made)), numbers(made)
    assert numbers(swapped(swapped(made))) == said
    for name in ("words", "talk_s", "wpm", "questions", "fillers", "backchannels", "longest_monologue_s"):
        assert getattr(once, f"{name}_agent") == getattr(said, f"{name}_customer"), name
    assert once.silence_s == said.silence_s
    assert once.overlap_s == said.overlap_s


@given(calls())
def test_a_kept_call_is_the_same_call(made: Transcript) -> None:
    assert from_plain(Transcript, json.loads(json.dumps(to_plain(made)))) == made


@given(calls())
def test_formats_say_every_word_once(made: Transcript) -> None:
    spoken = [word.text for turn in made.turns for word in turn.words]
    document = json.loads(formats.to_json(made, "call.wav"))
    assert [word["word"] for turn in document["turns"] for word in turn["words"]] == spoken
    texts = [line.split(": ", 1)[1] for line in formats.to_txt(made, "call.wav").splitlines()]
    assert " ".join(texts).split() == spoken
    rows = [line.split("\t") for line in io.StringIO(formats.to_tsv(made, "call.wav")).read().splitlines()[1:]]
    assert " ".join(row[3] for row in rows).split() == spoken
    cues = re.findall(
        r"^(\d\d):(\d\d):(\d\d),(\d{3}) --> (\d\d):(\d\d):(\d\d),(\d{3})$", formats.to_srt(made, ""), re.MULTILINE
    )
    assert len(cues) == len(rows)
    assert "-->" not in re.sub(r"^[\d:.]+ --> [\d:.]+$", "", formats.to_vtt(made, ""), flags=re.MULTILINE)
