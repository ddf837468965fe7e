"""What was published before is found too."""

from django.db import migrations

_FILL = r"""
UPDATE incidents_incidentsearch document
SET words = words || array_to_tsvector(array_remove(regexp_split_to_array(lower(said.body), '\W+'), '')),
    body = left(document.body || E'\n' || said.body, 100000)
FROM (
    SELECT incident_id, string_agg(subject || ' ' || body, E'\n' ORDER BY published_at) AS body
    FROM comms_update WHERE published_at IS NOT NULL GROUP BY incident_id
) said
WHERE said.incident_id = document.incident_id
"""


class Migration(migrations.Migration):
    dependencies = [("comms", "0008_mail_of_an_invitation"), ("incidents", "0014_fill_search_documents")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
