"""Scores of small calls that can be counted by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from transcription.benchmark.rates import Rate, pooled
from transcription.benchmark.scoring import attribution, scores
from transcription.benchmark.truth import TrueTurn, TrueWord, Truth, TruthError, read_truth
from transcription.benchmark.wording import filler_counts, normalised, same_words, word_errors
from transcription.speech.types import Role, Sentiment, SentimentLabel, Speaker, SpeakerTurn, Transcript, Turn, Word


def turn(speaker: str, start: float, end: float, text: str, mood: SentimentLabel | None = None) -> Turn:
    """Words evenly spread."""
    texts = text.split()
    step = (end - start) / len(texts)
    words = [Word(word, start + i * step, start + (i + 1) * step, 0.9, "attention") for i, word in enumerate(texts)]
    return Turn(speaker, start, end, tuple(words), sentiment=Sentiment(mood, 0.0) if mood else None)


def transcript(
    *turns: Turn, activity: tuple[SpeakerTurn, ...] = (), roles: dict[str, Role] | None = None
) -> Transcript:
    return Transcript(
        duration=10.0,
        language="en",
        layout="mono",
        outcome="two_sided",
        filler_capture_mode="prompted",
        speakers=tuple(Speaker(label, role) for label, role in (roles or {}).items()),
        turns=turns,
        activity=activity,
        overlap_known=True,
    )


def truth(*turns: TrueTurn) -> Truth:
    return Truth(turns, tuple(SpeakerTurn(turn.speaker, turn.start, turn.end) for turn in turns))


CALL = truth(
    TrueTurn("agent", 0.0, 2.0, "Hello, how are you?", "neutral"),
    TrueTurn("customer", 2.0, 4.0, "Um, not good at all.", "negative"),
    TrueTurn("agent", 4.0, 6.0, "Oh, I am, uh, sorry.", "neutral"),
)


def test_normalised_text_has_one_spelling_and_no_hesitations() -> None:
    assert normalised("Um, it's thirty-five dollars, er, please!", "en") == "it is $35 please"


def test_words_of_another_language_keep_their_spelling() -> None:
    assert normalised("Äh, das sind zwei.", "de") == "das sind zwei"


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("one call today", "one call today", Rate(0, 3)),
        ("please hold the line", "please hold a line now", Rate(2, 4)),
        ("please hold", "", Rate(2, 2)),
        ("", "thank you", Rate(2, 0)),
        ("um", "", Rate(0, 0)),
    ],
)
def test_word_errors(said: str, heard: str, errors: Rate) -> None:
    assert word_errors(said, heard, "en") == errors


def test_same_words_are_those_of_the_best_alignment() -> None:
    assert same_words(["a", "b", "c", "d"], ["b", "x", "d", "e"]) == [(1, 0), (3, 2)]
    assert same_words([], ["a"]) == []


def test_fillers_hesitations_are_one_family_and_ambiguous_words_need_commas() -> None:
    text = (
        "Um, I, uh, I mean it was, like, so good. You know I like it, like, a lot. Well, ummm. Yummy, so, so. So I go."
    )
    counts = {term: n for term, n in filler_counts(text, "en").items() if n}
    assert counts == {"hesitation": 3, "i mean": 1, "you know": 1, "like": 2, "so": 1, "well": 1}


def test_speakers_are_paired_so_that_errors_are_fewest() -> None:
    errors, parties = attribution(
        CALL, transcript(turn("B", 0, 2, "hello how are you"), turn("A", 2, 4, "not good at all sorry"))
    )
    assert parties == {"agent": "B", "customer": "A"}
    assert errors == Rate(4 + 1, 12)  # "oh I am sorry" is missing with the agent, "sorry" too many with the customer


def test_a_speaker_too_many_is_all_insertions_and_one_too_few_all_deletions() -> None:
    three = transcript(
        turn("A", 0, 2, "hello how are you"),
        turn("B", 2, 4, "not good at all"),
        turn("C", 4, 6, "oh I am sorry"),
    )
    assert attribution(CALL, three)[0] == Rate(4 + 4, 12)
    one = transcript(turn("A", 0, 2, "hello how are you oh I am sorry"))
    assert attribution(CALL, one) == (Rate(4, 12), {"agent": "A"})


def test_diarization_error_rate_counts_everything_without_a_collar() -> None:
    reference = Truth((), (SpeakerTurn("x", 0.0, 4.0), SpeakerTurn("y", 3.0, 6.0)))
    found = (
        SpeakerTurn("A", 0.0, 4.0),
        SpeakerTurn("B", 4.0, 5.0),
        SpeakerTurn("A", 5.0, 6.0),
        SpeakerTurn("B", 8.0, 8.5),
    )
    rates = scores(reference, transcript(activity=found))
    assert {name: (round(rate.amount, 6), rate.of) for name, rate in rates.items()} == {
        "der": (2.5, 7.0),
        "der_missed": (1.0, 7.0),  # y's first second, under x
        "der_false_alarm": (0.5, 7.0),  # after everybody has finished
        "der_confusion": (1.0, 7.0),
    }


def test_scores_of_a_call_with_words() -> None:
    rates = scores(
        CALL,
        transcript(
            turn("A", 0.1, 2.1, "Hello, how are you?", "neutral"),
            turn("B", 2.0, 3.5, "Not good at all.", "negative"),
            turn("A", 4.2, 6.0, "Oh, uh, I am, um, sorry.", "negative"),
            roles={"A": "agent", "B": "customer"},
        ),
    )
    assert rates["wer"] == rates["cpwer"] == Rate(0, 12)
    assert rates["filler_precision"] == Rate(1, 2)
    assert rates["filler_recall"] == Rate(1, 2)
    assert rates["role_accuracy"] == Rate(1, 1)
    assert rates["sentiment_accuracy"] == Rate(2, 3)
    assert rates["der"].of == 6.0
    starts, ends = rates["turn_start_error_s"], rates["turn_end_error_s"]
    assert (round(starts.amount, 6), starts.of) == (0.3, 2)  # the customer's first word, "Um", was not recognised
    assert (round(ends.amount, 6), ends.of) == (0.6, 3)
    assert "word_start_error_s" not in rates


def test_one_wrong_role_makes_the_call_wrong() -> None:
    roles: dict[str, Role] = {"A": "agent", "B": "agent"}
    both = transcript(turn("A", 0, 2, "hello how are you"), turn("B", 2, 4, "not good at all"), roles=roles)
    assert scores(CALL, both)["role_accuracy"] == Rate(0, 1)


def test_word_times_where_the_truth_has_them() -> None:
    words = (TrueWord("please", 0.0, 0.4), TrueWord("um", 0.5, 0.9), TrueWord("hold", 1.0, 1.5))
    known = truth(TrueTurn("agent", 0.0, 1.5, "Please, um, hold.", None, words))
    rates = scores(known, transcript(turn("A", 0.2, 1.2, "Please hold.")))
    starts, ends = rates["word_start_error_s"], rates["word_end_error_s"]
    assert (round(starts.amount, 6), starts.of) == (0.5, 2)
    assert (round(ends.amount, 6), ends.of) == (0.6, 2)
    assert "sentiment_accuracy" not in rates
    assert "role_accuracy" not in rates


def test_figures_of_many_files_are_pooled_and_nothing_counted_is_unknown() -> None:
    together = pooled([{"wer": Rate(1, 10), "der": Rate(0, 0)}, {"wer": Rate(3, 10)}])
    assert together["wer"].value == 0.2
    assert together["der"].value is None


def test_truth_is_read_from_both_files_beside_the_audio(tmp_path: Path) -> None:
    turns = [
        {"role": "customer", "start": 2, "end": 3, "text": "Hi.", "sentiment": "neutral"},
        {"role": "agent", "start": 0, "end": 1.5, "text": "Yes?", "words": [{"word": "Yes?", "start": 0.1, "end": 1}]},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"turns": turns}))
    (tmp_path / "a.rttm").write_text("SPEAKER other 1 0.250 1.500 <NA> <NA> agent <NA> <NA>\n")
    assert read_truth(tmp_path / "a.wav") == Truth(
        (
            TrueTurn("agent", 0.0, 1.5, "Yes?", None, (TrueWord("Yes?", 0.1, 1.0),)),
            TrueTurn("customer", 2.0, 3.0, "Hi.", "neutral"),
        ),
        (SpeakerTurn("agent", 0.25, 1.75),),
    )
    (tmp_path / "a.rttm").unlink()
    assert [turn.speaker for turn in read_truth(tmp_path / "a.wav").activity] == ["agent", "customer"]
    assert read_truth(tmp_path / "b.wav") == Truth()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "no JSON"),
        ("a.json", "[]"),
        ("a.json", '{"agent": "Dana"}'),
        ("a.json", '{"turns": [{"role": "agent", "start": "soon", "end": 1, "text": ""}]}'),
        ("a.rttm", "SPEAKER a 1 0.0 long <NA> <NA> x <NA> <NA>"),
        ("a.rttm", "SPEAKER a 1"),
    ],
)
def test_a_file_that_is_no_truth_is_named(tmp_path: Path, name: str, content: Any) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(TruthError, match=name):
        read_truth(tmp_path / "a.wav")
