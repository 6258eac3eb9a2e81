"""What a topic is called, unless a person says so: its most central question, without names and numbers."""

from django.db import connection

from analytics.models import Topic

_CENTRAL = """
    SELECT t.id, q.gist, q.text FROM analytics_topic t CROSS JOIN LATERAL (
        SELECT gist, text, meaning <=> t.centre AS distance FROM analytics_question
        WHERE topic_id = t.id ORDER BY 3, id LIMIT 20
    ) AS q WHERE NOT t.renamed ORDER BY t.id, q.distance
"""


def name_topics() -> None:
    """Label every topic that no person named. A gist that is said as it stands reads better than one with gaps.

    Everybody reads labels, also those who may not hear the call a question comes from: hence gists, never texts.
    """
    central: dict[int, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CENTRAL)
        for topic, gist, text in cursor.fetchall():
            central.setdefault(topic, []).append((gist, text))
    topics = Topic.objects.in_bulk(central)
    for pk, topic in topics.items():
        whole = (gist for gist, text in central[pk] if gist.rstrip("?.!").lower() in text.lower())
        label = next(whole, central[pk][0][0])
        topic.label = (label[:1].upper() + label[1:])[:200]
    Topic.objects.bulk_update(topics.values(), ["label"])
