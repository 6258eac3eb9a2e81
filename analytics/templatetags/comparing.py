"""How differences are written: against the team, against the weeks before, against chance."""

from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics.compare import MIN_CALLS, Side
from analytics.queries import BASELINE_DAYS, AgentRow, Estimate, Metric, Tile
from analytics.written import decimal, signed

from .verbatim import dash

register = template.Library()

NO_DIFFERENCE: Final = gettext_noop("no real difference")
_ARROWS: Final[dict[Side | None, str]] = {"above": "▲", "below": "▼"}
_WORDS: Final[dict[Side | None, str]] = {
    "above": gettext_noop("above the mean"),
    "below": gettext_noop("below the mean"),
    "same": NO_DIFFERENCE,
    None: gettext_noop("all values the same, not compared"),
}


@register.simple_tag
def standing(row: AgentRow, everybody: Estimate, shown: Metric) -> SafeString:
    """On which side of the mean of all calls the agent is; nothing where there is no real difference."""
    side = row.deviations[shown.key].side
    if side not in _ARROWS:
        return SafeString("")
    words = _("above mean %(mean)s") if side == "above" else _("below mean %(mean)s")
    return format_html('<span class="standing">{}</span>', words % {"mean": decimal(everybody.value, shown.decimals)})


@register.simple_tag
def deviated(shown: Metric, row: AgentRow) -> SafeString:
    """A cell of the heat map: arrow and difference as a link to the agent's calls, coloured only if it is real."""
    found = row.deviations[shown.key]
    if found.value is None:
        return format_html('<td class="number">{}</td>', dash(found.reason))
    words = _(_WORDS[found.side])
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
    words = {
        "above": _("▲ above the team median %(median)s"),
        "below": _("▼ below the team median %(median)s"),
        "same": _("team median %(median)s: no real difference"),
    }.get(tile.team_side or "", _("team median %(median)s"))
    return format_html("{}", words % {"median": decimal(tile.team_median, tile.decimals)})


@register.simple_tag
def against_before(tile: Tile) -> SafeString:
    """The mean of the 30 days before as a link to its calls, and whether the number has changed since."""
    before = tile.baseline
    days = _("%(days)s days before") % {"days": BASELINE_DAYS}
    if before.value is None:
        return format_html("{}: {}", days, _("no calls with this number"))
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
        return format_html("{}, {}", link, _("not compared under %(calls)s calls") % {"calls": MIN_CALLS})
    if not change.clear:
        return format_html("{}, {}", link, _(NO_DIFFERENCE))
    value, low, high = (signed(bound, tile.decimals) for bound in (change.value, change.low, change.high))
    bounds = _("95 %% %(low)s to %(high)s") % {"low": low, "high": high}
    return format_html("{}, {} {} ({})", link, "▲" if change.value > 0 else "▼", value, bounds)
