"""How charts look, and how numbers and dates stand in them: what Django knows of the language, in d3's terms.

Colours are names of the page's custom properties, so that one specification serves light and dark.
"""

from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.translation import pgettext

THEME: Final[dict[str, Any]] = {
    "background": "transparent",
    "padding": {"left": 0, "right": 4, "top": 4, "bottom": 0},
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink-3)",
        "titleColor": "var(--ink-3)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "var(--rule)",
        "domainColor": "var(--rule-strong)",
        "tickColor": "var(--rule-strong)",
    },
    "axisX": {"grid": False, "tickSize": 4, "labelPadding": 4},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 8, "tickCount": 4},
    "bar": {"color": "var(--ink-3)"},
    "line": {"color": "var(--agent-fill)", "strokeWidth": 2},
    "point": {"color": "var(--agent-fill)", "filled": True},
    "rule": {"color": "var(--ink-3)"},
    "text": {"color": "var(--ink-2)", "fontSize": 12},
}


def locale() -> dict[str, Any]:
    """For the `locale` of a specification's config."""
    return {
        "number": {
            "decimal": str(get_format("DECIMAL_SEPARATOR")),
            "thousands": str(get_format("THOUSAND_SEPARATOR")),
            "grouping": [3],
            "currency": ["", ""],
        },
        "time": {
            "dateTime": "%x, %X",
            "date": day_and_month() + " %Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [str(WEEKDAYS[(day - 1) % 7]) for day in range(7)],  # from Sunday; Django counts from Monday
            "shortDays": [str(WEEKDAYS_ABBR[(day - 1) % 7]) for day in range(7)],
            "months": [str(MONTHS[month]) for month in range(1, 13)],
            "shortMonths": [str(MONTHS_3[month]).capitalize() for month in range(1, 13)],
        },
    }


def day_and_month() -> str:
    """A d3 time format."""
    return pgettext("d3 time format of a day and a month", "%-d %b")


def on_the_wall(moment: datetime) -> str:
    """What clocks show in the user's zone, as if it were UTC, which Vega is told to draw: it knows no other zone."""
    return timezone.make_naive(moment).isoformat() + "Z"


def moment_written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def day_written(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
