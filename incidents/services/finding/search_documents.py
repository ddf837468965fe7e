"""Keeps the documents that incidents are found by: the title at once, texts a second later, imports with their ticket.

A document follows from the record and can be made again from it at any time; it is no part of the record.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.db.models import F

from incidents.models import Incident, IncidentSearch, TimelineEntry
from incidents.queries import sources
from incidents.rules import finding
from mim_portal.lib import bulk

MOST_BODY = 100_000  # characters that snippets are cut from
MOST_WORDS = 20_000  # different words of one incident; a vector holds a megabyte

_OPEN = """
INSERT INTO incidents_incidentsearch (incident_id, declared_at, is_private, title_words, words, body, last_seq)
SELECT id, declared_at, is_private, array_to_tsvector(words::text[]), array_to_tsvector(words::text[]), '', 0
FROM {rows} JOIN incidents_incident ON id = pk
WHERE NOT EXISTS (SELECT FROM incidents_incidentsearch WHERE incident_id = id)
ON CONFLICT (incident_id) DO NOTHING
"""
_ADD = """
UPDATE incidents_incidentsearch document
SET title_words = array_to_tsvector(given.title::text[]),
    words = CASE WHEN length(words) < {most_words}
        THEN words || array_to_tsvector(given.title::text[]) || array_to_tsvector(given.added::text[]) ELSE words END,
    body = left(document.body || given.body, {most_body}),
    last_seq = given.seq
FROM {rows} WHERE document.incident_id = given.pk
"""


def open_documents(incidents: Collection[Incident]) -> None:
    """In the transaction that declares: an incident is found by its title from the first moment on."""
    source, parameters = bulk.unnest(
        {
            "pk": ("bigint", [incident.pk for incident in incidents]),
            "words": ("text", [_array(_title_words(incident)) for incident in incidents]),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(rows=source), parameters)


@transaction.atomic
def follow(incident_ids: Iterable[int]) -> None:
    """Add what the timelines of these incidents say since they were read last; a handful of statements for all."""
    incidents = list(Incident.objects.filter(pk__in=set(incident_ids)).order_by("pk"))
    if not incidents:
        return
    open_documents(incidents)
    documents = IncidentSearch.objects.select_for_update(no_key=True).filter(incident__in=incidents)
    seen = dict(documents.order_by("pk").values_list("pk", "last_seq"))
    entries = list(
        TimelineEntry.objects.filter(incident__in=incidents, seq__gt=F("incident__search__last_seq")).order_by(
            "incident_id", "seq"
        )
    )
    added = sources.texts(entries)
    texts: dict[int, list[str]] = defaultdict(list)
    for entry in entries:
        texts[entry.incident_id] += filter(None, [entry.text, added.get(entry.pk, "")])
        seen[entry.incident_id] = entry.seq
    _add(incidents, texts, seen)


@transaction.atomic
def rebuild(incident_ids: Collection[int]) -> None:
    """Make the documents anew, as after a text was redacted."""
    IncidentSearch.objects.filter(incident__in=incident_ids).delete()
    follow(incident_ids)


def _add(incidents: Collection[Incident], texts: dict[int, list[str]], seen: dict[int, int]) -> None:
    pieces = {incident.pk: texts.get(incident.pk, []) for incident in incidents}
    source, parameters = bulk.unnest(
        {
            "pk": ("bigint", list(pieces)),
            "title": ("text", [_array(_title_words(incident)) for incident in incidents]),
            "added": ("text", [_array(finding.words(*each)[:MOST_WORDS]) for each in pieces.values()]),
            "body": ("text", ["".join(f"{text[:MOST_BODY]}\n" for text in each) for each in pieces.values()]),
            "seq": ("integer", [seen[pk] for pk in pieces]),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(rows=source, most_words=MOST_WORDS, most_body=MOST_BODY), parameters)


def _title_words(incident: Incident) -> list[str]:
    return finding.words(incident.title, incident.reference, incident.external_ref)


def _array(words: list[str]) -> str:
    return bulk.literal(words)
