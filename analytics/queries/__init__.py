"""Reads for pages and exports. Everything here obeys scope.visible_calls or recordings_visible_to."""

from .calls import SORTS, CallFilters, CallPage, CallTile, Span, call_page, filter_calls, search_hits
from .catalogue import METRICS, TILES, Metric
from .dashboards import (
    agents_table,
    calls_dots,
    filler_words,
    moments,
    overview,
    sentiment_quarters,
    tiles,
    weekly,
)
from .figures import AgentRow, DayCount, Dot, Estimate, FillerWord, Moment, Moments, Overview, Point, Quarter, Tile
from .scope import Scope, visible_calls

__all__ = [
    "METRICS",
    "SORTS",
    "TILES",
    "AgentRow",
    "CallFilters",
    "CallPage",
    "CallTile",
    "DayCount",
    "Dot",
    "Estimate",
    "FillerWord",
    "Metric",
    "Moment",
    "Moments",
    "Overview",
    "Point",
    "Quarter",
    "Scope",
    "Span",
    "Tile",
    "agents_table",
    "call_page",
    "calls_dots",
    "filler_words",
    "filter_calls",
    "moments",
    "overview",
    "search_hits",
    "sentiment_quarters",
    "tiles",
    "visible_calls",
    "weekly",
]
