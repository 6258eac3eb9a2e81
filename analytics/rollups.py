"""Sums over agents' days, computed by the database from CallMetrics. Doing it again changes nothing."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from .queries.summed import SMALL_TALK, SUMMED, UNGROUPED, of_topic

AgentOnDay = tuple[int | None, date]
"""Primary key of the agent, None for nobody, and a day in the site's zone."""


def recompute(days: Iterable[AgentOnDay]) -> None:
    """Replace the AgentDay rows of these agents' days. Jobs that measure calls of the same day wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        for agent, day in sorted(set(days), key=lambda each: (each[0] or 0, each[1])):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('analytics.rollups'), %s)", [_lock_number(agent, day)]
            )
            where = _OF_NOBODY if agent is None else _OF_AGENT
            for statement in (_FORGET_STALE, _DELETE, _INSERT, _INSERT_TOPICS):
                cursor.execute(statement.format(where=where, asked="true"), [day] if agent is None else [day, agent])


def rebuild(agents: Iterable[int]) -> None:
    """Replace all days of these agents, each agent's at once: for history that was written in bulk."""
    for agent in agents:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (_FORGET_STALE, _DELETE, _INSERT, _INSERT_TOPICS):
                cursor.execute(statement.format(where=_OF_ALL_DAYS, asked="true"), [agent])


def recompute_topics(topics: Iterable[int] | None = None) -> None:
    """Count the questions of these topics anew on all days; None: of all topics and of none. For questions that changed
    their topics. Nobody else adds days up until the end of the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE analytics_agentday IN SHARE ROW EXCLUSIVE MODE")
        if topics is None:
            cursor.execute("DELETE FROM analytics_agentday WHERE NOT metric = ANY(%s)", [list(SUMMED)])
            cursor.execute(_INSERT_TOPICS.format(where="true", asked="true"))
        else:
            keys = list(topics)
            cursor.execute("DELETE FROM analytics_agentday WHERE metric = ANY(%s)", [[of_topic(key) for key in keys]])
            cursor.execute(_INSERT_TOPICS.format(where="true", asked="q.topic_id = ANY(%s)"), [keys])


def stale(at_most: int) -> list[AgentOnDay]:
    """Agents' days whose calls have changed since they were added up, some of them if there are many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT agent_id, day FROM analytics_staleday LIMIT %s", [at_most])
        return [(agent, day) for agent, day in cursor.fetchall()]


def disagreeing() -> list[AgentOnDay]:
    """Agents' days whose rows are missing, too many, or not the sums of the calls. Reads every call there is."""
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREEING)
        return [(agent, day) for agent, day in cursor.fetchall()]


def _lock_number(agent: int | None, day: date) -> int:
    """Fits PostgreSQL's integer. A collision only makes two jobs wait for each other without need."""
    return hash((agent or 0, day.toordinal())) % 2**31


_OF_AGENT, _OF_NOBODY, _OF_ALL_DAYS = "day = %s AND agent_id = %s", "day = %s AND agent_id IS NULL", "agent_id = %s"
_FORGET_STALE = "DELETE FROM analytics_staleday WHERE {where}"
_DELETE = "DELETE FROM analytics_agentday WHERE {where}"
_COLUMNS = "agent_id, uploader_id, team_id, day, metric, n, total, squares"
_VALUES = ", ".join(f"('{key}', ({value})::numeric)" for key, value in SUMMED.items())

# Added up as numeric, because the sum of floats depends on the order of rows: it would disagree with itself.
_EXPECTED = f"""
    SELECT c.agent_id, CASE WHEN c.agent_id IS NULL THEN b.created_by_id END AS uploader_id, c.team_id, c.day, m.metric,
           count(*)::integer AS n, sum(m.value)::double precision AS total,
           sum(m.value * m.value)::double precision AS squares
    FROM (SELECT * FROM analytics_callmetrics WHERE day IS NOT NULL AND {{where}}) c
         JOIN transcription_recording r ON r.id = c.recording_id JOIN transcription_batch b ON b.id = r.batch_id
         CROSS JOIN LATERAL (VALUES {_VALUES}) AS m (metric, value)
    WHERE m.value IS NOT NULL
    GROUP BY c.agent_id, 2, c.team_id, c.day, m.metric
"""  # noqa: S608  our own names
_EXPECTED_TOPICS = f"""
    SELECT c.agent_id, CASE WHEN c.agent_id IS NULL THEN b.created_by_id END AS uploader_id, c.team_id, c.day,
           CASE WHEN q.small_talk THEN '{SMALL_TALK}' WHEN q.topic_id IS NULL THEN '{UNGROUPED}'
                ELSE 'topic:' || q.topic_id END AS metric,
           count(DISTINCT q.recording_id)::integer AS n, count(*)::double precision AS total,
           0::double precision AS squares
    FROM (SELECT * FROM analytics_callmetrics WHERE day IS NOT NULL AND outcome = 'two_sided' AND {{where}}) c
         JOIN analytics_question q ON q.recording_id = c.recording_id
         JOIN transcription_recording r ON r.id = c.recording_id JOIN transcription_batch b ON b.id = r.batch_id
    WHERE {{asked}}
    GROUP BY c.agent_id, 2, c.team_id, c.day, 5
"""  # noqa: S608
_INSERT = f"INSERT INTO analytics_agentday ({_COLUMNS}) {_EXPECTED}"
_INSERT_TOPICS = f"INSERT INTO analytics_agentday ({_COLUMNS}) {_EXPECTED_TOPICS}"

_DISAGREEING = f"""
    WITH expected AS (
        ({_EXPECTED.format(where="true")}) UNION ALL ({_EXPECTED_TOPICS.format(where="true", asked="true")})
    ), stored AS (SELECT {_COLUMNS} FROM analytics_agentday)
    SELECT agent_id, day FROM (
        (TABLE expected EXCEPT TABLE stored) UNION (TABLE stored EXCEPT TABLE expected)
    ) AS differing
    GROUP BY agent_id, day ORDER BY agent_id, day
"""  # noqa: S608
