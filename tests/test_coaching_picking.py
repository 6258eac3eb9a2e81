"""Which moments of calls are worth talking about, and why, from written-out calls."""

from dataclasses import replace
from datetime import date
from itertools import permutations

from analytics.coaching.kinds import Call, Said, candidates
from analytics.coaching.picking import Candidate, pick

MONDAY, TUESDAY = date(2025, 5, 12), date(2025, 5, 13)
NUMBERS: dict[str, float | None] = {}


def candidate(
    recording: int, kind: str, level: float, day: date = MONDAY, *, topic: str = "", at_s: float = 10
) -> Candidate:
    return Candidate(recording, day, topic, kind, True, level, at_s, at_s + 5, "because")


def agent(start: float, end: float, words: int = 10, *, asks: bool = False) -> Said:
    return Said("agent", start, end, words, asks=asks)


def customer(start: float, end: float, words: int = 20, score: float | None = None) -> Said:
    return Said("customer", start, end, words, score)


def kinds(call: Call) -> dict[str, Candidate]:
    return {found.kind: found for found in candidates(call, {})}


def test_another_kind_is_taken_before_more_of_the_same() -> None:
    pool = [candidate(1, "waits", 4), candidate(2, "waits", 3.9), candidate(3, "cuts_in", 3, TUESDAY)]
    assert [one.recording for one in pick(pool, 2)] == [1, 3]


def test_twice_as_extreme_is_taken_whatever_its_kind() -> None:
    pool = [candidate(1, "waits", 4), candidate(2, "waits", 3.9, TUESDAY), candidate(3, "cuts_in", 1.9, TUESDAY)]
    assert [one.recording for one in pick(pool, 2)] == [1, 2]


def test_another_day_and_another_topic_are_taken_first() -> None:
    pool = [
        candidate(1, "a", 4, topic="Where is my parcel?"),
        candidate(2, "b", 3, topic="Where is my parcel?"),
        candidate(3, "c", 2.5, topic="What does it cost?"),
        candidate(4, "d", 2.4, TUESDAY, topic="What does it cost?"),
    ]
    assert [one.recording for one in pick(pool, 2)] == [1, 4]


def test_calls_without_a_topic_are_not_of_the_same() -> None:
    pool = [candidate(1, "a", 4), candidate(2, "b", 3, TUESDAY), candidate(3, "c", 2.9, TUESDAY, topic="A topic")]
    assert [one.recording for one in pick(pool, 2)] == [1, 2]


def test_one_moment_is_not_picked_twice_under_two_names() -> None:
    pool = [candidate(1, "waits", 4, at_s=10), candidate(1, "mood_falls", 3, at_s=30)]
    assert len(pick(pool, 2)) == 1
    assert len(pick([pool[0], replace(pool[1], at_s=100, until_s=105)], 2)) == 2


def test_what_is_taken_counts() -> None:
    taken = [candidate(1, "waits", 4)]
    assert pick([candidate(1, "asks", 5)], 1, taken) == []
    assert pick([candidate(2, "waits", 2), candidate(3, "asks", 1.5, TUESDAY)], 1, taken)[0].recording == 3


def test_the_order_of_candidates_changes_nothing() -> None:
    pool = [candidate(number, "waits", 2, MONDAY) for number in range(4)]
    assert {tuple(one.recording for one in pick(order, 3)) for order in permutations(pool)} == {(0, 1, 2)}


def test_a_mood_that_rises_is_told_with_its_numbers() -> None:
    turns = (customer(0, 10, 20, -0.4), agent(11, 20), customer(21, 30, 30, 0.6))
    found = kinds(Call(1, MONDAY, turns))["mood_rises"]
    assert found.strong
    assert (found.at_s, found.until_s, found.level) == (11, 20, 2.5)
    assert found.why == (
        "The customer’s mood rises from −2.0 to +3.0 after this (n 20 words before, 30 after; of −5 to +5)"
    )


def test_a_mood_that_falls_is_weak_and_small_changes_are_nothing() -> None:
    turns = (customer(0, 10, 20, 0.6), agent(11, 20), customer(21, 30, 20, -0.4))
    assert not kinds(Call(1, MONDAY, turns))["mood_falls"].strong
    steady = (customer(0, 10, 20, 0.2), agent(11, 20), customer(21, 30, 20, -0.1))
    assert kinds(Call(1, MONDAY, steady)) == {}


