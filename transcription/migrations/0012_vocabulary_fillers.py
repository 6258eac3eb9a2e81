import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('transcription', '0011_voice_samples'),
    ]

    operations = [
        migrations.AddField(
            model_name='vocabulary',
            name='changed_at',
            field=models.DateTimeField(auto_now=True),
        ),
        migrations.AddField(
            model_name='vocabulary',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='vocabulary',
            name='fillers',
            field=models.JSONField(blank=True, help_text='[tier, term, other spellings …] each; empty means the shipped list', null=True),
        ),
        migrations.AlterField(
            model_name='vocabulary',
            name='company_words',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='Names that the recogniser should know', size=None),
        ),
    ]
