"""Documents of searches say whether their incident is private, from now on; those that there are follow in the next."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0023_room_for_updates_on_the_page")]

    operations = [
        migrations.AddField(
            model_name='incidentsearch',
            name='is_private',
            field=models.BooleanField(default=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incident',
            trigger=pgtrigger.compiler.Trigger(name='search_follows_privacy', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."is_private" IS DISTINCT FROM (NEW."is_private"))', func='UPDATE incidents_incidentsearch SET is_private = NEW.is_private WHERE incident_id = NEW.id; RETURN NULL;', hash='2db73a6ce9fee87bf63e8f387332ff2206eea841', operation='UPDATE OF "is_private"', pgid='pgtrigger_search_follows_privacy_884d1', table='incidents_incident', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incidentsearch',
            trigger=pgtrigger.compiler.Trigger(name='follows_privacy', sql=pgtrigger.compiler.UpsertTriggerSql(func='\nNEW.is_private = (SELECT is_private FROM incidents_incident WHERE id = NEW.incident_id FOR SHARE); RETURN NEW;\n', hash='e5fd954b46ad7abe395aa4598f1c26a6ce214f17', operation='INSERT', pgid='pgtrigger_follows_privacy_ac825', table='incidents_incidentsearch', when='BEFORE')),
        ),
    ]
