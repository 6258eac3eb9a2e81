import pytest

from analytics.metrics.conversation import converse
from analytics.metrics.facts import Event, FillerUse
from analytics.metrics.figures import Unknown
from analytics.metrics.fillers import events, figures, find

from .timeline import TERMS, call


def heard(text: str) -> list[str]:
    """The terms found in an agent's turn, one word a second apart from the pauses written."""
    words = sum(not token.startswith("(") for token in text.split())
    pauses = sum(float(token[1:-1]) for token in text.split() if token.startswith("("))
    return [use.term for use in find(converse(call(f"A 0.0-{words + pauses} {text}")), TERMS)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Um, I think uh yes", ["um", "uh"]),
        ("UHM... I think", ["um"]),
        ("Ummmm I think", ["um"]),
        ("I was, uh, uh, late", ["uh", "uh"]),
        ("the umbrella is here", []),
        ("it is, you know, late", ["you know"]),
        ("it is you know late", ["you know"]),
        ("y'know it is late", ["you know"]),
        ("I mean we tried", ["i mean"]),
        ("it is kind of late", ["kind of"]),
        ("it was, like, late", ["like"]),
        ("it was (0.15) like late", ["like"]),
        ("it was like (0.2) late", ["like"]),
        ("So, what is it", ["so"]),
        ("So (0.3) what is it", ["so"]),
        ("Okay, so, that is it", ["so"]),
        ("Well, that is it", ["well"]),
        ("It is late, actually.", ["actually"]),
        ("do you, like, know it", ["like"]),
        ("do, you know, the thing", ["you know"]),
        ("it is you know (0.2) what we said", ["you know"]),
    ],
)
def test_fillers(text, terms):
    assert heard(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "I like it",
        "I would (0.2) like to pay",
        "so much for that",
        "thank you so (0.3) much",
        "It was (0.14) like late",
        "So what is it",
        "it broke, so I called",
        "I think so. Next",
        "He did well.",
        "that works as well, thanks",
        "do you know my number",
        "you know what I said",
        "you know that it is late",
        "let you know, then",
        "what kind of box",
        "what I mean is this",
        "I called you, know people",
        "that is it. (0.5) Actually (0.1) fine",
    ],
)
def test_no_fillers(text):
    assert heard(text) == []


def test_an_answer_and_a_hum_are_no_fillers():
    assert heard("Hmm.") == []
    assert heard("Hmm, okay.") == []
    assert heard("Hmm, let me look") == ["hmm"]
    assert heard("uh huh that is it") == []
    assert heard("mm-hmm") == []


def test_one_use():
    uses = find(converse(call("C 2.0-9.0 the bill is, you know, wrong again")), TERMS)
    assert uses == [
        FillerUse("you know", 2, "customer", "customer", 5.0, 7.0, 2, "the bill is, you know, wrong again"),
    ]
    assert events(uses) == [Event("filler", "customer", 5.0, 7.0, "you know")]


def test_the_context_is_three_words_on_each_side():
    uses = find(converse(call("A 0.0-9.0 one two three four um five six seven eight")), TERMS)
    assert [use.context for use in uses] == ["two three four um five six seven"]


def test_rates_by_party_and_tier():
    conversation = converse(
        call("A 0.0-10.0 um the bill is, you know, late and, like, wrong", "C 11.0-13.0 uh yes um okay")
    )
    found = figures(conversation, find(conversation, TERMS), listed=True)
    assert (found["fillers_agent"], found["fillers_customer"]) == (3, 2)
    assert (found["fillers_tier1_agent"], found["fillers_tier2_agent"], found["fillers_tier3_agent"]) == (1, 1, 1)
    assert (found["fillers_tier1_customer"], found["fillers_tier2_customer"]) == (2, 0)
    assert found["fillers_per_100_words_agent"] == pytest.approx(100 * 3 / 10)
    assert found["fillers_per_100_words_customer"] == 50.0
    assert found["fillers_per_min_agent"] == pytest.approx(18.0)
    assert found["fillers_per_min_customer"] == pytest.approx(60.0)


def test_without_roles_uses_are_kept_but_not_counted():
    conversation = converse(call("A 0.0-3.0 um it is", "C 4.0-5.0 yes", roles=False))
    uses = find(conversation, TERMS)
    assert [(use.by, use.role) for use in uses] == [("Speaker 1", None)]
    assert figures(conversation, uses, listed=True)["fillers_agent"] == Unknown("roles not known")


def test_fillers_of_a_language_without_a_list_are_unknown():
    conversation = converse(call("A 0.0-3.0 um it is", "C 4.0-5.0 yes"))
    uses = find(conversation, [])
    assert uses == []
    assert set(figures(conversation, uses, listed=False).values()) == {
        Unknown("no filler words listed for this language")
    }
