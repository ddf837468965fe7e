"""The token that a request carries, and whose it is."""

from django.db import connection

from teams.models import ApiToken, Person

_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
_PERSON = [field.attname for field in Person._meta.concrete_fields]
# Written out: every request of an integration waits for it, and composing it anew costs more than running it.
_BY_KEY = """
SELECT {columns} FROM {token} AS token JOIN {person} AS person ON person.id = token.user_id WHERE token.token_key = %s
""".format(
    columns=", ".join([*(f"token.{name}" for name in _TOKEN), *(f"person.{name}" for name in _PERSON)]),
    token=ApiToken._meta.db_table,
    person=Person._meta.db_table,
)


def by_key(key: str) -> list[ApiToken]:
    """Tokens that begin with the key, each with its person as `user`; which of them it is, its digest decides."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEY, [key])
        rows = cursor.fetchall()
    found = []
    for row in rows:
        token: ApiToken = ApiToken.from_db(connection.alias, _TOKEN, row[: len(_TOKEN)])
        token.user = Person.from_db(connection.alias, _PERSON, row[len(_TOKEN) :])
        found.append(token)
    return found
