"""How numbers, words and drawings are written."""

from datetime import date
from types import SimpleNamespace

import pytest

from analytics.compare import Change
from analytics.queries import METRICS, Estimate, Feelings, Point, Tile
from analytics.queries.deviations import deviation
from analytics.queries.figures import Baseline
from analytics.templatetags import comparing, drawings, transcript, verbatim


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(1234.5, 1, "1,234.5"), (-2, 0, "−2"), (-0.04, 1, "0.0"), (None, 1, ""), (0.25, 2, "0.25")],
)
def test_decimal(value: float | None, places: int, text: str) -> None:
    assert verbatim.decimal(value, places) == text


def test_signed() -> None:
    assert [verbatim.signed(value) for value in (1.5, -1.5, 0.0, 0.01)] == ["+1.5", "−1.5", "0.0", "0.0"]


def test_clock() -> None:
    assert [verbatim.clock(seconds) for seconds in (0, 75.9, 3700, None)] == ["0:00", "1:15", "1:01:40", ""]


def test_an_unknown_number_is_a_dash_with_its_reason_never_0() -> None:
    dash = verbatim.figure(None, 1, "under 30 words <b>")
    assert "–" in dash
    assert 'tabindex="0"' in dash
    assert dash.count("under 30 words &lt;b&gt;") == 2
    assert "0.0" not in dash
    assert verbatim.figure(0.0) == "0.0"


def test_feeling_begins_at_one() -> None:
    assert [verbatim.feeling(score) for score in (1.0, 0.9, -0.9, -1.0)] == [
        "positive",
        "neutral",
        "neutral",
        "negative",
    ]


def test_feelings_have_a_shape_and_a_word() -> None:
    assert "▲" in verbatim.shape("positive")
    assert "negative" in verbatim.shape("negative")
    assert verbatim.shape("") == ""


def estimate(value: float, *interval: float) -> Estimate:
    return Estimate(value, 6, (interval[0], interval[1]) if interval else None, "")


def test_an_interval_in_words() -> None:
    assert verbatim.spread(estimate(4.0, 3.0, 5.25)) == "3.0 to 5.2"
    assert verbatim.spread(estimate(0.0, 0.0, 0.0)) == "all the same"
    assert verbatim.spread(estimate(4.0)) == ""


def test_an_agent_stands_out_where_the_interval_leaves_out_the_mean_of_all() -> None:
    pace, everybody = METRICS["wpm_agent"], estimate(5.0, 4.0, 6.0)

    def standing(own: Estimate) -> str:
        deviations = {pace.key: deviation(own, everybody, 4.0)}
        return comparing.standing(SimpleNamespace(deviations=deviations), everybody, pace)

    assert "above mean 5" in standing(estimate(8.0, 5.1, 9.0))
    assert "below mean 5" in standing(estimate(2.0, 1.0, 4.9))
    assert standing(estimate(8.0, 4.9, 9.0)) == ""
    assert standing(estimate(0.0, 0.0, 0.0)) == ""
    assert standing(estimate(9.0)) == ""


def turn(*words: tuple[str, float, float]) -> SimpleNamespace:
    return SimpleNamespace(
        role="agent", start=words[0][1], end=words[-1][2], words=[[*w, 0.9, "attention"] for w in words]
    )


def test_words_carry_their_times_and_fillers_their_tier() -> None:
    fillers = [
        SimpleNamespace(role="customer", tier=1, at_s=1.0, end_s=1.2),
        SimpleNamespace(role="agent", tier=2, at_s=1.2, end_s=1.6),
        SimpleNamespace(role="agent", tier=3, at_s=9.0, end_s=9.2),
    ]
    html = transcript.words(turn(("<So>", 1.0, 1.2), ("you", 1.2, 1.4), ("know", 1.4, 1.6), ("it", 1.6, 1.7)), fillers)
    assert html == (
        '<p data-times="100 20 20 20 20 20 20 10">&lt;So&gt; <span class="filler tier-2">you</span> '
        '<span class="filler tier-2">know</span> it</p>'
    )


def test_words_that_were_searched_for_are_marked_and_hold_no_blank() -> None:
    shown = transcript.words(turn(("new\tyork", 0.0, 0.3), ("um", 0.3, 0.4)), [], {0})
    assert shown == '<p data-times="0 30 30 10"><mark>new\xa0york</mark> um</p>'


def tile(values: list[float | None], **overrides: object) -> Tile:
    trend = [Point(date(2026, 11, 2), value, 3) for value in values]
    shown = {"key": "wpm_agent", "label": "Agent pace", "unit": "words/min", "decimals": 0, "value": values[-1]}
    rest = {"weighted": None, "n": 3, "reason": "", "interval": None, "team_median": None, "note": "", "query": ""}
    rest |= {"team_side": None, "baseline": Baseline(None, 0, Change(None, None, None), "")}
    return Tile(**(shown | rest | {"trend": trend} | overrides))  # type: ignore[arg-type]


def test_trend_is_broken_where_nothing_is_known() -> None:
    svg = drawings.sparkline(tile([1.0, 2.0, None, 3.0]))
    assert svg.count("M0.0 ") == 1
    assert svg.count("L") == 1
    assert svg.count('class="spark-dot"') == 1
    assert "spark-interval" not in svg


def test_trend_shows_interval_and_team_median() -> None:
    svg = drawings.sparkline(tile([1.0, 2.0], interval=(1.5, 2.5), team_median=1.2))
    assert "spark-interval" in svg
    assert "spark-team" in svg


def test_no_trend_without_values() -> None:
    assert drawings.sparkline(tile([None, None])) == ""


def test_a_trend_begins_with_the_first_value_but_has_four_periods() -> None:
    assert "M0.0 " in drawings.sparkline(tile([None, None, 1.0, 2.0, 3.0, 2.0]))
    assert "M90.7 " in drawings.sparkline(tile([None, None, None, None, 2.0, 3.0]))


def test_feelings_share_a_bar() -> None:
    svg = drawings.share_bar(Feelings(positive=1, neutral=1, negative=2, unknown=9))
    assert 'class="negative" x="0.00" width="50.00"' in svg
    assert 'class="positive" x="75.00" width="25.00"' in svg


def test_words_say_in_which_language_they_are() -> None:
    assert transcript.words(turn(("Ja", 0.0, 0.3)), [], None, "de") == '<p lang="de" data-times="0 30">Ja</p>'
