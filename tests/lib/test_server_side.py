"""Statements that PostgreSQL keeps for a connection: asked the second time by name, with the same rows."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from mim_portal.lib import prepared
from mim_portal.lib.server_side import Statement
from teams.models import Team
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """A connection that was given nothing yet."""
    vars(connection).pop("_statements", None)
    yield
    vars(connection).pop("_statements", None)


def kept() -> list[str]:
    """The texts that PostgreSQL keeps for our connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        return [text for (text,) in cursor.fetchall()]


def asked(statement: Statement, *values: Any) -> tuple[str, list[tuple[Any, ...]]]:
    """The text that was asked, and the rows."""
    text, parameters = statement.on(connection, values)
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return text, cursor.fetchall()


def test_a_text_is_given_once_from_the_second_time_on() -> None:
    before = len(kept())
    statement = Statement("SELECT %s::int + %s", (1, 10), varying=[0])
    assert asked(statement, 1, 10) == ("SELECT %s::int + %s", [(11,)])
    assert len(kept()) == before
    named = [asked(statement, number, 10) for number in range(2, 9)]
    assert [rows for _text, rows in named] == [[(number + 10,)] for number in range(2, 9)]
    assert len({text for text, _rows in named}) == 1
    assert named[0][0].startswith("EXECUTE mim_")
    assert kept()[before:] == [kept()[-1]]
    assert kept()[-1].endswith("SELECT $1::int + 10")  # what never varies stays in the text


@pytest.mark.parametrize(
    ("text", "parameters", "varying", "rows"),
    [
        ("SELECT '100 %%', %s::text", ("per cent",), [0], [("100 %", "per cent")]),
        ("SELECT %s::text, '$1'", ("5 %s of $1",), [0], [("5 %s of $1", "$1")]),
        ("SELECT %s, %s::int", ("fixed %s $1 %%", 2), [1], [("fixed %s $1 %%", 2)]),
        ("SELECT %s = ANY(%s)", ("a", ["a", "b"]), [0], [(True,)]),
        ("SELECT 1", (), [], [(1,)]),
        ("SELECT %s::int - %s::int, %s::int", (7, 5, 3), [0, 1, 2], [(2, 3)]),
    ],
)
def test_every_way_of_asking_gives_the_same(text: str, parameters: Any, varying: list[int], rows: Any) -> None:
    statement = Statement(text, parameters, varying)
    assert [asked(statement, *parameters)[1] for _ in range(3)] == [rows] * 3


def test_a_new_connection_is_given_its_own() -> None:
    statement = Statement("SELECT %s::int", (1,), varying=[0])
    for number in range(3):
        asked(statement, number)
    vars(connection)["_statements"] = (None, {statement: "mim_of_one_that_is_closed"})
    assert [asked(statement, number)[1] for number in range(3)] == [[(0,)], [(1,)], [(2,)]]


def test_behind_a_pooler_nothing_is_kept(settings: Settings) -> None:
    settings.PREPARED_STATEMENTS = False
    before = len(kept())
    statement = Statement("SELECT %s::int", (1,), varying=[0])
    assert [asked(statement, number)[0] for number in range(3)] == ["SELECT %s::int"] * 3
    assert len(kept()) == before


def test_a_text_that_postgresql_refuses_is_an_error_as_ever() -> None:
    statement = Statement("SELECT nobodys_column FROM teams_team WHERE id = %s", (1,), varying=[0])
    for _time in range(3):
        with pytest.raises(DatabaseError, match="nobodys_column"), transaction.atomic():
            asked(statement, 1)


# --- questions of pages ----------------------------------------------------------------------------------------------


def questions() -> tuple[prepared.Query[Any], prepared.Query[Any]]:
    """The same question, with its plan kept and without."""

    def compose(*, name: str) -> QuerySet[Any, Any]:
        called = Team.objects.filter(name=name, is_active=True)
        return called.annotate(said=Concat(F("name"), Value(" of 100 %"))).values_list("name", "said")

    return prepared.Query(compose), prepared.Query(compose, keeps_plan=False)


def test_a_question_is_one_query_however_it_is_asked() -> None:
    team = factories.team()
    for question, names in zip(questions(), (True, False), strict=True):
        with CaptureQueriesContext(connection) as captured:
            found = [question(name=name) for name in (team.name, "nobody's", team.name, team.name)]
        row = (team.name, f"{team.name} of 100 %")
        assert found == [[row], [], [row], [row]]
        assert len(captured) == 4
        assert [one["sql"].startswith("EXECUTE mim_") for one in captured] == [False, names, names, names]


def test_it_survives_a_column_that_changes_its_type() -> None:
    team = factories.team()
    question, _other = questions()
    for _time in range(3):
        question(name=team.name)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE teams_team ALTER COLUMN name TYPE text")
    with pytest.raises(DatabaseError, match="must not change result type"), transaction.atomic():
        question(name=team.name)
    assert [question(name=team.name)[0][0] for _time in range(3)] == [team.name] * 3
