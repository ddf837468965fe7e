"""Addresses, hooks, the database's clock, ETags, cells: small parts that everything stands on."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from mim_portal.api import etags
from mim_portal.lib import addresses, cells, dbtime, hooks
from tests.naughty.texts import OWN


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (addresses.incident("MI-2026-0001"), "room"),
        (addresses.candidate("CA-2026-0001"), "candidate"),
        (addresses.update(7), "update"),
        (addresses.team("payments"), "team"),
        (addresses.review("MI-2026-0001"), "review"),
        (addresses.lapse(7), "lapse"),
        (addresses.status_page("public"), "status-page"),
    ],
)
def test_an_address_leads_where_it_says(address: str, name: str) -> None:
    assert resolve(address).url_name == name


@pytest.mark.parametrize("base", ["https://mim.example.org", "http://127.0.0.1:8000", "https://example.org/mim"])
def test_what_leaves_the_house_carries_the_whole_address(settings: Any, base: str) -> None:
    settings.BASE_URL = base
    assert addresses.absolute(addresses.incident("MI-2026-0001")) == f"{base}/incidents/MI-2026-0001/"


def test_hooks_are_called_in_their_order_and_looked_up_again_when_settings_change(settings: Any) -> None:
    settings.BRIEF_SOURCES = ["math.sqrt", "math.floor"]
    assert [hook(9) for hook in hooks.registered("BRIEF_SOURCES")] == [3, 9]
    settings.BRIEF_SOURCES = ("math.floor",)
    assert [hook(9.5) for hook in hooks.registered("BRIEF_SOURCES")] == [9]
    settings.BRIEF_SOURCES = []
    assert hooks.registered("BRIEF_SOURCES") == ()


def test_a_hook_that_there_is_not_is_not_passed_over(settings: Any) -> None:
    for wrong in ("math.nothing", "nowhere.at.all"):
        settings.BRIEF_SOURCES = [wrong]
        with pytest.raises(ImportError):
            hooks.registered("BRIEF_SOURCES")


@pytest.mark.django_db
def test_the_clock_goes_on_inside_a_transaction() -> None:
    """now() would stand still at its start, and a promise would seem kept that was not."""
    with transaction.atomic():
        first = dbtime.now()
        time.sleep(0.005)
        second = dbtime.now()
    assert second - first >= timedelta(milliseconds=5)
    assert first.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - second) < timedelta(minutes=1)


def request(tag: str | None) -> Request:
    headers = {} if tag is None else {"If-Match": tag}
    made = APIRequestFactory().get("/", headers=headers)
    return Request(made)


@pytest.mark.parametrize(
    ("tag", "version"),
    [(None, None), ("", None), ("*", None), ('"3"', 3), ('W/"12"', 12), ("7", 7), ('  "3"  ', 3), ('"007"', 7)],
)
def test_the_version_that_was_read(tag: str | None, version: int | None) -> None:
    assert etags.expected_version(request(tag)) == version


@pytest.mark.parametrize("tag", ['"x"', '"-1"', '"1.5"', '"1", "2"', "MI-2026-0001", '"²"', '""'])
def test_a_tag_that_is_none_of_ours_is_said(tag: str) -> None:
    with pytest.raises(ValidationError) as refused:
        etags.expected_version(request(tag))
    assert refused.value.detail == {"If-Match": 'Send the ETag of the last answer, for example "3".'}


@pytest.mark.parametrize("version", [0, 1, 10**12])
def test_a_tag_comes_back_as_its_version(version: int) -> None:
    assert etags.expected_version(request(etags.etag(version))) == version


@pytest.mark.parametrize(
    "value", ["=1+1", "+353 1 555", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", OWN["formula"], OWN["at sign"]]
)
def test_a_cell_never_calculates(value: str) -> None:
    assert cells.plain(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Payroll", "1,200", "a=b", "12:30", OWN["sql"], OWN["emoji"], "'=1"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert cells.plain(value) == value


def test_a_file_of_cells_is_read_back_without_a_formula() -> None:
    out = io.StringIO()
    csv.writer(out).writerow([cells.plain(text) for text in OWN.values()])
    (row,) = csv.reader(io.StringIO(out.getvalue()))
    assert [cell.removeprefix("'") for cell in row] == [text.removeprefix("'") for text in OWN.values()]
    assert [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
