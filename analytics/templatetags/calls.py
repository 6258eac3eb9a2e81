"""The cells of the list of calls, whichever columns somebody chose."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.queries import COUNTED, Column, Metric, Snippet, columns_shown
from analytics.stored_words import said
from analytics.written import clock, decimal

from .drawings import fingerprint
from .verbatim import column_head, figure, sentiment

register = template.Library()


@register.simple_tag(takes_context=True)
def call_columns(context: template.Context) -> Sequence[Column]:
    """The columns that the page names, or the usual ones."""
    return context.get("call_columns") or columns_shown(())


@register.simple_tag(takes_context=True)
def call_head(context: template.Context, column: Column) -> SafeString:
    return column_head(context, column.label, column.key if column.sort else "", column.kind, column.unit)


@register.simple_tag
def call_cell(recording: Any, column: Column) -> SafeString:
    """A cell of a column other than the first."""
    metric = column.metric
    content = _number(recording.metrics, metric) if metric else _DESCRIBED[column.key](recording)
    return format_html('<td class="{} of-{}">{}</td>', column.kind, column.key, content)


@register.simple_tag
def quoted(snippet: Snippet) -> SafeString:
    """A snippet's text with the words that were looked for marked."""
    parts = (("mark" if piece.found else "span", piece.text) for piece in snippet.pieces if piece.text)
    return format_html_join("", "<{0}>{1}</{0}>", parts)


@register.filter
def measured(columns: Sequence[Column]) -> list[Column]:
    """Those that an unmeasured call has nothing for."""
    return [column for column in columns if column.metric]


@register.filter
def counted_calls(number: int) -> str:
    """A count of calls, e.g. "1,234 calls" or "more than 10,000 calls"."""
    if number > COUNTED:
        return _("more than %(calls)s calls") % {"calls": decimal(COUNTED, 0)}
    return ngettext("%(calls)s call", "%(calls)s calls", number) % {"calls": decimal(number, 0)}


def _agent(recording: Any) -> str:
    if recording.agent is None:
        return format_html('<span class="quiet">{}</span>', _("unknown"))
    team = recording.agent.team.name if recording.agent.team else ""
    return format_html('{}<span class="under">{}</span>', recording.agent.name, team)


def _roles(recording: Any) -> str:
    known = recording.role_confidence
    return f"{known * 100:.0f}" if known is not None else ""


_DESCRIBED: Final[dict[str, Callable[[Any], str]]] = {
    "fingerprint": fingerprint,
    "agent": _agent,
    "customer": lambda r: format_html('{}<span class="under">{}</span>', r.customer_ref, r.queue),
    "direction": lambda r: said(r.direction),
    "language": lambda r: r.language,
    "outcome": lambda r: r.get_outcome_display(),
    "role_confidence": _roles,
    "duration": lambda r: clock(r.duration),
}


def _number(metrics: Any, metric: Metric) -> str:
    value, reason = getattr(metrics, metric.key), metrics.reasons.get(metric.key, "")
    if metric.key == "sentiment_customer":
        changed = metrics.sentiment_shift if metrics.sentiment_shift in ("improved", "worsened") else ""
        return format_html('{}<span class="under">{}</span>', sentiment(value, reason), said(changed))
    if value is None:
        return figure(None, reason=reason)
    whole = metric.measure in ("%", "per call")
    return decimal(value * metric.scale, 0 if whole else metric.decimals) + (" %" if metric.measure == "%" else "")
