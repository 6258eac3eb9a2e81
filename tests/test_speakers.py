"""Words to speakers on written-out time lines."""

from __future__ import annotations

import pytest

from transcription.speech.speakers import assign, channel_activity, channel_turns, clean, relabel, to_turns
from transcription.speech.types import Segment, SpeakerTurn, SpeakerTurns, Turn, Word


def segment(*timed: tuple[str, float, float], channel: int | None = None) -> Segment:
    words = tuple(Word(text, start, end, None, "attention") for text, start, end in timed)
    return Segment(timed[0][1], timed[-1][2], " ".join(text for text, *_ in timed), words, channel)


def said(turns: tuple[Turn, ...]) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in turns]


def speakers_of(segments: list[Segment], exclusive: list[SpeakerTurn]) -> str:
    return "".join(speaker for _, speaker in assign(segments, exclusive))


FLOOR = [SpeakerTurn("A", 0.0, 2.0), SpeakerTurn("B", 2.5, 4.0)]


def test_a_word_belongs_to_who_holds_most_of_it() -> None:
    segments = [segment(("Hello.", 0.0, 0.5), ("Bye.", 1.9, 2.2), ("Yes.", 2.3, 3.0), ("No.", 3.5, 4.5))]
    assert speakers_of(segments, FLOOR) == "AABB"


def test_a_word_of_nobody_goes_to_the_nearest_turn() -> None:
    segments = [segment(("Uh.", 2.05, 2.15), ("Um.", 2.3, 2.45), ("Late.", 9.0, 9.5))]
    assert speakers_of(segments, FLOOR) == "ABB"
    assert speakers_of([segment(("Early.", 1.0, 1.2))], [SpeakerTurn("B", 2.5, 4.0), SpeakerTurn("A", 8.0, 9.0)]) == "B"


def test_words_come_out_in_time_order_even_from_unsorted_segments() -> None:
    late, early = segment(("Two.", 3.0, 3.2)), segment(("One.", 0.1, 0.3))
    assert [(word.text, speaker) for word, speaker in assign([late, early], FLOOR[::-1])] == [
        ("One.", "A"),
        ("Two.", "B"),
    ]


def test_without_words_or_speakers_nothing_is_assigned() -> None:
    assert assign([], FLOOR) == []
    assert assign([segment(("Hello.", 0.0, 0.5))], []) == []


def phrase(texts: str, start: float = 0.0, step: float = 0.4) -> Segment:
    """Words of 0.3 s with gaps of 0.1 s."""
    return segment(*((text, start + i * step, start + i * step + 0.3) for i, text in enumerate(texts.split())))


def test_a_stray_word_at_the_edge_of_a_sentence_returns_to_it() -> None:
    floor = [SpeakerTurn("A", 0.0, 1.5), SpeakerTurn("B", 1.5, 4.0)]
    segments = [phrase("how can I help you? My phone is broken today.")]
    # "you?" (1.6 s) lies just after the change of speakers.
    assert speakers_of(segments, floor) == "AAAAA" + "BBBBB"


def test_a_stray_word_inside_a_phrase_returns_to_it() -> None:
    floor = [SpeakerTurn("A", 0.0, 0.75), SpeakerTurn("B", 0.75, 1.15), SpeakerTurn("A", 1.15, 3.0)]
    assert speakers_of([phrase("I would like to pay")], floor) == "AAAAA"


def test_a_word_set_apart_by_a_pause_or_a_sentence_end_stays() -> None:
    floor = [SpeakerTurn("A", 0.0, 1.4), SpeakerTurn("B", 1.6, 1.9), SpeakerTurn("A", 2.0, 4.0)]
    apart = [segment(("so", 0.0, 0.3), ("we", 0.4, 0.7), ("will", 0.8, 1.1), ("yeah", 1.6, 1.9), ("call", 2.3, 2.6))]
    assert speakers_of(apart, floor) == "AAABA"
    closed = [segment(("so", 0.8, 1.0), ("done.", 1.1, 1.4), ("Okay.", 1.6, 1.9), ("We", 2.0, 2.2), ("are", 2.3, 2.5))]
    assert speakers_of(closed, floor) == "AABAA"


def test_a_phrase_shared_fairly_stays_shared() -> None:
    floor = [SpeakerTurn("A", 0.0, 1.1), SpeakerTurn("B", 1.1, 3.0)]
    assert speakers_of([phrase("a b c d e f g")], floor) == "AAABBBB"
    assert speakers_of([phrase("a b c d e")], [SpeakerTurn("A", 0.0, 0.7), SpeakerTurn("B", 0.7, 3.0)]) == "AABBB"


