"""Made calls out of the database again, and nothing else."""

from collections.abc import Callable

from django.db import connection, models, transaction

from analytics import rollups
from analytics.models import Topic
from transcription.models import Agent, Batch, Recording, Source, Team

from .dialogues import LABELS
from .plan import SOURCE
from .roster import MADE

_DECIDED = models.Q(renamed=True) | models.Q(hidden=True) | models.Q(merged_into__isnull=False)


def clear(report: Callable[[str], None] = lambda _message: None) -> None:
    """Delete every recording of SOURCE with all that hangs on it, then what was made for them and nothing else uses."""
    made = Recording.objects.filter(source__name=SOURCE)
    batches = sorted(set(made.order_by().values_list("batch", flat=True)))
    for number, batch in enumerate(batches, 1):
        with transaction.atomic():
            _delete(made.filter(batch=batch))
            Batch.objects.filter(pk=batch, recordings=None).delete()
        report(f"{number:,} of {len(batches):,} batches deleted")
    people = Agent.objects.filter(team__name__endswith=MADE, name__endswith=MADE)
    rollups.rebuild(people.values_list("pk", flat=True))
    people.filter(recordings=None).delete()
    Team.objects.filter(name__endswith=MADE, agents=None).delete()
    Topic.objects.filter(label__in=LABELS, questions=None).exclude(_DECIDED).delete()
    Source.objects.filter(name=SOURCE, recordings=None).delete()


def _delete(recordings: models.QuerySet[Recording]) -> None:
    """With the rows of every table that refers to them, in as few statements: a million objects are not for Python."""
    keys = list(recordings.order_by().values_list("pk", flat=True))
    Recording.objects.filter(pk__in=keys).update(current_run=None)
    related = [each for each in Recording._meta.related_objects if not each.field.many_to_many]  # noqa: SLF001
    with connection.cursor() as cursor:
        for each in sorted(related, key=lambda relation: relation.related_model.__name__ == "Run"):
            table, column = each.related_model._meta.db_table, each.field.column  # noqa: SLF001
            cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" = ANY(%s)', [keys])  # noqa: S608  our own names
        cursor.execute("DELETE FROM transcription_recording WHERE id = ANY(%s)", [keys])
