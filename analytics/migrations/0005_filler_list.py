from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0004_questions'),
        ('transcription', '0012_vocabulary_fillers'),
    ]

    operations = [
        migrations.AddField(
            model_name='callmetrics',
            name='filler_list',
            field=models.CharField(blank=True, help_text='By which list fillers were counted (filler_list.list_name)', max_length=24),
        ),
        migrations.AddIndex(
            model_name='callmetrics',
            index=models.Index(fields=['filler_list'], name='call_filler_list'),
        ),
    ]
