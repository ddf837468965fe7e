
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comms', '0024_planned_maintenance'),
        ('incidents', '0023_room_for_updates_on_the_page'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=400)),
                ('sender', models.CharField(max_length=320)),
                ('sender_name', models.CharField(blank=True, max_length=120)),
                ('subject', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField(blank=True)),
                ('is_cut', models.BooleanField(default=False)),
                ('files', models.JSONField(default=list)),
                ('is_recipient', models.BooleanField(default=False)),
                ('is_folded', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('state', models.CharField(choices=[('new', 'New'), ('read', 'Read'), ('answered', 'Answered')], default='new', max_length=10)),
                ('marked_at', models.DateTimeField(null=True)),
                ('incident', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
                ('marked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('update', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comms.update')),
            ],
            options={
                'verbose_name_plural': 'replies',
                'indexes': [models.Index(fields=['incident', 'received_at'], name='replies_of_incident'), models.Index(condition=models.Q(('incident', None)), fields=['id'], name='replies_without_incident')],
                'constraints': [models.UniqueConstraint(fields=('message_id',), name='reply_once'), models.CheckConstraint(condition=models.Q(('sender', django.db.models.functions.text.Lower(models.F('sender')))), name='reply_sender_in_small_letters'), models.CheckConstraint(condition=models.Q(('state__in', ['new', 'read', 'answered'])), name='reply_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('marked_at', None), ('marked_by', None), ('state', 'new')), models.Q(models.Q(('state', 'new'), _negated=True), ('marked_at__isnull', False), ('marked_by__isnull', False)), _connector='OR'), name='reply_marked_by_somebody'), models.CheckConstraint(condition=models.Q(('is_folded', False), models.Q(('files', []), ('text', '')), _connector='OR'), name='folded_reply_keeps_nothing')],
            },
        ),
    ]