def test_turns_end_with_the_speaker_or_a_long_pause() -> None:
    spoken = assign([segment(("Hi.", 0.0, 0.4), ("Well.", 1.6, 2.0), ("Yes?", 2.5, 2.9), ("Hm.", 4.9, 5.0))], FLOOR)
    turns = to_turns(spoken)
    assert said(turns) == [("A", "Hi. Well."), ("B", "Yes?"), ("B", "Hm.")]
    assert [(turn.start, turn.end) for turn in turns] == [(0.0, 2.0), (2.5, 2.9), (4.9, 5.0)]
    assert to_turns([]) == ()


def test_channels_are_speakers_and_turns_come_in_time_order() -> None:
    left = segment(("Thanks", 0.5, 0.8), ("for", 0.9, 1.0), ("calling.", 1.1, 1.5), channel=0)
    right = segment(("Hello?", 0.0, 0.4), ("Hi.", 1.4, 1.6), channel=1)
    turns = channel_turns([left, right])
    assert said(turns) == [("Speaker 2", "Hello?"), ("Speaker 1", "Thanks for calling."), ("Speaker 2", "Hi.")]


def test_a_channel_turn_ends_when_the_other_party_speaks_in_its_pause() -> None:
    left = segment(("One", 0.0, 0.5), ("two", 1.5, 2.0), ("three", 3.0, 3.4), ("four", 6.0, 6.5), channel=0)
    assert said(channel_turns([left])) == [("Speaker 1", "One two three"), ("Speaker 1", "four")]
    right = segment(("okay", 0.8, 1.2), channel=1)
    assert said(channel_turns([left, right]))[:3] == [
        ("Speaker 1", "One"),
        ("Speaker 2", "okay"),
        ("Speaker 1", "two three"),
    ]


def test_speaking_over_somebody_does_not_cut_them() -> None:
    left = segment(("One", 0.0, 0.5), ("two", 0.7, 2.0), channel=0)
    right = segment(("mhm", 0.6, 0.9), channel=1)
    assert said(channel_turns([left, right])) == [("Speaker 1", "One two"), ("Speaker 2", "mhm")]


def test_channel_turns_need_channels() -> None:
    with pytest.raises(ValueError, match="known channels"):
        channel_turns([segment(("One", 0.0, 0.5))])


def test_channel_activity_is_labelled_like_the_turns() -> None:
    assert channel_activity([[(1.0, 2.0), (5.0, 6.0)], [(0.5, 1.5)]]) == (
        SpeakerTurn("Speaker 2", 0.5, 1.5),
        SpeakerTurn("Speaker 1", 1.0, 2.0),
        SpeakerTurn("Speaker 1", 5.0, 6.0),
    )


def test_speakers_are_numbered_by_their_first_words() -> None:
    turns = to_turns(assign([segment(("Hi.", 0.0, 0.4), ("Yes?", 2.5, 2.9))], FLOOR))
    activity = (SpeakerTurn("C", 0.0, 0.1), SpeakerTurn("B", 0.1, 0.2), SpeakerTurn("A", 0.2, 2.0))
    labelled, active = relabel(turns, activity)
    assert said(labelled) == [("Speaker 1", "Hi."), ("Speaker 2", "Yes?")]
    assert [turn.speaker for turn in active] == ["Speaker 3", "Speaker 2", "Speaker 1"]


def test_a_ghost_is_absorbed_by_its_nearest_neighbour() -> None:
    turns = (
        SpeakerTurn("A", 0.0, 30.0),
        SpeakerTurn("ghost", 30.0, 30.5),
        SpeakerTurn("B", 33.0, 60.0),
        SpeakerTurn("ghost", 60.5, 61.0),
    )
    cleaned = clean(SpeakerTurns(turns, turns))
    assert cleaned.turns == (SpeakerTurn("A", 0.0, 30.5), SpeakerTurn("B", 33.0, 60.0), SpeakerTurn("B", 60.5, 61.0))
    assert cleaned.exclusive == cleaned.turns


def test_a_party_who_says_little_is_no_ghost() -> None:
    turns = (SpeakerTurn("A", 0.0, 97.0), SpeakerTurn("B", 97.5, 100.5), SpeakerTurn("A", 99.0, 101.0))
    assert clean(SpeakerTurns(turns, turns)).turns == turns
    assert clean(SpeakerTurns((), ())) == SpeakerTurns((), ())
