"""Charts as Vega-Lite specifications, each with the same data as a table.

Every function takes what analytics.queries gives.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import altair as alt
import vl_convert
from altair.utils.schemapi import disable_debug_mode
from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.chart_style import THEME, day_and_month, day_written, locale, moment_written, on_the_wall
from analytics.queries import METRICS, DayCount, Dot, Metric, Point, Quarter, Scope
from analytics.written import signed

disable_debug_mode()
"""Altair checks every part of every chart against its schema, for seconds a page of charts; the tests do it instead."""

Cell = str | int | float | None
Spec = dict[str, Any]

_ROWS = alt.NamedData("rows")
FEELINGS: Final = (-5, 5)
FAR_FROM_ZERO: Final = ("agent_talk_share", "wpm_agent", "wpm_customer")
SHORTEST: Final = 4
"""Weeks shown at least."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`rows` under `columns` are the table twin; None is a missing value. `name` is unique on a page."""

    name: str
    title: str
    spec: Spec
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    @property
    def script_id(self) -> str:
        return f"chart-{self.name}"


def calls_by_day(days: Sequence[DayCount], scope: Scope) -> Chart:
    """Bars: measured calls of each day of the scope; a click lists them."""
    most = max((d.calls for d in days), default=0)
    rows = [
        {
            "day": d.day.isoformat(),
            "calls": d.calls,
            "minutes": round(d.minutes, 1),
            "href": _listed(replace(scope, start=d.day, end=d.day).measured),
        }
        for d in days
    ]
    bars = (
        alt.Chart(_ROWS)
        .mark_bar(width={"band": 0.8}, cursor="pointer")
        .encode(
            href="href:N",
            x=_day_axis("day", "utcyearmonthdate"),
            y=alt.Y("calls:Q", title=None, axis=alt.Axis(values=_whole_ticks(most), format=",d")),
            tooltip=[
                _day_tip("day", _("day")),
                alt.Tooltip("calls:Q", title=_("calls"), format=",d"),
                alt.Tooltip("minutes:Q", title=_("minutes"), format=",.1f"),
            ],
        )
    )
    table: list[tuple[Cell, ...]] = [(day_written(d.day), d.calls, round(d.minutes, 1)) for d in days if d.calls]
    columns = (_("Day"), _("Calls"), _("Minutes"))
    return Chart("days", _("Calls by day"), _spec(bars, rows, 104), columns, table)


def weekly(metric: Metric, points: Sequence[Point], scope: Scope) -> Chart:
    """A small line: the mean of each week from the first with calls; weeks without calls are gaps.

    A click on a week lists its calls, those of `scope` in other days.
    """
    shown = _from_first(points)
    rows = [
        {"week": p.start.isoformat(), "value": p.value, "n": p.n, "href": _week_behind(scope, p.start, metric)}
        for p in shown
    ]
    base = alt.Chart(_ROWS).encode(
        x=alt.X("week:T", title=None, scale=alt.Scale(type="utc"), axis=_week_axis(shown)),
        y=_value_axis(metric, [p.value for p in shown]),
    )
    tips = [_day_tip("week", _("week from")), _value_tip(metric), alt.Tooltip("n:Q", title=_("calls"))]
    dots = base.mark_point(size=36, opacity=1, color=_colour(metric.key), cursor="pointer")
    line = alt.layer(base.mark_line(color=_colour(metric.key)), dots.encode(href="href:N", tooltip=tips))
    table: list[tuple[Cell, ...]] = [(day_written(p.start), _rounded(p.value, metric), p.n) for p in shown if p.n]
    return Chart(
        f"weekly-{metric.key}",
        f"{metric.label}, {metric.unit}",
        _spec(line, rows, 96),
        (_("Week from"), metric.label, _("Calls")),
        table,
    )


def dots(metric: Metric, calls: Sequence[Dot]) -> Chart:
    """One dot for each call, by date; a click opens it."""
    rows = [
        {
            "at": on_the_wall(d.at),
            "when": moment_written(d.at),
            "value": d.value,
            "call": d.label,
            "href": _opened(d, metric),
        }
        for d in calls
    ]
    points = (
        alt.Chart(_ROWS)
        .mark_point(size=64, opacity=0.75, color=_colour(metric.key), cursor="pointer")
        .encode(
            x=alt.X("at:T", title=None, scale=alt.Scale(type="utc", padding=12), axis=_date_axis(6)),
            y=_value_axis(metric, [d.value for d in calls]),
            href="href:N",
            tooltip=[
                alt.Tooltip("call:N", title=_("call")),
                alt.Tooltip("when:N", title=_("at")),
                _value_tip(metric),
            ],
        )
    )
    mean = alt.Chart(_ROWS).mark_rule(strokeDash=[4, 3]).encode(y="mean(value):Q")
    chart = alt.layer(points, mean) if rows else points
    table: list[tuple[Cell, ...]] = [(d.label, moment_written(d.at), _rounded(d.value, metric)) for d in calls]
    columns = (_("Call"), _("At"), metric.label)
    return Chart("dots", f"{metric.label}, {metric.unit}", _spec(chart, rows, 220), columns, table)


