"""What is personal in what was said: the rules, measured on written examples and held to properties."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.metrics.timeline import call
from tests.personal_examples import counted, example, examples, places
from transcription.speech import personal
from transcription.speech.personal.judging import luhn
from transcription.speech.types import Turn, Word

WRITTEN = examples()


@pytest.mark.parametrize("one", WRITTEN[::2], ids=lambda one: one.line[:40])
def test_each_example_that_the_rules_were_made_for(one: object) -> None:
    assert places(personal.find(one.turns)) == one.personal  # type: ignore[attr-defined]


def test_on_examples_that_were_kept_apart_nearly_all_words_are_found_and_few_others() -> None:
    counts, exact = counted(WRITTEN[1::2])
    measured = {kind: (round(count.precision, 2), round(count.recall, 2)) for kind, count in counts.items()}
    assert measured == {
        "card": (1.0, 0.95),  # the words "then" between its groups stay
        "phone": (1.0, 1.0),
        "account": (1.0, 1.0),
        "email": (1.0, 1.0),
        "birth": (1.0, 1.0),
        "digits": (0.96, 1.0),
    }
    assert exact == 78


@pytest.mark.parametrize(
    "line",
    [
        "C: My card is {card:four four two one} | A: {card:four four two one} | C: yes",
        "C: The account is {account:88214097}. | A: Let me see. One moment. | A: That ends in {account:4097}, right?",
        "C: It is {phone:617 555} | A: uh-huh | C: {phone:0198}",
        "A: Was kostet das? | C: Meine Nummer ist {phone:+49 30 901820}.",
        "C: It was 4111 pounds. | A: Thanks.",
        "C: I waited | A: mhm | C: for 20 minutes and then 30 more",
    ],
)
def test_what_is_repeated_or_said_in_pieces(line: str) -> None:
    written = example(line)
    assert set(places(personal.find(written.turns))) == set(written.personal)


@pytest.mark.parametrize(
    ("digits", "passes"), [("4111111111111111", True), ("4111111111111112", False), ("378282246310005", True)]
)
def test_the_check_digit_of_cards(digits: str, passes: bool) -> None:
    assert luhn(digits) is passes


def test_masks_say_nothing_but_keep_the_times_and_the_end_of_the_sentence() -> None:
    said = call("A 0.0-2.0 Which card?", "C 2.0-8.0 It ends in 4421, or double five oh nine?")
    shown = personal.hidden(said)
    assert shown.turns[1].text == "It ends in •••, or ••• ••• ••• •••?"
    assert [(w.start, w.end) for w in shown.turns[1].words] == [(w.start, w.end) for w in said.turns[1].words]
    assert shown.turns[0] == said.turns[0]


def test_out_of_its_call_every_figure_is_hidden() -> None:
    assert personal.cautious_text("I paid 45 for bob at gmail in room 9.") == "I paid ••• for ••• ••• ••• in room •••."


FRAGMENTS = (
    "four oh double hundred 4421 44 21. my card number is at gmail dot com born May third 1984 K £45 a I the mhm , "
    "x@y.z 12/05/84"
)
WORDS = st.sampled_from(re.split(" ", FRAGMENTS)) | st.text(min_size=1, max_size=8).filter(lambda t: t.split() == [t])
MADE_UP = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
TURNS = st.lists(st.tuples(st.sampled_from("AC"), st.lists(WORDS, min_size=1, max_size=12)), max_size=6)


def turns_of(said: list[tuple[str, list[str]]]) -> list[Turn]:
    timed = [
        (who, tuple(Word(text, 20.0 * n + i, 20.0 * n + i + 1, None, "interpolated") for i, text in enumerate(texts)))
        for n, (who, texts) in enumerate(said)
    ]
    return [Turn(who, words[0].start, words[-1].end, words) for who, words in timed]


@MADE_UP
@given(TURNS)
def test_spans_are_ranges_of_words_in_order_that_do_not_overlap(said: list[tuple[str, list[str]]]) -> None:
    turns = turns_of(said)
    spans = personal.find(turns)
    ends = [(-1, -1), *((span.turn, span.last) for span in spans)]
    for (turn, last), span in zip(ends, spans, strict=False):
        assert 0 <= span.first <= span.last < len(turns[span.turn].words)
        assert (turn, last) < (span.turn, span.first)


@MADE_UP
@given(TURNS)
def test_what_is_taken_out_can_be_put_back(said: list[tuple[str, list[str]]]) -> None:
    turns = turns_of(said)
    for turn, spans in zip(turns, personal.spans_by_turn(turns), strict=True):
        shown = personal.masked(turn, spans)
        assert personal.unmasked(shown.words, personal.taken(turn, spans)) == turn.words
        hidden = {place for span in spans for place in range(span.first, span.last + 1)}
        assert all((word.text.startswith(personal.MASK)) >= (place in hidden) for place, word in enumerate(shown.words))


@MADE_UP
@given(TURNS)
def test_nothing_is_found_in_what_is_hidden_already(said: list[tuple[str, list[str]]]) -> None:
    shown = personal.hidden(replace(call(), turns=tuple(turns_of(said))))
    texts = [word.text for turn in shown.turns for word in turn.words]
    found = personal.find(shown.turns)
    assert not any(shown.turns[s.turn].words[p].text.startswith("•••") for s in found for p in (s.first, s.last)), texts


def test_a_text_written_over_masks_gets_the_words_back() -> None:
    said = turns_of([("C", ["my", "partial", "4421", "is", "late"])])[0]
    shown = personal.masked(said, [personal.Span(0, 2, 2, "digits")])
    assert personal.restored("my parcel •••, is late", said, shown) == "my parcel 4421 is late"
    with pytest.raises(ValueError, match="have to stay"):
        personal.restored("my parcel is late", said, shown)
