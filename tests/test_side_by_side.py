"""Two accounts of one call: turns matched by time, words by letters, numbers by definition."""

import pytest

from analytics.side_by_side import Comparison, Row, compare
from tests.metrics.timeline import call

pytestmark = pytest.mark.django_db


def sides(row: Row) -> tuple[list[str], list[str]]:
    """Each turn as "party: text", words of this account only in brackets."""

    def told(turns: tuple[object, ...]) -> list[str]:
        return [
            f"{said.party}: " + " ".join(f"[{piece.text}]" if piece.only else piece.text for piece in said.pieces)  # type: ignore[attr-defined]
            for said in turns
        ]

    return told(row.left), told(row.right)


def rows(found: Comparison) -> list[tuple[list[str], list[str]]]:
    return [sides(row) for row in found.rows]


def test_the_same_account_twice_has_no_difference() -> None:
    one = call("A 0.0-4.0 Thank you for calling", "C 4.5-8.5 My router is broken")
    found = compare(one, one)
    assert rows(found) == [
        (["agent: Thank you for calling"], ["agent: Thank you for calling"]),
        (["customer: My router is broken"], ["customer: My router is broken"]),
    ]
    assert not any(row.differs for row in found.rows)
    assert (found.words_only_left, found.words_only_right, found.words_moved) == (0, 0, 0)
    assert all(number.change in (0, None) for number in found.numbers)


def test_words_differ_by_their_letters_alone() -> None:
    found = compare(
        call("A 0.0-4.0 thank you for calling, Dana"), call("A 0.1-4.0 Thank you, for falling Dana speaking.")
    )
    assert rows(found) == [
        (["agent: thank you for [calling,] Dana"], ["agent: Thank you, for [falling] Dana [speaking.]"])
    ]
    assert (found.words_only_left, found.words_only_right) == (1, 2)


def test_a_turn_that_was_split_stands_beside_its_parts() -> None:
    found = compare(
        call("A 0.0-8.0 one two three four", "C 9.0-10.0 yes"),
        call("A 0.0-3.9 one two", "C 4.1-8.0 three four", "C 9.0-10.0 yes"),
    )
    assert rows(found) == [
        (["agent: one two three four"], ["agent: one two", "customer: three four"]),
        (["customer: yes"], ["customer: yes"]),
    ]
    assert (found.words_moved, found.rows[0].left[0].moved, [said.moved for said in found.rows[0].right]) == (
        2,
        2,
        [0, 2],
    )
    assert [row.differs for row in found.rows] == [True, False]


def test_what_one_account_lacks_stands_alone() -> None:
    found = compare(call("A 0.0-2.0 hello there"), call("A 0.0-2.0 hello there", "C 5.0-6.0 hi"))
    assert rows(found)[1] == ([], ["customer: [hi]"])


def test_rows_come_in_order_of_time() -> None:
    found = compare(call("A 4.0-6.0 second", "C 9.0-9.5 third"), call("C 1.0-2.0 first", "A 4.0-6.0 second"))
    assert [next(said.start for said in (*row.left, *row.right)) for row in found.rows] == [1.0, 4.0, 9.0]


def test_numbers_are_those_of_each_account() -> None:
    found = compare(call("A 0.0-4.0 um thank you for calling"), call("A 0.0-4.0 thank you for calling"))
    number = {each.label: (each.left, each.right, each.change) for each in found.numbers}
    assert number["Words of the agent"] == (5, 4, -1)
    assert number["Fillers of the agent"] == (1, 0, -1)
    assert number["Agent talk share"][2] is None
    assert next(each for each in found.numbers if each.label == "Agent talk share").left_reason
