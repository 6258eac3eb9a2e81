from django.db import migrations


def derive_again(apps, schema_editor):
    """What was derived from personal words goes; the calls count as changed, so the sweeps make it anew."""
    withheld = apps.get_model("transcription", "Withheld").objects.values("turn__recording")
    apps.get_model("analytics", "Question").objects.filter(recording__in=withheld).delete()
    apps.get_model("analytics", "FillerUse").objects.filter(recording__in=withheld).update(context="")
    apps.get_model("analytics", "CallMetrics").objects.filter(recording__in=withheld).update(questions_collected_at=None)
    apps.get_model("transcription", "Recording").objects.filter(pk__in=withheld).update(measured_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0009_sorts_and_changes"),
        ("transcription", "0019_withhold"),
    ]

    operations = [
        migrations.RunPython(derive_again, migrations.RunPython.noop),
    ]
