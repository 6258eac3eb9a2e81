"""Reads for pages and exports. Everything here obeys transcription.queries.recordings_visible_to."""

from transcription.models.calls import UNCONFIRMED

from .answers import Answers, answers, customers, examples, left_out
from .calls import CallPage, CallTile, Span, call_page
from .catalogue import CLEAR_FEELING, METRICS, TILES, Metric
from .coaching import MomentShown, coaching_visible_to, moments_of
from .columns import COLUMNS, FIXED, SORTS, Column, columns_shown
from .dashboards import agents_table, overview, tiles, totals
from .details import calls_dots, feelings, filler_words, moments, sentiment_quarters, unhappiest, weekly
from .figures import (
    AgentRow,
    AgentsTable,
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
    Totals,
)
from .filler_lists import Rescoring, languages_counted, of_language, rescoring, stale_calls
from .filters import ANY_NUMBER, CallFilters
from .grouping import Progress, progress
from .hits import word_hits
from .listing import (
    COUNTED,
    Holder,
    Page,
    Place,
    calls_by_agent,
    count_calls,
    filter_calls,
    ordered_parts,
    page_of_calls,
)
from .questions import Asked, TopicRow, asked, topics_visible_to, trends
from .scope import BASELINE_DAYS, Scope, visible_calls
from .search import Hits, Said, Snippet, snippets
from .views import views_visible_to

__all__ = [
    "ANY_NUMBER",
    "BASELINE_DAYS",
    "CLEAR_FEELING",
    "COLUMNS",
    "COUNTED",
    "FIXED",
    "METRICS",
    "SORTS",
    "TILES",
    "UNCONFIRMED",
    "AgentRow",
    "AgentsTable",
    "Answers",
    "Asked",
    "CallFilters",
    "CallPage",
    "CallTile",
    "Column",
    "DayCount",
    "Dot",
    "Estimate",
    "Feelings",
    "FillerWord",
    "Hits",
    "Holder",
    "Metric",
    "Moment",
    "MomentShown",
    "Moments",
    "Overview",
    "Page",
    "Place",
    "Point",
    "Progress",
    "Quarter",
    "Rescoring",
    "Said",
    "Scope",
    "Snippet",
    "Span",
    "Tile",
    "TopicRow",
    "Totals",
    "agents_table",
    "answers",
    "asked",
    "call_page",
    "calls_by_agent",
    "calls_dots",
    "coaching_visible_to",
    "columns_shown",
    "count_calls",
    "customers",
    "examples",
    "feelings",
    "filler_words",
    "filter_calls",
    "languages_counted",
    "left_out",
    "moments",
    "moments_of",
    "of_language",
    "ordered_parts",
    "overview",
    "page_of_calls",
    "progress",
    "rescoring",
    "sentiment_quarters",
    "snippets",
    "stale_calls",
    "tiles",
    "topics_visible_to",
    "totals",
    "trends",
    "unhappiest",
    "views_visible_to",
    "visible_calls",
    "weekly",
    "word_hits",
]
