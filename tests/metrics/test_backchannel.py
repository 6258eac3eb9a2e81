import pytest

from analytics.metrics.acknowledgements import acknowledges
from analytics.metrics.backchannel import events, figures, find
from analytics.metrics.conversation import converse
from analytics.metrics.facts import Event
from analytics.metrics.figures import Unknown

from .timeline import call


def found(*lines: str, **facts) -> list[Event]:
    return events(find(converse(call(*lines, **facts))))


def test_inside_the_others_talk():
    said = found("A 0.0-10.0 first you open the box and then you press it", "C 4.0-4.5 Mm-hmm.")
    assert said == [Event("backchannel", "customer", 4.0, 4.5, "Mm-hmm.")]


def test_between_two_sentences_of_the_other():
    said = found("A 0.0-3.0 first you open the box", "C 3.2-3.9 okay, right", "A 4.0-6.0 then you press it")
    assert said == [Event("backchannel", "customer", 3.2, 3.9, "okay, right")]


@pytest.mark.parametrize(
    "line",
    [
        "C 3.2-4.1 okay",  # too long
        "C 3.2-3.9 yes okay right",  # too many words
        "C 3.2-3.9 stop",  # says something
        "C 3.2-3.9",  # nobody knows what
    ],
)
def test_what_is_none(line):
    assert found("A 0.0-3.0 first you open the box", line, "A 4.2-6.0 then you press it") == []


def test_an_answer_is_none():
    assert found("A 0.0-3.0 is the box open?", "C 3.2-3.6 yes", "A 4.0-6.0 then press it") == []


def test_taking_the_floor_is_none():
    assert found("A 0.0-3.0 the box is open", "C 3.2-3.6 right", "C 4.3-6.0 and I press it", "A 6.4-8.0 yes") == []


def test_when_the_other_does_not_go_on_it_is_none():
    assert found("A 0.0-3.0 that is all", "C 3.2-3.6 okay") == []
    assert found("A 0.0-3.0 that is all", "C 3.2-3.6 okay", "A 6.7-8.0 good bye then") == []
    assert found("C 3.2-3.6 okay", "A 4.0-7.0 good bye then") == []


def test_counts():
    conversation = converse(call("A 0.0-10.0 first you open the box", "C 4.0-4.5 yeah", "C 7.0-7.5 uh huh"))
    numbers = figures(conversation, find(conversation))
    assert numbers == {"backchannels_agent": 0, "backchannels_customer": 2}


def test_counts_are_unknown_where_overlaps_are():
    conversation = converse(call("A 0.0-10.0 first you open the box", "C 4.0-4.5 yeah", overlap_known=False))
    unknown = Unknown("overlaps cannot be told in this audio")
    assert figures(conversation, find(conversation)) == {
        "backchannels_agent": unknown,
        "backchannels_customer": unknown,
    }


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("uh huh", "en"),
        ("i see", "en"),
        ("yeah okay i see", "en"),
        ("alles klar", "de"),
        ("claro", "es"),
        ("d'accord", "fr"),
        ("mhm", "pl"),
    ],
)
def test_acknowledgements(words, language):
    assert acknowledges(words.split(), language)


@pytest.mark.parametrize(
    ("words", "language"), [("", "en"), ("i", "en"), ("uh", "en"), ("yeah but", "en"), ("yeah", "fr")]
)
def test_no_acknowledgements(words, language):
    assert not acknowledges(words.split(), language)
