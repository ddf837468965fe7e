"""What was declared before is found too: title and timeline texts; comms adds what was published."""

from django.db import migrations

_FILL = r"""
INSERT INTO incidents_incidentsearch (incident_id, declared_at, title_words, words, body, last_seq)
SELECT id, declared_at, array_to_tsvector(title), array_to_tsvector(title) || array_to_tsvector(said), body, last_seq
FROM (
    SELECT incident.id, incident.declared_at, incident.last_seq,
        array_remove(regexp_split_to_array(
            lower(incident.title || ' ' || incident.reference || ' ' || incident.external_ref), '\W+'), '') AS title,
        array_remove(regexp_split_to_array(lower(coalesce(texts.body, '')), '\W+'), '') AS said,
        left(coalesce(texts.body, ''), 100000) AS body
    FROM incidents_incident incident
    LEFT JOIN (
        SELECT incident_id, string_agg(text, E'\n' ORDER BY seq) AS body
        FROM incidents_timelineentry WHERE text <> '' GROUP BY incident_id
    ) texts ON texts.incident_id = incident.id
) taken_apart
ON CONFLICT (incident_id) DO NOTHING
"""
_PRIVATE = """
UPDATE incidents_commandtenure SET of_private = true
FROM incidents_incident incident WHERE incident.id = incident_id AND incident.is_private
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0013_search_documents")]

    operations = [
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_PRIVATE, migrations.RunSQL.noop),
    ]
