import pytest

from analytics.metrics.conversation import converse
from analytics.metrics.figures import Unknown
from analytics.metrics.sentiment import figures, shift

from .timeline import call

TWENTY = "word " * 20


def measured(*lines: str, agent_sentiment: bool = False, **facts):
    return figures(converse(call(*lines, **facts)), agent_sentiment=agent_sentiment)


def test_words_weigh_turns():
    found = measured("C 0.0-3.0 one two three [-1.0]", "C 4.0-5.0 one [1.0]")
    assert found["sentiment_customer"] == pytest.approx(-2.5)


def test_quarters_need_twenty_words():
    found = measured(
        f"C 0.0-10.0 {TWENTY} [-0.8]", f"C 16.0-26.0 {TWENTY.strip()[:-5]} [0.2]", f"C 50.0-60.0 {TWENTY} [0.6]"
    )
    assert found["sentiment_customer_q1"] == pytest.approx(-4.0)
    assert found["sentiment_customer_q2"] == Unknown("under 20 words in this quarter")
    assert found["sentiment_customer_q3"] == Unknown("under 20 words in this quarter")
    assert found["sentiment_customer_q4"] == pytest.approx(3.0)
    assert found["sentiment_shift"] == "improved"


def test_a_long_turn_belongs_to_each_quarter_it_lies_in():
    found = measured(f"C 0.0-60.0 {TWENTY * 4} [0.5]")
    assert [found[f"sentiment_customer_q{n}"] for n in range(1, 5)] == [pytest.approx(2.5)] * 4
    assert found["sentiment_shift"] == "steady"


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [(-1.0, 1.0, "improved"), (1.0, -1.0, "worsened"), (-0.9, 4.0, "steady"), (-3.0, -3.0, "steady")],
)
def test_shift(first, last, name):
    assert shift(first, last) == name


def test_shift_needs_both_ends():
    assert shift(Unknown("x"), 1.0) == Unknown("the first or the last quarter has no sentiment")


def test_the_worst_turn_of_the_customer():
    found = measured("C 0.0-3.0 fine [0.1]", "A 4.0-5.0 no [-0.9]", "C 7.0-8.0 bad [-0.7]", "C 9.0-9.5 bad [-0.7]")
    assert (found["worst_turn_at_s"], found["worst_turn_score"]) == (7.0, -0.7)


def test_agents_are_judged_only_when_the_site_says_so():
    lines = ("A 0.0-3.0 with pleasure [0.4]", "C 4.0-5.0 thanks [0.1]")
    assert measured(*lines)["sentiment_agent"] == Unknown("agent sentiment is switched off")
    assert measured(*lines, agent_sentiment=True)["sentiment_agent"] == pytest.approx(2.0)


def test_unknown():
    unscored = measured("C 0.0-3.0 one two three", "A 4.0-5.0 one")
    assert unscored["sentiment_customer"] == Unknown("no turn has a sentiment")
    assert unscored["sentiment_customer_q1"] == Unknown("no turn has a sentiment")
    assert unscored["worst_turn_at_s"] == Unknown("no turn has a sentiment")
    nameless = measured("C 0.0-3.0 one two three [0.5]", roles=False)
    assert nameless["sentiment_customer"] == Unknown("roles not known")
    assert nameless["worst_turn_score"] == Unknown("roles not known")
    timeless = measured("C 0.0-3.0 one two three [0.5]", duration=0)
    assert timeless["sentiment_customer_q4"] == Unknown("the call has no length")
