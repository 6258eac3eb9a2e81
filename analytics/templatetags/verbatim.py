"""How numbers, times, roles and feelings are written on every page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics import stored_words
from analytics.compare import MIN_CALLS, Change
from analytics.queries import CLEAR_FEELING, Estimate, Metric, Scope
from analytics.written import about, clock, decimal, signed
from transcription.models import User

register = template.Library()

DASH = "\N{EN DASH}"
_SHAPES = {"positive": "▲", "neutral": "●", "negative": "▼"}


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, words: str, *also: str) -> SafeString:
    """A link of the main navigation, marked where the page shown is `name` or one of `also`."""
    request = context.get("request")
    match = request.resolver_match if request else None
    here = match is not None and match.view_name in (name, *also)
    current = SafeString(' aria-current="page"') if here else ""
    return format_html('<a href="{}"{}>{}</a>', reverse(name), current, words)


for write in (about, clock, decimal, signed):
    register.filter(write.__name__, write)


@register.simple_tag
def dash(reason: str) -> SafeString:
    """What stands for a number that is not known: an en dash that tells its reason on hover, focus and to a reader."""
    told = said(str(reason or "not measured"))
    return format_html(
        '<span class="nobody" tabindex="0"><span aria-hidden="true">{}</span><span class="unseen">{}</span>'
        '<span class="tip" aria-hidden="true">{}</span></span>',
        DASH,
        _("no value: %(reason)s") % {"reason": told},
        told,
    )


@register.simple_tag
def figure(value: float | str | None, places: int = 1, reason: str = "") -> SafeString:
    """A number as text, or a dash with the reason."""
    if value is None:
        return dash(reason)
    return format_html("{}", said(value) if isinstance(value, str) else decimal(value, places))


@register.simple_tag
def metric(metrics: Any, key: str, places: int = 1, scale: float = 1) -> SafeString:
    """The number `key` of a CallMetrics row times `scale`, or a dash with its reason; nothing before measuring."""
    if metrics is None:
        return SafeString("")
    value = getattr(metrics, key)
    return figure(None if value is None else value * scale, places, metrics.reasons.get(key, ""))


@register.filter
def feeling(score: float) -> str:
    """positive, neutral or negative for a sentiment of a call, −5 … +5."""
    if score >= CLEAR_FEELING:
        return "positive"
    return "negative" if score <= -CLEAR_FEELING else "neutral"


@register.filter
def shape(label: str) -> SafeString:
    """▲ ● ▼ in the label's colour, with the word for readers."""
    if label not in _SHAPES:
        return SafeString("")
    return format_html(
        '<span class="shape {0}" title="{2}"><span aria-hidden="true">{1}</span><span class="unseen">{2}</span></span>',
        label,
        _SHAPES[label],
        said(label),
    )


@register.simple_tag
def sentiment(score: float | None, reason: str = "") -> SafeString:
    """A call's sentiment: shape and number, or a dash with the reason."""
    if score is None:
        return dash(reason)
    return format_html('{} <span class="number">{}</span>', shape(feeling(score)), signed(score))


@register.simple_tag
def spread(estimate: Any, places: int = 1) -> SafeString:
    """The 95 % interval of a tile or an estimate in words; nothing where there is none."""
    if not estimate.interval:
        return SafeString("")
    low, high = (decimal(bound, places) for bound in estimate.interval)
    if low == high:
        return format_html("{}", _("all the same"))
    return format_html("{}", _("%(low)s to %(high)s") % {"low": low, "high": high})


@register.simple_tag
def estimated(shown: Metric, estimate: Estimate, scope: Scope) -> SafeString:
    """A mean of the scope in a table's cell, as a link to its calls; below it the interval and n."""
    if estimate.value is None:
        return dash(estimate.reason)
    feels = shown.key == "sentiment_customer"
    value = sentiment(estimate.value) if feels else decimal(estimate.value, shown.decimals)
    behind = f"{reverse('calls')}?{scope.behind(shown.key)}"
    between = spread(estimate, shown.decimals) if estimate.interval else said(f"under {MIN_CALLS} calls")
    return format_html(
        '<a class="drill" href="{}">{}</a><span class="under">{} · n {}</span>',
        behind,
        value,
        between,
        decimal(estimate.n, 0),
    )