def sentiment_quarters(quarters: Sequence[Quarter], scope: Scope) -> Chart:
    """Customers' mean sentiment from the first to the last quarter of their calls, values beside the points.

    A click lists the calls behind them, the unhappiest first.
    """
    href = _listed(f"{scope.query}&counted=sentiment_customer&sort=sentiment_customer")
    names = (_("start"), _("second"), _("third"), _("end"))
    rows = [
        {"quarter": f"{name}, n {q.n}", "value": q.value, "n": q.n, "words": signed(q.value), "href": href}
        for name, q in zip(names, quarters, strict=True)
    ]
    order = [row["quarter"] for row in rows]
    x = alt.X("quarter:N", title=None, sort=order, axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.35))
    y = _value_axis(METRICS["sentiment_customer"], ())
    tips = [
        alt.Tooltip("quarter:N", title=_("quarter")),
        alt.Tooltip("words:N", title=_("sentiment")),
        alt.Tooltip("n:Q", title=_("calls")),
    ]
    base = alt.Chart(_ROWS).encode(x=x, y=y, tooltip=tips)
    zero = alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule().encode(y=alt.Y("y:Q"))
    colour = "var(--customer-fill)"
    line = base.mark_line(color=colour)
    linked = base.encode(href="href:N")
    points = linked.mark_point(size=56, color=colour, fill=colour, opacity=1, cursor="pointer")
    words = linked.mark_text(dy=-14, fontWeight="bold", color="var(--customer)", cursor="pointer").encode(
        text="words:N"
    )
    table: list[tuple[Cell, ...]] = [(q.number, None if q.value is None else round(q.value, 1), q.n) for q in quarters]
    return Chart(
        "quarters",
        _("Customer sentiment by quarter of the call, −5 to +5"),
        _spec(alt.layer(zero, line, points, words), rows, 180),
        (_("Quarter of the call"), _("Customer sentiment"), _("Calls")),
        table,
    )


@cache
def library() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one gzipped script that sets window.vegaEmbed; made once a process."""
    return gzip.compress(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode())


def library_version() -> str:
    """Changes when `library` does."""
    return version("vl-convert-python")


def _spec(chart: Any, rows: list[dict[str, Any]], height: int) -> Spec:
    """The rows are added to the finished specification: Altair copies all that it holds at every step."""
    sized = chart.properties(width="container", height=height, autosize={"type": "fit-x", "contains": "padding"})
    spec: Spec = sized.to_dict(validate=False)
    return spec | {"config": THEME | {"locale": locale()}, "datasets": {"rows": rows}}


def _opened(dot: Dot, metric: Metric) -> str:
    return f"{reverse('call', args=[dot.recording_id])}?counted={metric.key}"


def _listed(query: str) -> str:
    return f"{reverse('calls')}?{query}"


def _week_behind(scope: Scope, monday: date, metric: Metric) -> str:
    return _listed(replace(scope, start=monday, end=monday + timedelta(days=6)).behind(metric.key))


def _day_axis(field: str, unit: str | None, ticks: int = 8) -> Any:
    axis = _date_axis(ticks)
    scale = alt.Scale(type="utc")
    return alt.X(f"{field}:T", title=None, axis=axis, scale=scale, **({"timeUnit": unit} if unit else {}))


def _date_axis(ticks: int) -> Any:
    return alt.Axis(format=day_and_month(), tickCount=ticks, labelOverlap=True)


def _whole_ticks(most: int) -> list[int]:
    """At most five ticks from 0, none of them a broken number."""
    step = max(1, -(-most // 4))
    return list(range(0, most + step, step))


def _from_first(points: Sequence[Point]) -> Sequence[Point]:
    """Without the weeks before the first call, but for at least four."""
    empty = next((i for i, point in enumerate(points) if point.n), 0)
    return points[max(0, min(empty, len(points) - SHORTEST)) :]


def _value_axis(metric: Metric, values: Iterable[float | None]) -> Any:
    """Sentiment on its whole range; pace and talk share near their values, since 0 is far; the rest from 0."""
    if metric.key.startswith("sentiment"):
        return alt.Y("value:Q", title=None, scale=alt.Scale(domain=list(FEELINGS)), axis=_signed_axis())
    if metric.key in FAR_FROM_ZERO:
        scale = alt.Scale(zero=False, nice=True)
    else:
        scale = alt.Scale(domain=[0, max((v for v in values if v is not None), default=0) or 1], nice=True)
    return alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=3))


def _week_axis(weeks: Sequence[Point]) -> Any:
    """A tick for each week, where it begins."""
    starts = [alt.DateTime(year=w.start.year, month=w.start.month, date=w.start.day, utc=True) for w in weeks]
    return alt.Axis(format=day_and_month(), values=starts, labelOverlap=True)


def _day_tip(field: str, title: str) -> Any:
    return alt.Tooltip(f"{field}:T", title=title, format=f"{day_and_month()} %Y", timeUnit="utcyearmonthdate")


def _value_tip(metric: Metric) -> Any:
    return alt.Tooltip("value:Q", title=metric.label, format=f",.{metric.decimals}f")


def _signed_axis() -> Any:
    return alt.Axis(values=[-5, 0, 5], labelExpr="(datum.value > 0 ? '+' : '') + replace(datum.label, '-', '−')")


def _colour(key: str) -> str:
    """Customers' numbers are amber, agents' teal, what belongs to neither is grey."""
    if "customer" in key:
        return "var(--customer-fill)"
    return "var(--agent-fill)" if "agent" in key else "var(--ink-3)"


def _rounded(value: float | None, metric: Metric) -> float | None:
    return None if value is None else round(value, metric.decimals)
