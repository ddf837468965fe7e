"""Lists are paged by cursor, forwards and backwards, and stay stable while rows arrive."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from mim_portal.api.paging import CursorPaging
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]
URL = "/api/v1/incidents/"


def test_forwards_and_backwards_while_rows_arrive(cast: SimpleNamespace, api: Api) -> None:
    service = factories.service()
    made = [
        kit.incident(manager=cast.mia, service=service, now=NOON + timedelta(minutes=number)).reference
        for number in range(6)
    ]
    client = api(cast.mia)
    first = client.get(f"{URL}?page_size=2").json()
    kit.incident(manager=cast.mia, service=service, now=NOON + timedelta(hours=1))
    second = client.get(first["next"]).json()
    assert [row["reference"] for row in second["results"]] == [made[3], made[2]]
    back = client.get(second["previous"]).json()
    assert [row["reference"] for row in back["results"]] == [made[5], made[4]]
    assert set(first) == {"next", "previous", "results"}


def test_a_page_has_a_largest_size(cast: SimpleNamespace, api: Api) -> None:
    assert CursorPaging.max_page_size == 200
    assert api(cast.mia).get(f"{URL}?page_size=100000").status_code == 200


def test_a_cursor_that_was_made_up_is_404(cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.mia).get(f"{URL}?cursor=nonsense").status_code == 404
