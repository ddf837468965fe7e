"""The organisation's own words, kept in each process for as long as they read the same.

Every check of a message asks for them, and they change some times a week. One statement reads them all and hands them
out only where they are not what this process read last: PostgreSQL compares their digest. There is nothing to
invalidate, so a change made by another process, by an import or by hand counts at the next check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

PUBLIC_CONTACTS: Final = "public_contacts"  # what may stand in any message: the desk's public line

REQUIRED_PARTS: Final = "required_parts"  # pairs of a kind of message and an element

# Words and digest come from one snapshot, so that no words are ever kept under the digest of others.
_READ: Final = """
WITH now AS MATERIALIZED (
    SELECT json_build_array(
        (SELECT json_agg(name ORDER BY id) FROM teams_team),
        (SELECT json_agg(name ORDER BY id) FROM teams_service),
        (SELECT json_agg(json_build_array(one.name, needed.name) ORDER BY link.id)
         FROM teams_service_depends_on link
         JOIN teams_service one ON one.id = link.from_service_id
         JOIN teams_service needed ON needed.id = link.to_service_id),
        (SELECT json_agg(name ORDER BY id) FROM teams_site),
        (SELECT json_agg(json_build_array(term, meaning) ORDER BY id) FROM teams_glossaryterm),
        (SELECT value FROM mim_portal_organisationsetting WHERE name = %s),
        (SELECT value FROM mim_portal_organisationsetting WHERE name = %s)
    ) AS words
)
SELECT md5(words::text), CASE WHEN md5(words::text) <> %s THEN words END FROM now
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the organisation calls its teams, services, sites and terms, and what may stand in any message; and
    what messages of a kind have to say here.
    """

    digest: str = ""
    teams: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()  # a service, and one that it does not work without
    sites: tuple[str, ...] = ()
    glossary: Mapping[str, str] = field(default_factory=dict)
    public_contacts: tuple[str, ...] = ()
    required_parts: frozenset[tuple[str, str]] = frozenset()  # kind of message, and what it has to say here


_kept = Vocabulary()


def current() -> Vocabulary:
    """As it stands now, in one question."""
    global _kept
    kept = _kept
    with connection.cursor() as cursor:
        cursor.execute(_READ, [PUBLIC_CONTACTS, REQUIRED_PARTS, kept.digest])
        digest, words = cursor.fetchone()
    if words is not None:
        kept = _kept = _read(digest, words)
    return kept


def _read(digest: str, words: Any) -> Vocabulary:
    teams, services, needs, sites, glossary, contacts, parts = (part or () for part in words)
    return Vocabulary(
        digest=digest,
        teams=tuple(teams),
        services=tuple(services),
        needs=tuple((one, needed) for one, needed in needs),
        sites=tuple(sites),
        glossary=dict(glossary),
        public_contacts=tuple(map(str, contacts)),
        required_parts=frozenset((kind, element) for kind, element in parts),
    )