def test_too_few_words_have_no_mood() -> None:
    turns = (customer(0, 10, 11, -0.9), agent(11, 20), customer(21, 30, 50, 0.9))
    assert kinds(Call(1, MONDAY, turns)) == {}


def test_what_the_agent_feels_is_not_looked_at() -> None:
    turns = (replace(agent(0, 10, 20), score=0.9), customer(11, 20, 20), replace(agent(21, 30, 20), score=-0.9))
    assert kinds(Call(1, MONDAY, turns)) == {}


def test_the_longest_wait_counts_and_a_probable_hold_does_not() -> None:
    found = kinds(Call(1, MONDAY, waits=((10, 16), (50, 62), (100, 130))))["waits"]
    assert (found.at_s, found.until_s, found.level) == (50, 62, 2.4)
    assert found.why == "The customer waits 12.0 s for the agent to speak; 2 such waits in this call"


def test_one_interruption_is_nothing_two_are_a_moment() -> None:
    assert kinds(Call(1, MONDAY, cut_ins=((5, 7),))) == {}
    call = Call(1, MONDAY, cut_ins=((5, 7), (20, 24)), numbers={"interruptions_by_agent": 2})
    (found,) = candidates(call, {"interruptions_by_agent": (0.53, 34)})
    assert (found.at_s, found.level) == (20, 1)
    assert found.why == "Cuts in 2 times in this call (mean 0.5, n 34 calls); the longest"


def test_a_monologue_goes_on_over_a_yes() -> None:
    turns = (agent(0, 30), customer(30, 31, 1), agent(31, 90), customer(91, 95, 10), agent(96, 120))
    found = kinds(Call(1, MONDAY, turns, numbers={"longest_monologue_s_agent": 90.0}))["monologue"]
    assert (found.at_s, found.until_s, found.level) == (0, 90, 2)


def test_fillers_are_heard_where_they_are_densest() -> None:
    call = Call(1, MONDAY, fillers=(1, 40, 45, 52, 90), numbers={"fillers_per_100_words_agent": 7.5})
    found = kinds(call)["fillers"]
    assert (found.at_s, found.until_s, found.level) == (40, 53, 1.5)
    assert found.why == "3 fillers within 20 s; 7.5 per 100 words in this call"


def test_a_quick_answer_comes_after_the_longest_turn() -> None:
    turns = (
        customer(0, 5, 5),
        agent(5.2, 8),
        customer(9, 20, 40),
        agent(20.4, 25),
        customer(26, 40, 60),
        agent(43, 50),
    )
    found = kinds(Call(1, MONDAY, turns, numbers={"response_latency_median_s": 0.5}))["quick"]
    assert (found.at_s, found.until_s, found.level) == (9, 25, 2)
    assert found.why == "Answered after 0.4 s; median 0.5 s in this call"


def test_questions_are_a_moment_where_there_are_many() -> None:
    turns = (agent(0, 5), agent(8, 9, asks=True), customer(10, 12, 5))
    found = kinds(Call(1, MONDAY, turns, numbers={"questions_agent_per_10_min": 10.0}))["asks"]
    assert (found.at_s, found.level) == (8, 2)
    assert kinds(Call(1, MONDAY, turns, numbers={"questions_agent_per_10_min": 4.9})) == {}
    assert kinds(Call(1, MONDAY, turns, numbers={"questions_agent_per_10_min": None})) == {}


def test_what_is_usual_is_no_strong_moment() -> None:
    turns = (agent(0, 5, asks=True), customer(6, 9, 9), agent(9.4, 12))
    call = Call(1, MONDAY, turns, numbers={"questions_agent_per_10_min": 8.0, "response_latency_median_s": 0.5})
    usual = {"questions_agent_per_10_min": (8.0, 20), "response_latency_median_s": (0.5, 20)}
    assert candidates(call, usual) == []
    others = {"questions_agent_per_10_min": (7.9, 20), "response_latency_median_s": (0.6, 20)}
    assert {found.kind for found in candidates(call, others)} == {"asks", "quick"}


def test_the_topic_is_what_was_asked_last() -> None:
    call = Call(1, MONDAY, topics=((5, "First?"), (20, "Second?"), (90, "Third?")), waits=((40, 50),))
    assert kinds(call)["waits"].topic == "Second?"


def test_no_level_is_above_five() -> None:
    call = Call(1, MONDAY, cut_ins=tuple((at, at + 1) for at in range(0, 90, 3)))
    assert kinds(call)["cuts_in"].level == 5
