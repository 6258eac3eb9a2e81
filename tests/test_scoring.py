"""The arithmetic of reviews: scores, samples, suggestions, other weights."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from analytics.scoring import Answered, result, sample, standings, suggest

MONDAY = date(2025, 5, 12)


def yes_no(question: int, value: int | None, weight: float = 1, section: str = "Opening", **told: Any) -> Answered:
    return Answered(question, section, "yes_no", weight, told.get("critical", False), value)


def scale(question: int, value: int | None, weight: float = 1, section: str = "Opening", **told: Any) -> Answered:
    return Answered(question, section, "scale", weight, told.get("critical", False), value)


def test_questions_count_by_their_weights() -> None:
    found = result([yes_no(1, 1, weight=3), yes_no(2, 0, weight=1)])
    assert (found.score, found.points, found.failed) == (75, 75, ())


@pytest.mark.parametrize(("value", "score"), [(1, 0), (2, 25), (3, 50), (4, 75), (5, 100)])
def test_the_scale_goes_from_nothing_to_all(value: int, score: float) -> None:
    assert result([scale(1, value)]).score == score


def test_what_does_not_apply_weighs_nothing() -> None:
    assert result([yes_no(1, 1), yes_no(2, None, weight=9)]).score == 100
    assert result([yes_no(1, None)]).score is None
    assert result([yes_no(1, 1, weight=0)]).score is None
    assert result([]).score is None


def test_a_text_does_not_count() -> None:
    found = result([yes_no(1, 1), Answered(2, "Notes", "text", 5, False, None)])
    assert (found.score, found.sections) == (100, {"Opening": 100})


def test_sections_are_scored_apart_in_the_order_of_the_form() -> None:
    found = result([yes_no(1, 1), scale(2, 3, 2, "Closing"), yes_no(3, 0), yes_no(4, None, 1, "Help")])
    assert found.sections == {"Opening": 50, "Closing": 50, "Help": None}
    assert list(found.sections) == ["Opening", "Closing", "Help"]


@pytest.mark.parametrize(
    ("answer", "fails"),
    [
        (yes_no(7, 0, critical=True), True),
        (yes_no(7, 1, critical=True), False),
        (yes_no(7, None, critical=True), False),
        (yes_no(7, 0), False),
        (scale(7, 2, critical=True), True),
        (scale(7, 3, critical=True), False),
    ],
)
def test_a_critical_question_fails_the_review(answer: Answered, *, fails: bool) -> None:
    found = result([yes_no(1, 1), answer])
    assert found.failed == ((7,) if fails else ())
    assert (found.score == 0) is fails
    assert found.points


def test_a_sample_takes_a_call_of_each_day_before_a_second() -> None:
    busy = [(number, MONDAY) for number in range(20)]
    calm = [(100 + number, MONDAY + timedelta(days=1 + number)) for number in range(4)]
    picked = sample([*busy, *calm], 5, seed=1)
    assert {100, 101, 102, 103} < set(picked)
    assert len(set(picked)) == 5


def test_a_sample_is_repeatable_and_does_not_depend_on_order() -> None:
    calls = [(1, MONDAY), (2, MONDAY), (3, MONDAY + timedelta(days=1)), (4, MONDAY + timedelta(days=2))]
    assert {tuple(sample(order, 2, seed=7)) for order in permutations(calls)} == {tuple(sample(calls, 2, seed=7))}
    assert len({tuple(sample(calls, 2, seed=seed)) for seed in range(20)}) > 5


def test_a_sample_is_never_more_than_there_is() -> None:
    assert sorted(sample([(1, MONDAY), (2, MONDAY)], 5, seed=1)) == [1, 2]
    assert sample([], 5, seed=1) == []


def test_every_call_of_a_day_has_the_same_chance() -> None:
    calls = [(number, MONDAY) for number in range(4)]
    drawn = [sample(calls, 1, seed=seed)[0] for seed in range(400)]
    assert all(70 < drawn.count(number) < 130 for number in range(4))


def test_a_number_suggests_an_answer_and_says_why() -> None:
    told = {"name": "agent response time", "unit": "s"}
    yes, no = suggest(2.14, "at_most", 3, **told), suggest(3.01, "at_most", 3, **told)
    assert (yes.value, yes.why) == (1, "suggested: yes, agent response time 2.1 s (at most 3)")
    assert no.value == 0
    assert suggest(3, "at_most", 3, **told).value == suggest(3, "at_least", 3, **told).value == 1
    unknown = suggest(None, "at_least", 3, reason="no hand-over", **told)
    assert (unknown.value, unknown.why) == (None, "no suggestion: agent response time is not known (no hand-over)")


def test_other_weights_change_ranks() -> None:
    rows = standings({"Dana": [(80.0, 60.0)] * 5, "Ben": [(70.0, 90.0)] * 5, "Eve": [(10.0, 100.0)] * 4})
    assert [(row.agent, row.rank_before, row.rank_after, row.climbs) for row in rows] == [
        ("Ben", 2, 1, 1),
        ("Dana", 1, 2, -1),
        ("Eve", None, None, 0),
    ]
    assert (rows[0].before.value, rows[0].after.value, rows[0].n) == (70, 90, 5)


def test_equal_means_share_a_rank() -> None:
    rows = standings({"Dana": [(80.0, 80.0)] * 5, "Ben": [(80.0, 80.0)] * 5, "Eve": [(10.0, 10.0)] * 5})
    assert [row.rank_after for row in rows] == [1, 1, 3]
