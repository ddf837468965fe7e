"""A token is looked at alone, in one query: whose it is, whether it still holds."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from teams.models import ApiToken, Person

pytestmark = pytest.mark.django_db

ME = "/api/v1/people/me/"


def test_an_expired_token_is_refused(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    client = api(cast.mia)
    assert client.get(ME).status_code == 200
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert client.get(ME).status_code == 401


def test_an_expired_token_of_the_same_person_is_none_of_its_business(
    cast: SimpleNamespace, api: Callable[..., APIClient]
) -> None:
    client = api(cast.mia)
    other, _ = ApiToken.objects.create(user=cast.mia, scopes=["read"], expiry=timedelta(seconds=-1))
    assert client.get(ME).status_code == 200
    assert ApiToken.objects.filter(pk=other.pk).exists()


def test_the_token_of_somebody_who_left_is_refused(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    client = api(cast.mia)
    Person.objects.filter(pk=cast.mia.pk).update(is_active=False)
    assert client.get(ME).status_code == 401


def test_many_tokens_cost_no_more_than_one(
    cast: SimpleNamespace, api: Callable[..., APIClient], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api(cast.mia)
    client.get(ME)
    for _ in range(5):
        ApiToken.objects.create(user=cast.mia, scopes=["read"])
    with django_assert_num_queries(2):  # the token with its person; the person's teams
        assert client.get(ME).status_code == 200
