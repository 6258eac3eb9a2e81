"""What people decide about topics. Every later grouping keeps to it."""

from django.db import transaction

from analytics import rollups
from analytics.models import Question, Topic

from .joining import hold_topics, join_of_topic
from .naming import name_topics


def rename(topic: Topic, label: str) -> None:
    """Call it `label`; empty: as its most central question again."""
    topic.label, topic.renamed = label or topic.label, bool(label)
    with transaction.atomic():
        hold_topics()
        topic.save(update_fields=["label", "renamed"])
        if not label:
            name_topics()


def hide(topic: Topic, *, hidden: bool) -> None:
    """Leave it out of the list, or show it again."""
    topic.hidden = hidden
    topic.save(update_fields=["hidden"])


def merge(topic: Topic, into: Topic) -> None:
    """Give the questions of a topic, and those that will be near to it, to another. Raises ValueError for itself and
    for one that was merged itself."""
    if into.pk == topic.pk or into.merged_into_id is not None:
        raise ValueError(f"{topic} cannot be merged into {into}")
    with transaction.atomic():
        hold_topics()
        Topic.objects.filter(merged_into=topic).update(merged_into=into)
        Topic.objects.filter(pk=topic.pk).update(merged_into=into)
        Question.objects.filter(topic=topic).update(topic=into)
        rollups.recompute_topics([topic.pk, into.pk])


def separate(topic: Topic) -> None:
    """Take a merge back."""
    with transaction.atomic():
        hold_topics()
        together = topic.merged_into_id
        Topic.objects.filter(pk=topic.pk).update(merged_into=None)
        if together is not None:
            join_of_topic(together)
            rollups.recompute_topics()
