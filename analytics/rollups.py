"""Sums over agents' days, computed by the database from CallMetrics. Doing it again changes nothing."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from psycopg import sql

from .queries.catalogue import METRICS, Metric

AgentOnDay = tuple[int, date]
"""Primary key of the agent, and a day in the site's zone."""

_PROMPTED = sql.SQL("CASE WHEN c.filler_capture_mode = 'prompted' THEN {} END")


def recompute(days: Iterable[AgentOnDay]) -> None:
    """Replace the AgentDay rows of these agents' days. Jobs that measure calls of the same day wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        for agent, day in sorted(set(days)):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('analytics.rollups'), %s)", [_lock_number(agent, day)]
            )
            cursor.execute("DELETE FROM analytics_agentday WHERE agent_id = %s AND day = %s", [agent, day])
            cursor.execute(_INSERT, [agent, day])


def rebuild(agents: Iterable[int]) -> None:
    """Replace all days of these agents, each agent's at once: for history that was written in bulk."""
    for agent in agents:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM analytics_agentday WHERE agent_id = %s", [agent])
            cursor.execute(_INSERT_AGENT, [agent])


def disagreeing() -> list[AgentOnDay]:
    """Agents' days whose rows are missing, too many, or not the sums of the calls."""
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREEING)
        return [(agent, day) for agent, day in cursor.fetchall()]


def _lock_number(agent: int, day: date) -> int:
    """Fits PostgreSQL's integer. A collision only makes two jobs wait for each other without need."""
    return hash((agent, day.toordinal())) % 2**31


def _value(metric: Metric) -> sql.Composable:
    column = sql.SQL("c.{}::numeric").format(sql.Identifier(metric.key))
    value = _PROMPTED.format(column) if metric.prompted_only else column
    return sql.SQL("({}, {})").format(sql.Literal(metric.key), value)


# Summed as numeric, because the sum of floats depends on the order of rows: it would disagree with itself.
_EXPECTED = sql.SQL(
    """
    SELECT c.agent_id, c.team_id, c.day, m.metric, count(*)::integer AS n, sum(m.value)::double precision AS total
    FROM analytics_callmetrics c CROSS JOIN LATERAL (VALUES {values}) AS m (metric, value)
    WHERE c.outcome = 'two_sided' AND c.agent_id IS NOT NULL AND c.day IS NOT NULL AND m.value IS NOT NULL
    """
).format(values=sql.SQL(", ").join(map(_value, METRICS.values())))

_COLUMNS = sql.SQL("agent_id, team_id, day, metric, n, total")
_GROUPED = sql.SQL(" GROUP BY c.agent_id, c.team_id, c.day, m.metric")

_INSERT = sql.SQL(
    "INSERT INTO analytics_agentday ({columns}) {expected} AND c.agent_id = %s AND c.day = %s {grouped}"
).format(columns=_COLUMNS, expected=_EXPECTED, grouped=_GROUPED)

_INSERT_AGENT = sql.SQL("INSERT INTO analytics_agentday ({columns}) {expected} AND c.agent_id = %s {grouped}").format(
    columns=_COLUMNS, expected=_EXPECTED, grouped=_GROUPED
)

_DISAGREEING = sql.SQL(
    """
    WITH expected AS ({expected} {grouped}), stored AS (SELECT {columns} FROM analytics_agentday)
    SELECT agent_id, day FROM (
        (TABLE expected EXCEPT TABLE stored) UNION (TABLE stored EXCEPT TABLE expected)
    ) AS differing
    GROUP BY agent_id, day ORDER BY agent_id, day
    """
).format(expected=_EXPECTED, grouped=_GROUPED, columns=_COLUMNS)
