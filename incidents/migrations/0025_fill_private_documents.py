"""Documents of private incidents are marked, a few thousand at a time, so that nobody waits for all of them."""

from typing import Any

from django.db import migrations

_STEP = 5_000
_LAST = "SELECT coalesce(max(incident_id), 0) FROM incidents_incidentsearch"
# The documents that are to change are held, so that whoever changes an incident's privacy meanwhile comes after.
_MARK = """
WITH private AS (
    SELECT document.incident_id
    FROM incidents_incidentsearch document JOIN incidents_incident incident ON incident.id = document.incident_id
    WHERE document.incident_id > %s AND document.incident_id <= %s AND incident.is_private AND NOT document.is_private
    FOR NO KEY UPDATE OF document FOR SHARE OF incident
)
UPDATE incidents_incidentsearch document SET is_private = true FROM private WHERE private.incident_id = document.incident_id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_LAST)
        [(last,)] = cursor.fetchall()
        for done in range(0, last, _STEP):
            cursor.execute(_MARK, [done, done + _STEP])


class Migration(migrations.Migration):
    atomic = False  # each step is a transaction of its own
    dependencies = [("incidents", "0024_search_knows_what_is_private")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
