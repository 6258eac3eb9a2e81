"""Small drawings made on the server: trend lines of tiles, fingerprints of calls, bars in tables."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from analytics import strip
from analytics.queries import Feelings, Point, Tile

register = template.Library()

WIDTH, HEIGHT = 168, 40
TREND_WIDTH = 136
"""The trend fills the left of a tile's drawing; at the right stand the interval and the team's median."""


SHORTEST_TREND = 4


@register.simple_tag
def sparkline(tile: Tile) -> SafeString:
    """The tile's periods as a line, broken where there is no value; interval as a whisker, team median as a tick."""
    values = _from_first([point.value for point in tile.trend])
    known = [v for v in values if v is not None]
    if not known:
        return SafeString("")
    low, high = _range([*known, *(tile.interval or ()), *([] if tile.team_median is None else [tile.team_median])])

    def y(value: float) -> float:
        return round(HEIGHT - 5 - (value - low) / (high - low) * (HEIGHT - 10), 1)

    parts = [_runs(values, y)]
    if tile.interval:
        parts.append(_whisker(y(tile.interval[0]), y(tile.interval[1])))
    if tile.value is not None:
        parts.append(f'<circle class="spark-now" cx="{TREND_WIDTH + 8}" cy="{y(tile.value)}" r="3"/>')
    if tile.team_median is not None:
        at = y(tile.team_median)
        parts.append(f'<path class="spark-team" d="M{TREND_WIDTH + 16} {at}H{WIDTH}"/>')
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        _("Trend of %(periods)s periods") % {"periods": len(values)},
        mark_safe("".join(parts)),  # noqa: S308  made of numbers only
    )


@register.simple_tag
def trend_line(points: Sequence[Point]) -> SafeString:
    """Periods as a line of a table's cell, from 0, broken where there is no value."""
    values = _from_first([point.value for point in points])
    most = max((value for value in values if value is not None), default=0) or 1
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        TREND_WIDTH,
        HEIGHT,
        _("Trend: %(values)s")
        % {"values": ", ".join(_("none") if value is None else f"{value:.0f} %" for value in values)},
        mark_safe(_runs(values, lambda value: round(HEIGHT - 3 - value / most * (HEIGHT - 6), 1))),  # noqa: S308
    )


def _from_first(values: list[float | None]) -> list[float | None]:
    """Without the periods before the first call, but for at least four."""
    empty = next((i for i, value in enumerate(values) if value is not None), 0)
    return values[min(empty, max(len(values) - SHORTEST_TREND, 0)) :]


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 1, high + 1)


def _runs(values: Sequence[float | None], y: Any) -> str:
    """A path through neighbouring values; a value without neighbours is a dot."""
    step = TREND_WIDTH / max(len(values) - 1, 1)
    commands, dots, pen = [], [], "M"
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        commands.append(f"{pen}{round(i * step, 1)} {y(value)}")
        alone = pen == "M" and (i + 1 == len(values) or values[i + 1] is None)
        if alone:
            dots.append(f'<circle class="spark-dot" cx="{round(i * step, 1)}" cy="{y(value)}" r="1.6"/>')
        pen = "L"
    return f'<path class="spark-line" d="{"".join(commands)}"/>{"".join(dots)}'


def _whisker(low: float, high: float) -> str:
    x = TREND_WIDTH + 8
    return f'<path class="spark-interval" d="M{x} {low}V{high}M{x - 3} {low}h6M{x - 3} {high}h6"/>'


@register.simple_tag
def fingerprint(recording: Any) -> SafeString:
    """The call's strip, small: bars of the first party up, of the second down."""
    pair = strip.lanes(recording)
    if not pair:
        return SafeString("")
    paths = []
    for lane, side in zip(pair, (-1, 1), strict=False):
        bars = (
            f"M{i * 2 + 1} 14v{side * max(1, round(level * 13))}"
            for i, level in enumerate(strip.columns(lane, recording.duration))
            if level
        )
        paths.append(f'<path class="lane {lane["role"]}" d="{"".join(bars)}"/>')
    return format_html(
        '<svg class="fingerprint" viewBox="0 0 140 28" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        mark_safe("".join(paths)),  # noqa: S308  made of numbers and role names only
    )


@register.simple_tag
def bar(value: float, most: float, kind: str = "agent") -> SafeString:
    """`value` as a bar of a table cell; `most` fills the cell."""
    width = round(100 * value / most, 1) if most else 0
    return format_html(
        '<svg class="meter {}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="8"/></svg>',
        kind,
        width,
    )


@register.simple_tag
def share_bar(feelings: Feelings) -> SafeString:
    """One bar of unhappy, neither and happy customers; the list beside it has the numbers."""
    counts = {"negative": feelings.negative, "neutral": feelings.neutral, "positive": feelings.positive}
    total, x, parts = sum(counts.values()), 0.0, []
    for name, count in counts.items():
        width = 100 * count / total if total else 0.0
        parts.append(f'<rect class="{name}" x="{x:.2f}" width="{width:.2f}" height="10"/>')
        x += width
    return format_html(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        mark_safe("".join(parts)),  # noqa: S308  made of numbers only
    )
