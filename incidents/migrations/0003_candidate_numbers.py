"""Candidates take their number from a sequence, so that raising one waits for no other.

It goes on where the counter stood.
"""

from django.db import migrations

_CREATE = "CREATE SEQUENCE incidents_candidate_number"
_GO_ON = """
SELECT setval('incidents_candidate_number', max(last_number))
FROM incidents_referencecounter WHERE prefix LIKE 'CA-%' HAVING max(last_number) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_relations")]

    operations = [
        migrations.RunSQL(_CREATE, "DROP SEQUENCE incidents_candidate_number"),
        migrations.RunSQL(_GO_ON, migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM incidents_referencecounter WHERE prefix LIKE 'CA-%'", migrations.RunSQL.noop),
    ]
