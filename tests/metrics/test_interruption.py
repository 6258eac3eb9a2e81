import pytest

from analytics.metrics.conversation import converse
from analytics.metrics.facts import Event
from analytics.metrics.figures import Unknown
from analytics.metrics.interruption import events, figures

from .timeline import call

STORY = "A 0.0-10.0 so what we do now is to open a ticket for you"


def found(*lines: str, **facts) -> list[Event]:
    return events(converse(call(*lines, **facts)))


def test_floor_taken():
    said = found("C 0.0-4.0 my bill is wrong because you", "A 3.0-6.0 let me stop you there")
    assert said == [Event("interruption", "agent", 3.0, 6.0, "floor taken")]


def test_floor_kept():
    assert found(STORY, "C 3.0-4.0 but I already") == [Event("interruption", "customer", 3.0, 4.0, "floor kept")]


@pytest.mark.parametrize(
    "line",
    [
        "C 3.0-3.5 Mm-hmm.",  # a backchannel
        "C 3.0-3.9 no no",  # two words under a second
        "C 3.0-4.5 yeah, yeah, okay, right",  # only acknowledges
        "C 3.0-5.0",  # nobody knows what
        "C 9.8-12.0 but I already did that",  # 0.2 s of overlap
        "C 0.2-2.0 hello can you hear me",  # both begin
    ],
)
def test_what_is_none(line):
    assert found(STORY, line) == []


def test_two_words_that_last_a_second():
    assert len(found(STORY, "C 3.0-4.0 wait please")) == 1


def test_padded_activity_at_a_quick_change_of_turns():
    lines = ("A 0.0-4.0 thank you for calling us", "C 4.05-6.0 hi I have a question", "A 6.05-8.0 go ahead then please")
    assert found(*lines, padding=0.3) == []


def test_activity_joined_over_a_pause_still_shows_who_came_in():
    said = found(
        "C 0.0-1.0 okay then",
        "A 1.2-6.0 now we open a ticket for you",
        "C 1.9-4.0 but I already did that",
        activity=["C 0.0-4.3", "A 0.9-6.3"],
    )
    assert said == [Event("interruption", "customer", 1.9, 4.0, "floor kept")]


def test_speaking_on_over_an_acknowledgement():
    assert found("A 0.0-3.0 first you open the box", "C 3.1-3.9 yeah okay", "A 3.55-6.0 and then you press it") == []


def test_both_ways_are_counted():
    conversation = converse(
        call(
            "A 0.0-5.0 what we do now is",
            "C 3.0-8.0 but I have already done",
            "A 6.5-9.0 I do understand that",
            "C 8.6-10.0 no you do not",
        )
    )
    numbers = figures(conversation, events(conversation))
    assert numbers == {"interruptions_by_agent": 1, "interruptions_by_customer": 2}


def test_unknown():
    conversation = converse(call(STORY, "C 3.0-4.0 but I already", overlap_known=False))
    assert events(conversation) == []
    assert set(figures(conversation, []).values()) == {Unknown("overlaps cannot be told in this audio")}
    nameless = converse(call(STORY, "C 3.0-4.0 but I already", roles=False))
    assert [event.by for event in events(nameless)] == ["Speaker 2"]
    assert set(figures(nameless, []).values()) == {Unknown("roles not known")}
