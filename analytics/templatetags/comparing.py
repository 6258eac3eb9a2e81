"""How differences are written: against the team, against the weeks before, against chance."""

from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analytics.compare import MIN_CALLS, Side
from analytics.queries import BASELINE_DAYS, AgentRow, Estimate, Metric, Tile

from .verbatim import dash, decimal, signed

register = template.Library()

NO_DIFFERENCE: Final = "no real difference"
_ARROWS: Final[dict[Side | None, str]] = {"above": "▲", "below": "▼"}
_WORDS: Final[dict[Side | None, str]] = {"same": NO_DIFFERENCE, None: "all values the same, not compared"}


@register.simple_tag
def standing(row: AgentRow, everybody: Estimate, shown: Metric) -> SafeString:
    """On which side of the mean of all calls the agent is; nothing where there is no real difference."""
    side = row.deviations[shown.key].side
    if side not in _ARROWS:
        return SafeString("")
    return format_html('<span class="standing">{} mean {}</span>', side, decimal(everybody.value, shown.decimals))


@register.simple_tag
def deviated(shown: Metric, row: AgentRow) -> SafeString:
    """A cell of the heat map: arrow and difference as a link to the agent's calls, coloured only if it is real."""
    found = row.deviations[shown.key]
    if found.value is None:
        return format_html('<td class="number">{}</td>', dash(found.reason))
    words = _WORDS.get(found.side, f"{found.side} the mean")
    return format_html(
        '<td class="number heat {} step{}"><a class="drill" href="{}?{}" title="{}">{} {}'
        '<span class="unseen">, {}</span></a></td>',
        found.side if found.step else "",
        found.step,
        reverse("calls"),
        row.scope.behind(shown.key),
        words,
        _ARROWS.get(found.side, ""),
        signed(found.value, shown.decimals),
        words,
    )


@register.simple_tag
def against_team(tile: Tile) -> SafeString:
    """The team's median, and whether the agent differs from it; nothing where it may not be told."""
    if tile.team_median is None:
        return SafeString("")
    median = decimal(tile.team_median, tile.decimals)
    if tile.team_side in _ARROWS:
        return format_html("{} {} the team median {}", _ARROWS[tile.team_side], tile.team_side, median)
    words = f": {NO_DIFFERENCE}" if tile.team_side == "same" else ""
    return format_html("team median {}{}", median, words)


@register.simple_tag
def against_before(tile: Tile) -> SafeString:
    """The mean of the 30 days before as a link to its calls, and whether the number has changed since."""
    before = tile.baseline
    days = f"{BASELINE_DAYS} days before"
    if before.value is None:
        return format_html("{}: no calls with this number", days)
    link = format_html(
        '<a href="{}?{}">{}</a>: {} (n {})',
        reverse("calls"),
        before.query,
        days,
        decimal(before.value, tile.decimals),
        before.n,
    )
    change = before.change
    if change.value is None:
        return format_html("{}, not compared under {} calls", link, MIN_CALLS)
    if not change.clear:
        return format_html("{}, {}", link, NO_DIFFERENCE)
    bounds = (signed(bound, tile.decimals) for bound in (change.value, change.low, change.high))
    return format_html("{}, {} {} (95 % {} to {})", link, "▲" if change.value > 0 else "▼", *bounds)
