"""A transcript set right by a person."""

import pytest

from tests.metrics.timeline import call
from transcription.speech.rewriting import Outdated, exchanged, given, reword, reworded
from transcription.speech.types import SpeakerTurn, Transcript, Word


def words(*said: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(text, start, end, 0.9, "alignment_head") for text, start, end in said)


SAID = words(("My", 1.0, 1.2), ("partial", 1.2, 1.8), ("is", 2.8, 3.0), ("late", 3.0, 3.4))


def times(said: tuple[Word, ...]) -> list[tuple[str, float, float]]:
    return [(word.text, word.start, word.end) for word in said]


def test_a_word_set_right_has_the_time_of_the_one_it_replaces() -> None:
    new = reword(SAID, "My parcel is late")
    assert times(new) == [("My", 1.0, 1.2), ("parcel", 1.2, 1.8), ("is", 2.8, 3.0), ("late", 3.0, 3.4)]
    assert [word.time_source for word in new] == ["alignment_head", "interpolated", "alignment_head", "alignment_head"]
    assert new[1].probability is None


def test_punctuation_and_capitals_move_nothing() -> None:
    new = reword(SAID, "my partial, is LATE!")
    assert times(new) == [("my", 1.0, 1.2), ("partial,", 1.2, 1.8), ("is", 2.8, 3.0), ("LATE!", 3.0, 3.4)]
    assert {word.time_source for word in new} == {"alignment_head"}


def test_one_word_that_was_two_shares_by_letters() -> None:
    assert times(reword(SAID, "My part Al is late"))[1:3] == [("part", 1.2, 1.6), ("Al", 1.6, 1.8)]


def test_a_word_put_in_takes_the_gap() -> None:
    assert times(reword(SAID, "My partial order is late"))[2] == ("order", 1.8, 2.8)


def test_where_there_is_no_gap_the_neighbour_gives_room() -> None:
    assert times(reword(SAID, "My own partial is late"))[:2] == [("My", 1.0, 1.08), ("own", 1.08, 1.2)]
    assert times(reword(SAID, "So My partial is late"))[:2] == [("So", 1.0, 1.1), ("My", 1.1, 1.2)]
    assert times(reword(SAID, "My partial is late ok"))[-2:] == [("late", 3.0, 3.267), ("ok", 3.267, 3.4)]


def test_words_taken_out_leave_the_others() -> None:
    assert times(reword(SAID, "is late")) == [("is", 2.8, 3.0), ("late", 3.0, 3.4)]


def test_all_new_words_share_the_turn() -> None:
    assert times(reword(SAID, "Oh no")) == [("Oh", 1.0, 2.2), ("no", 2.2, 3.4)]


def test_a_turn_keeps_a_word() -> None:
    with pytest.raises(ValueError, match="at least one word"):
        reworded(call("A 0.0-1.0 Hi").turns[0], "  ")


CALL = call("A 0.0-2.0 Hello you", "A 4.0-8.0 thanks my order is [0.5]", "C 9.0-10.0 late", padding=0.5)


def who(transcript: Transcript) -> list[tuple[str, str, str | None]]:
    return [(turn.speaker, turn.text, turn.role) for turn in transcript.turns]


def test_a_turn_is_given_whole_with_what_is_heard_of_it() -> None:
    change = given(CALL, 1, 0, 3, "Speaker 2")
    after = exchanged(CALL, change.before, change.after)
    assert who(after)[1] == ("Speaker 2", "thanks my order is", "customer")
    assert after.turns[1].sentiment == CALL.turns[1].sentiment
    assert SpeakerTurn("Speaker 2", 3.5, 8.5) in after.activity
    assert SpeakerTurn("Speaker 1", 0.0, 2.5) in after.activity


def test_some_words_are_given_and_split_the_turn() -> None:
    change = given(CALL, 1, 1, 3, "Speaker 2")
    after = exchanged(CALL, change.before, change.after)
    assert who(after)[1:3] == [("Speaker 1", "thanks", "agent"), ("Speaker 2", "my order is", "customer")]
    assert [turn.sentiment for turn in after.turns[1:3]] == [None, None]
    assert SpeakerTurn("Speaker 1", 3.5, 5.0) in after.activity
    assert SpeakerTurn("Speaker 2", 5.0, 8.5) in after.activity


def test_words_from_the_middle_make_three_turns() -> None:
    change = given(CALL, 1, 1, 2, "Speaker 2")
    assert [turn.text for turn in change.after.turns] == ["thanks", "my order", "is"]
    assert [(part.speaker, part.start, part.end) for part in change.after.activity] == [
        ("Speaker 1", 3.5, 5.0),
        ("Speaker 2", 5.0, 7.0),
        ("Speaker 1", 7.0, 8.5),
    ]


@pytest.mark.parametrize(("first", "last"), [(0, 3), (1, 3), (1, 2), (0, 0)])
def test_undoing_is_the_exchange_the_other_way(first: int, last: int) -> None:
    change = given(CALL, 1, first, last, "Speaker 2")
    after = exchanged(CALL, change.before, change.after)
    assert after != CALL
    assert exchanged(after, change.after, change.before) == CALL


def test_what_has_changed_since_is_not_exchanged() -> None:
    change = reworded(CALL.turns[2], "early")
    after = exchanged(CALL, change.before, change.after)
    later = reworded(after.turns[2], "earlier")
    with pytest.raises(Outdated):
        exchanged(exchanged(after, later.before, later.after), change.after, change.before)


def test_words_are_given_to_somebody_else() -> None:
    with pytest.raises(ValueError, match="nothing to give"):
        given(CALL, 1, 0, 3, "Speaker 1")
