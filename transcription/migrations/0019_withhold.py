from itertools import groupby

from django.db import migrations

from transcription.speech.personal import masked, spans_by_turn, taken, unmasked
from transcription.speech.types import Turn, Word


def withhold(apps, schema_editor):
    """Take what is personal out of the transcripts that there are, one call after the other."""
    stored, withheld = apps.get_model("transcription", "Turn"), apps.get_model("transcription", "Withheld")
    rows = stored.objects.order_by("recording_id", "index").only("recording_id", "speaker", "start", "end", "words")
    for _, of_call in groupby(rows.iterator(chunk_size=5000), key=lambda row: row.recording_id):
        call = list(of_call)
        turns = [Turn(row.speaker, row.start, row.end, tuple(Word(*word) for word in row.words)) for row in call]
        for row, turn, spans in zip(call, turns, spans_by_turn(turns), strict=True):
            if spans:
                shown = masked(turn, spans)
                words = [[w.text, w.start, w.end, w.probability, w.time_source] for w in shown.words]
                stored.objects.filter(pk=row.pk).update(text=shown.text, words=words)
                withheld.objects.create(turn=row, spans=taken(turn, spans))


def put_back(apps, schema_editor):
    """The words where they were."""
    stored, withheld = apps.get_model("transcription", "Turn"), apps.get_model("transcription", "Withheld")
    for row in withheld.objects.select_related("turn").iterator():
        found = [Word(*word) for word in row.turn.words]
        words = [[w.text, w.start, w.end, w.probability, w.time_source] for w in unmasked(found, row.spans)]
        stored.objects.filter(pk=row.turn_id).update(text=" ".join(word[0] for word in words), words=words)


class Migration(migrations.Migration):

    dependencies = [
        ("transcription", "0018_withheld"),
    ]

    operations = [
        migrations.RunPython(withhold, put_back),
    ]
