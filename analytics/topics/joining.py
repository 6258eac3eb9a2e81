"""Which topic a question belongs to: the one with the nearest centre, if it is near enough. The database decides."""

from typing import Final

from django.db import connection
from psycopg import sql

FARTHEST: Final = 0.45
"""Cosine distance. On half of the intents of tests/data/questions.tsv 76 % of questions are within it of the centre
of the others of their intent, 1 % nearer to a wrong one, and 5 % would join a wrong one if theirs did not exist."""

_JOIN = sql.SQL(
    """
    UPDATE analytics_question q SET topic_id = (
        SELECT coalesce(t.merged_into_id, t.id) FROM analytics_topic t
        WHERE t.centre <=> q.meaning <= {farthest} ORDER BY t.centre <=> q.meaning, t.id LIMIT 1
    ) WHERE NOT q.small_talk
    """
).format(farthest=sql.Literal(FARTHEST))


def hold_topics() -> None:
    """Until the end of the transaction nobody else changes topics or which questions they have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('analytics.topics'))")


def join_all() -> None:
    _run(_JOIN)


def join_of_recording(recording_id: int) -> None:
    _run(_JOIN + sql.SQL(" AND q.recording_id = {}").format(sql.Literal(recording_id)))


def join_of_topic(topic_id: int) -> None:
    """Where the questions of a topic belong now."""
    _run(_JOIN + sql.SQL(" AND q.topic_id = {}").format(sql.Literal(topic_id)))


def _run(query: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)
