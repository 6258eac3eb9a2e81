import django.core.serializers.json
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION transcription_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of the audit are only ever added';
END
$$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON transcription_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION transcription_audit_refuse();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON transcription_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION transcription_audit_refuse();
"""
ALLOW = """
DROP TRIGGER audit_not_emptied ON transcription_auditentry;
DROP TRIGGER audit_kept ON transcription_auditentry;
DROP FUNCTION transcription_audit_refuse();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('transcription', '0015_reviewer'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(help_text='Empty: nobody who is logged in, a job, or the command line', null=True)),
                ('user_name', models.CharField(max_length=150)),
                ('address', models.CharField(help_text='From where, as an IP address', max_length=45)),
                ('action', models.CharField(max_length=20)),
                ('kind', models.CharField(help_text='Of what it was done to: the name of the model, or empty', max_length=40)),
                ('object_id', models.BigIntegerField(null=True)),
                ('object_name', models.CharField(max_length=500)),
                ('detail', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='Counts, filters, settings; never what was said in a call')),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['at', 'id'], name='audit_newest'), models.Index(fields=['action', 'at', 'id'], name='audit_action'), models.Index(fields=['user_id', 'at', 'id'], name='audit_user'), models.Index(fields=['kind', 'object_id', 'at', 'id'], name='audit_object')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
