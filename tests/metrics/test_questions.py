import pytest

from analytics.metrics import floor
from analytics.metrics.backchannel import find
from analytics.metrics.conversation import converse
from analytics.metrics.interrogatives import opens_question
from analytics.metrics.questions import figures

from .timeline import call


def measured(*lines: str, **facts):
    conversation = converse(call(*lines, **facts))
    return figures(conversation, floor.chains(floor.claims(conversation, find(conversation))))


def test_marks_and_openings():
    found = measured(
        "A 0.0-5.0 Thanks for calling. How can I help? Can I have your name, please.",
        "C 6.0-9.0 It is Ada. You have the number? When I called, nobody answered.",
        duration=300,
    )
    assert found == {
        "questions_agent": 2,
        "questions_customer": 1,
        "questions_agent_per_10_min": 4.0,
        "questions_customer_per_10_min": 2.0,
    }


def test_a_sentence_goes_on_over_a_pause_and_a_backchannel():
    found = measured("A 0.0-2.0 Can you tell me", "C 2.1-2.5 yes", "A 3.0-4.0 the number?", "C 5.0-6.0 it is four")
    assert found["questions_agent"] == 1


def test_a_region_does_not_change_the_language():
    assert measured("A 0.0-2.0 can you hold", language="en-GB")["questions_agent"] == 1


def test_the_other_party_ends_a_sentence_without_punctuation():
    found = measured("A 0.0-2.0 can you hold", "C 2.3-3.0 sure I will wait", "A 3.5-5.0 what is your name")
    assert found["questions_agent"] == 2


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("what is your name", "en"),
        ("so how much is it", "en"),
        ("okay um could you repeat that", "en"),
        ("is that your number", "en"),
        ("did you try that", "en"),
        ("haben sie die nummer", "de"),
        ("und wann kommt das paket", "de"),
        ("cuánto cuesta", "es"),
        ("puede usted repetir", "es"),
        ("por qué no funciona", "es"),
        ("est-ce que vous avez le numéro", "fr"),
        ("pouvez-vous répéter", "fr"),
        ("alors combien ça coûte", "fr"),
    ],
)
def test_openings_of_questions(sentence, language):
    assert opens_question(sentence.split(), language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("when I called nobody answered", "en"),
        ("what i need is a refund", "en"),
        ("have a nice day", "en"),
        ("do not worry", "en"),
        ("which is fine", "en"),
        ("will do", "en"),
        ("so", "en"),
        ("", "en"),
        ("was ich brauche ist eine rechnung", "de"),
        ("sie haben die nummer", "de"),
        ("como le dije", "es"),
        ("rendez-vous demain", "fr"),
        ("vous avez le numéro", "fr"),
        ("what is your name", "pl"),
    ],
)
def test_openings_of_other_sentences(sentence, language):
    assert not opens_question(sentence.lower().split(), language)
