"""Texts that nobody can have said, and windows on which the filler prompt is checked."""

from __future__ import annotations

import numpy as np
import pytest

from transcription.speech.engines.control import MAX_VANISHED, is_controlled, vanished
from transcription.speech.engines.guards import Heard, doubt, is_silence

FILLERS = "Um, uh, like, you know, I mean, hmm, er, ah, well, so."
LOOP, ECHO, CROWD = (
    "The same words over and over",
    "Words that the recogniser was given as a hint",
    "Far more words than",
)


@pytest.mark.parametrize(
    ("text", "seconds", "reason"),
    [
        ("thank you for watching " * 12, 20.0, LOOP),
        ("so the the the the the the the the the the the the thing is", 20.0, LOOP),
        ("I see it, I see it, I see it, I see it", 20.0, LOOP),
        ("No, no, no, no, that is not what I meant.", 5.0, None),
        ("The number is four four four four seven.", 5.0, None),
        ("Thank you. Thank you. Thank you very much.", 5.0, None),
        ("You know, I mean, hmm.", 5.0, ECHO),
        ("Um, um, um, um, um, um, um.", 5.0, ECHO),
        ("You know, I paid it.", 5.0, None),
        ("I mean", 5.0, None),
        ("I was charged twice this month, and nobody called me back when I said so.", 1.0, CROWD),
        ("I was charged twice this month, and nobody called me back when I said so.", 4.0, None),
        ("Hello?", 0.1, None),
        ("", 0.0, None),
    ],
)
def test_what_nobody_can_have_said(text: str, seconds: float, reason: str | None) -> None:
    found = doubt(Heard(text, -0.2, FILLERS), seconds)
    assert (found or "").startswith(reason or ""), found
    assert (found is None) == (reason is None)


def test_without_a_prompt_there_is_no_echo() -> None:
    assert doubt(Heard("You know, I mean, hmm.", -0.2), 5.0) is None


def test_silence_needs_two_witnesses() -> None:
    unlikely, likely = Heard("Thank you.", -1.2), Heard("Thank you.", -0.3)
    assert is_silence(unlikely, lambda: 0.7)
    assert not is_silence(unlikely, lambda: 0.5)
    assert not is_silence(likely, lambda: pytest.fail("asked in vain"))


def test_one_window_in_ten_is_controlled_and_every_thin_one() -> None:
    drawer = np.random.default_rng(0)
    sounds = [drawer.normal(size=160).astype(np.float32) for _ in range(1000)]
    drawn = [is_controlled("six words in two whole seconds", 2.0, sound) for sound in sounds]
    assert 70 <= sum(drawn) <= 130
    assert drawn == [is_controlled("six words in two whole seconds", 2.0, sound) for sound in sounds]
    assert all(is_controlled("six words in ten whole seconds", 10.0, sound) for sound in sounds)


def test_words_vanish_when_the_control_has_more() -> None:
    full, half = "I have been waiting for three whole weeks now", "I have been waiting"
    assert vanished([full], [full], "en") == 0.0
    assert vanished([half], [full], "en") == pytest.approx(5 / 9)
    # More words elsewhere make up for nothing.
    assert vanished([half, full], [full, half], "en") == pytest.approx(5 / 13), (
        "more words elsewhere make up for nothing"
    )
    assert vanished([], [], "en") == 0.0


def test_hesitations_are_no_words() -> None:
    assert vanished(["I have been waiting"], ["Um, I have, uh, been waiting"], "en") == 0.0
    assert vanished(["Um, uh, er, ah, hmm"], ["I have been waiting here"], "en") > MAX_VANISHED
