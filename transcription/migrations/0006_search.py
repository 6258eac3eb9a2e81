import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

CONFIGURE = """
CREATE TEXT SEARCH DICTIONARY spoken_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION spoken (COPY = english);
ALTER TEXT SEARCH CONFIGURATION spoken ALTER MAPPING REPLACE english_stem WITH spoken_stem;
"""
FORGET = """
DROP TEXT SEARCH CONFIGURATION spoken;
DROP TEXT SEARCH DICTIONARY spoken_stem;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('transcription', '0005_runs'),
    ]

    operations = [
        migrations.RunSQL(CONFIGURE, FORGET),
        migrations.AddField(
            model_name='turn',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('text', config='spoken'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='turn_search'),
        ),
    ]
