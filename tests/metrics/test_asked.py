import pytest

from analytics.metrics import asked, floor, questions
from analytics.metrics.backchannel import find
from analytics.metrics.conversation import converse
from analytics.metrics.gist import gist

from .timeline import call


def test_a_question_has_its_turn_its_time_and_the_agents_answer():
    transcript = call(
        "A 0.0-2.0 How can I help?",
        "C 3.0-9.0 Hello there. Where is my parcel?",
        "A 10.0-12.0 Let me look.",
        "C 12.5-13.0 okay",
        "A 14.0-16.0 It comes tomorrow.",
        "C 17.0-19.0 Thanks a lot then.",
        "A 20.0-21.0 Bye.",
    )
    (question,) = asked.find(transcript)
    assert (question.turn, question.text) == (1, "Where is my parcel?")
    assert (question.at_s, question.end_s) == (5.0, 9.0)
    assert (question.answer, question.answer_at_s) == ("Let me look. It comes tomorrow.", 10.0)


def test_a_question_that_nobody_answers():
    (question,) = asked.find(call("A 0.0-2.0 Good morning.", "C 3.0-5.0 Who is this?"))
    assert (question.answer, question.answer_at_s) == ("", None)


def test_as_many_as_the_metric_counts():
    transcript = call(
        "A 0.0-5.0 How can I help? Can I have your name?",
        "C 6.0-9.0 Can you hear me? I want to know when it comes",
        "A 10.0-11.0 yes",
        "C 12.0-13.0 is it late",
    )
    conversation = converse(transcript)
    counted = questions.figures(conversation, floor.chains(floor.claims(conversation, find(conversation))))
    assert len(asked.find(transcript)) == counted["questions_customer"] == 2


def test_without_roles_nobody_is_the_customer():
    assert asked.find(call("A 0.0-2.0 Where is it?", "C 3.0-5.0 Who is this?", roles=False)) == []


def test_a_long_answer_is_cut_between_words():
    (question,) = asked.find(call("C 0.0-1.0 Why is that?", "A 2.0-90.0 " + "because " * 100))
    assert question.answer.endswith("because …")
    assert len(question.answer) <= asked.ANSWER_CHARACTERS + 2


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Um, so where is order 4711, Ms Lee?", "where is order?"),
        ("Okay, and how long does a refund take?", "how long does a refund take?"),
        ("Can I use my SIM in Spain?", "Can I use my SIM in?"),
        ("Do you know whether I'm covered?", "Do you know whether I'm covered?"),
        ("So, Peter?", "So, Peter?"),
        ("Hello?", "Hello?"),
    ],
)
def test_a_gist_leaves_out_what_differs_from_caller_to_caller(text, about):
    assert gist(text, "en") == about


def test_german_nouns_are_no_names():
    assert gist("Ähm, wo ist mein Paket 12?", "de") == "wo ist mein Paket?"


def test_a_language_without_lists():
    assert gist("Gdzie jest moja paczka 12?", "pl") == "Gdzie jest moja paczka?"
