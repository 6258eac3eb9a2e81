"""Charts: valid Vega-Lite, the same data as a table, gaps where nothing is known."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta

import jsonschema
import pytest
import vl_convert
from altair.vegalite.v6.schema.core import load_schema

from analytics import charts
from analytics.queries import METRICS, DayCount, Dot, Point, Quarter, Scope
from transcription.models import Agent, User

SCOPE = Scope(User(), date(2026, 11, 1), date(2026, 11, 30), agent=Agent(pk=3))
QUARTERS = [Quarter(1, -2.04, 4), Quarter(2, None, 0), Quarter(3, 0.4, 5), Quarter(4, 2.2, 5)]


def all_charts() -> list[charts.Chart]:
    return [
        charts.calls_by_day([DayCount(date(2026, 11, 2), 3, 4.25), DayCount(date(2026, 11, 3), 0, 0.0)], SCOPE),
        charts.weekly(
            METRICS["wpm_agent"], [Point(date(2026, 11, 2), 150.4, 3), Point(date(2026, 11, 9), None, 0)], SCOPE
        ),
        charts.dots(METRICS["silence_share"], [Dot(7, "call-7.wav", datetime(2026, 11, 2, 9, 30, tzinfo=UTC), 12.34)]),
        charts.sentiment_quarters(QUARTERS, SCOPE),
    ]


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.name)
def test_chart_compiles_and_has_a_table_twin(chart: charts.Chart) -> None:
    jsonschema.Draft7Validator(load_schema()).validate(chart.spec)
    vega = vl_convert.vegalite_to_vega(chart.spec)
    assert vega["marks"]
    drawn = vl_convert.vegalite_to_svg(chart.spec | {"width": 300})
    assert re.search(r'aria-label="[^"]+" role="graphics-symbol"', drawn), "axes without data"
    assert chart.rows
    assert all(len(row) == len(chart.columns) for row in chart.rows)


def test_days_without_calls_are_drawn_but_not_listed() -> None:
    chart = all_charts()[0]
    assert [row["calls"] for row in chart.spec["datasets"]["rows"]] == [3, 0]
    assert chart.rows == [("2 Nov 2026", 3, 4.2)]


def test_a_week_without_calls_is_a_gap() -> None:
    chart = all_charts()[1]
    assert chart.spec["datasets"]["rows"][1]["value"] is None
    assert chart.rows == [("2 Nov 2026", 150, 3)]


def test_calls_are_counted_in_whole_numbers() -> None:
    def ticks(most: int) -> list[int]:
        chart = charts.calls_by_day([DayCount(date(2026, 11, 2), most, 1.0)], SCOPE)
        found: list[int] = chart.spec["encoding"]["y"]["axis"]["values"]
        return found

    assert ticks(2) == [0, 1, 2]
    assert ticks(9) == [0, 3, 6, 9]
    assert ticks(4000) == [0, 1000, 2000, 3000, 4000]


def test_weeks_before_the_first_call_are_not_drawn() -> None:
    def weeks(*calls: int) -> list[int]:
        points = [Point(date(2026, 9, 7) + timedelta(weeks=i), float(n) or None, n) for i, n in enumerate(calls)]
        return [row["n"] for row in charts.weekly(METRICS["silence_share"], points, SCOPE).spec["datasets"]["rows"]]

    assert weeks(0, 0, 0, 2, 0, 1, 1, 3) == [2, 0, 1, 1, 3]
    assert weeks(0, 0, 0, 0, 0, 0, 0, 3) == [0, 0, 0, 3]


def test_sentiment_is_drawn_on_its_whole_range_and_shares_from_0() -> None:
    point = [Point(date(2026, 11, 2), 0.0, 1)]
    for key, domain in (("sentiment_customer", [-5, 5]), ("silence_share", [0, 1])):
        line, dots = charts.weekly(METRICS[key], point, SCOPE).spec["layer"]
        assert line["encoding"]["y"]["scale"]["domain"] == dots["encoding"]["y"]["scale"]["domain"] == domain


def test_a_dot_links_to_its_call() -> None:
    chart = all_charts()[2]
    assert chart.spec["datasets"]["rows"][0]["href"] == "/calls/7/?counted=silence_share"
    assert chart.rows == [("call-7.wav", "2 Nov 2026, 09:30", 12.3)]


def test_a_week_and_a_day_link_to_their_calls() -> None:
    days, weeks, *_ = all_charts()
    assert days.spec["datasets"]["rows"][0]["href"] == "/calls/?from=2026-11-02&to=2026-11-02&agent=3&counted=any"
    assert weeks.spec["datasets"]["rows"][0]["href"] == (
        "/calls/?from=2026-11-02&to=2026-11-08&agent=3&counted=wpm_agent&sort=-wpm_agent"
    )


def test_quarters_are_signed_and_keep_their_gap() -> None:
    chart = charts.sentiment_quarters(QUARTERS, SCOPE)
    assert [row["words"] for row in chart.spec["datasets"]["rows"]] == ["−2.0", "", "+0.4", "+2.2"]
    assert chart.rows[1] == (2, None, 0)
    behind = "/calls/?from=2026-11-01&to=2026-11-30&agent=3&counted=sentiment_customer&sort=sentiment_customer"
    assert {row["href"] for row in chart.spec["datasets"]["rows"]} == {behind}


def test_a_dot_chart_without_calls_has_no_rows() -> None:
    assert charts.dots(METRICS["wpm_agent"], []).rows == []


def test_customers_are_amber_and_agents_teal() -> None:
    point = [Point(date(2026, 11, 2), 1.0, 1)]
    for key, colour in (("sentiment_customer", "var(--customer-fill)"), ("wpm_agent", "var(--agent-fill)")):
        marks = [layer["mark"]["color"] for layer in charts.weekly(METRICS[key], point, SCOPE).spec["layer"]]
        assert marks == [colour, colour]


def test_library_is_complete_and_needs_nothing_from_outside() -> None:
    script = gzip.decompress(charts.library()).decode()
    assert "window.vegaEmbed" in script
    assert "import(" not in script[:2000]
