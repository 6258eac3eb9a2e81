"""Reads for pages and exports. Everything here obeys transcription.queries.recordings_visible_to."""

from .calls import CallPage, CallTile, Span, call_page
from .catalogue import CLEAR_FEELING, METRICS, TILES, Metric
from .dashboards import agents_table, everybody, overview, tiles
from .details import calls_dots, feelings, filler_words, moments, sentiment_quarters, unhappiest, weekly
from .figures import (
    AgentRow,
    DayCount,
    Dot,
    Estimate,
    Feelings,
    FillerWord,
    Moment,
    Moments,
    Overview,
    Point,
    Quarter,
    Tile,
)
from .filters import SORTS, UNCONFIRMED, CallFilters, filter_calls
from .hits import word_hits
from .scope import Scope, visible_calls

__all__ = [
    "CLEAR_FEELING",
    "METRICS",
    "SORTS",
    "TILES",
    "UNCONFIRMED",
    "AgentRow",
    "CallFilters",
    "CallPage",
    "CallTile",
    "DayCount",
    "Dot",
    "Estimate",
    "Feelings",
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
    "everybody",
    "feelings",
    "filler_words",
    "filter_calls",
    "moments",
    "overview",
    "sentiment_quarters",
    "tiles",
    "unhappiest",
    "visible_calls",
    "weekly",
    "word_hits",
]
