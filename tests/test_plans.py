"""What the database does on a site with a history: pages must not read the big tables from end to end."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from transcription.models import Recording

from .conftest import login, make_user

CALLS = 6000
BIG = {f"transcription_{name}" for name in ("recording", "turn", "run")} | {
    f"analytics_{name}" for name in ("callmetrics", "event", "filleruse", "question", "agentday")
}


@pytest.fixture(scope="module")
def history(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once for all tests here, and taken away again."""
    options = {"agents": 20, "days": 365, "turns_per_call": 4, "until": date(2026, 3, 2), "stdout": StringIO()}
    with django_db_blocker.unblock():
        call_command("seed", calls=CALLS, **options)
    yield
    with django_db_blocker.unblock():
        call_command("seed", clear=True, stdout=StringIO())


def scanned(ask: Callable[[], object]) -> set[str]:
    """Big tables that the statements of `ask` read from end to end."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found: set[str] = set()
    for statement in [each["sql"] for each in asked if each["sql"].startswith(("SELECT", "WITH"))]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            plan = cursor.fetchone()[0]
        found |= set(_scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    return found & BIG


def _scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for part in node.get("Plans", ()):
        yield from _scans(part)


@pytest.fixture
def administrator(history: None, db: None) -> Client:
    return login(make_user())


def middle() -> int:
    return Recording.objects.order_by("-started_at", "-pk").values_list("pk", flat=True)[CALLS // 2]


@pytest.mark.parametrize("query", ["", "q=RK0000017", "after={middle}", "before={middle}", "q=%22tracking+under%22"])
def test_the_list_of_calls_follows_indexes(query: str, administrator: Client) -> None:
    address = f"/calls/?{query.format(middle=middle())}"
    assert scanned(lambda: administrator.get(address)) <= COUNTED_TO_A_BOUND


COUNTED_TO_A_BOUND = {"transcription_recording"}
"""Without filters the list counts its calls up to listing.COUNTED, which reads that many rows and no more."""


def test_a_call_follows_indexes(administrator: Client) -> None:
    address = f"/calls/{middle()}/"
    assert scanned(lambda: administrator.get(address)) == set()


@pytest.mark.parametrize("address", ["/calls/confirm/", "/batches/"])
def test_lists_of_what_needs_a_person_follow_indexes(address: str, administrator: Client) -> None:
    assert scanned(lambda: administrator.get(address)) == set()


def test_an_export_is_not_sorted(administrator: Client) -> None:
    from analytics.queries import CallFilters, ordered_parts

    known, _ = ordered_parts(make_user(), CallFilters.parse({}))
    assert "Sort" not in known.values_list("pk", "metrics__wpm_agent")[:50].explain()


@pytest.mark.parametrize("key", ["wpm_agent", "-sentiment_customer", "duration", "-longest_monologue_s_customer"])
def test_a_sorted_list_is_not_sorted_anew(key: str, administrator: Client) -> None:
    from analytics.queries import CallFilters, ordered_parts

    known, _ = ordered_parts(make_user(), CallFilters.parse({"sort": key}))
    assert "Sort" not in known[:50].explain()
    assert scanned(lambda: administrator.get(f"/calls/?sort={key}")) <= COUNTED_TO_A_BOUND


@pytest.mark.parametrize("address", ["/", "/agents/", "/questions/"])
def test_dashboards_read_sums_and_not_the_history(address: str, administrator: Client) -> None:
    assert scanned(lambda: administrator.get(address)) == set()


def test_the_sweep_reads_what_has_changed(history: None, db: None) -> None:
    from analytics import measure, rollups
    from analytics.topics import collect

    for find in (measure.outdated, collect.outdated):
        assert scanned(lambda find=find: list(find().values_list("pk", flat=True)[:500])) == set()
    assert scanned(lambda: rollups.stale(5000)) == set()


def test_what_was_not_said_is_looked_for_call_by_call(administrator: Client) -> None:
    assert scanned(lambda: administrator.get("/calls/?not_said=zebra")) <= COUNTED_TO_A_BOUND