@register.simple_tag
def share_change(change: Change, calls_before: int) -> SafeString:
    """By how many points a share changed, and whether that is clear; a dash with few calls in either period."""
    if change.value is None:
        words = _("under %(least)s calls in these days or the days before (n %(calls)s)")
        return dash(words % {"least": MIN_CALLS, "calls": calls_before})
    interval = _("95 %% interval %(low)s to %(high)s") % {"low": signed(change.low), "high": signed(change.high)}
    words = _("clear") if change.clear else _("no clear change")
    return format_html('{}<span class="under" title="{}">{}</span>', signed(change.value), interval, words)


@register.simple_tag
def site_zone() -> str:
    """The zone whose days numbers count by."""
    return timezone.get_default_timezone_name()


@register.simple_tag
def zone_note() -> SafeString:
    """Which zone times and days are in, where the user's is not the site's; else nothing."""
    shown, site = timezone.get_current_timezone_name(), timezone.get_default_timezone_name()
    if shown == site:
        return SafeString("")
    words = _("Times are shown in %(zone)s, days are those of %(site)s.") % {"zone": shown, "site": site}
    return format_html('<p class="note">{}</p>', words)


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """mapping[key], or None."""
    return mapping.get(key)


@register.filter
def named(user: User | None) -> str:
    """What a user is called; accounts that were deleted had a name once."""
    return (user.get_full_name() or user.get_username()) if user else _("somebody who left")


@register.filter
def said(stored: str) -> str:
    """Words that are stored in English, in the reader's language."""
    return stored_words.said(str(stored))


@register.filter
def staged(stage: str) -> str:
    """What a recording is at; before the first stage it is starting."""
    return stored_words.said(stage or "starting")


@register.filter
def spoken_by(who: str) -> str:
    """Agent, Customer or Speaker 1 for a role or a speaker's label."""
    return stored_words.spoken_by(who)


@register.filter
def party(turn: Any) -> str:
    """Agent or Customer once the role is known, Speaker 1 or Speaker 2 before."""
    return stored_words.spoken_by(turn.role or turn.speaker)


@register.simple_tag(takes_context=True)
def column_head(context: template.Context, words: str, key: str = "", kind: str = "", unit: str = "") -> SafeString:
    """A column's header; where the page can be sorted (it has `sort`) and the column by `key`, a link that does."""
    sort = context.get("sort")
    below = format_html(' <span class="under">{}</span>', unit) if unit else ""
    if not key or sort is None:
        return format_html('<th scope="col" class="{}">{}{}</th>', kind, words, below)
    here, falling = sort.removeprefix("-") == key, sort.startswith("-")
    first = "-" if "number" in kind or key == "started_at" else ""
    params = context["request"].GET.copy()
    for place in ("page", "after", "before"):
        params.pop(place, None)
    params["sort"] = (key if falling else f"-{key}") if here else f"{first}{key}"
    state = SafeString(f' aria-sort="{"descending" if falling else "ascending"}"') if here else ""
    return format_html(
        '<th scope="col" class="{}"{}><a href="?{}">{}{}</a>{}</th>',
        kind,
        state,
        params.urlencode(),
        words,
        SafeString(f' <span class="arrow" aria-hidden="true">{"▼" if falling else "▲"}</span>') if here else "",
        below,
    )


@register.simple_tag(takes_context=True)
def metric_head(context: template.Context, shown: Metric) -> SafeString:
    """The header of a metric's column: its name, and below the unit and which calls count."""
    unit = _("%(unit)s, prompted calls") % {"unit": shown.unit} if shown.prompted_only else shown.unit
    return column_head(context, shown.label, shown.key, "number", unit)
