"""What a subscription is to, and how often anybody may ask for one."""

from datetime import datetime, timedelta

import pytest

from comms.rules import subscriptions
from comms.rules.subscriptions import Limit, Scope
from teams.rules.fields import Unusable
from tests.factories import NOON

WHOLE = Scope(is_whole=True)
PAY = Scope(services=frozenset({4}), groups=frozenset({"Money"}))
ONE = Scope(incidents=frozenset({9}), services=frozenset({5}))


@pytest.mark.parametrize(
    ("scope", "also", "both"),
    [
        (PAY, ONE, Scope(services=frozenset({4, 5}), groups=frozenset({"Money"}), incidents=frozenset({9}))),
        (PAY, WHOLE, WHOLE),
        (WHOLE, ONE, WHOLE),
        (PAY, PAY, PAY),
        (Scope(), ONE, ONE),
    ],
)
def test_what_is_confirmed_is_added(scope: Scope, also: Scope, both: Scope) -> None:
    assert scope.with_also(also) == both


@pytest.mark.parametrize("scope", [WHOLE, PAY, ONE, PAY.with_also(ONE)])
def test_a_scope_travels_in_a_link(scope: Scope) -> None:
    assert subscriptions.unpacked(scope.packed()) == scope
    assert not scope.is_empty


def test_nothing_chosen_is_empty() -> None:
    assert Scope().is_empty


@pytest.mark.parametrize(
    ("cells", "groups", "services", "consent"),
    [
        ({"address": "Ann@Example.org"}, set(), set(), "At our old page."),
        ({"address": "ann@example.org", "groups": "Money; Shops ;"}, {"Money", "Shops"}, set(), "At our old page."),
        ({"address": "ann@example.org", "services": "pay;mail"}, set(), {"pay", "mail"}, "At our old page."),
        ({"address": "ann@example.org", "consent": " By  letter. "}, set(), set(), "By letter."),
    ],
)
def test_a_row_of_a_file(cells: dict[str, str], groups: set[str], services: set[str], consent: str) -> None:
    row = subscriptions.read(cells, consent="At our old page.")
    assert (row.address, set(row.groups), set(row.services), row.consent) == (
        "ann@example.org",
        groups,
        services,
        consent,
    )
    assert row.is_whole is not bool(groups or services)


@pytest.mark.parametrize(
    ("cells", "words"), [({}, "Give an address"), ({"address": "ann@example.org"}, "how this reader agreed")]
)
def test_rows_that_cannot_be_used(cells: dict[str, str], words: str) -> None:
    with pytest.raises(Unusable, match=words):
        subscriptions.read(cells)


LIMIT = Limit(most=3, within=timedelta(hours=1))


@pytest.mark.parametrize(
    ("minutes_ago", "wait"),
    [
        ([], 0),
        ([1, 2], 0),
        ([1, 2, 3], 57),
        ([3, 2, 1], 57),
        ([1, 2, 60], 0),
        ([1, 2, 59], 1),
        ([1, 2, 3, 4], 57),
        ([61, 62, 63], 0),
    ],
)
def test_so_many_within_a_time(minutes_ago: list[int], wait: int) -> None:
    asked: list[datetime] = [NOON - timedelta(minutes=minutes) for minutes in minutes_ago]
    assert subscriptions.wait(asked, limit=LIMIT, now=NOON) == timedelta(minutes=wait)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("somewhere", "unknown"),
    ],
)
def test_a_customer_of_a_network_counts_as_one(address: str, network: str) -> None:
    assert subscriptions.network(address) == network


@pytest.mark.parametrize("given", [1, "50", subscriptions.MOST_SMS_A_DAY])
def test_a_page_sends_so_many_first_sms_a_day(given: int | str) -> None:
    assert subscriptions.texts_a_day(given) == int(given)
    assert subscriptions.texts(int(given)) == Limit(most=int(given), within=timedelta(days=1))


@pytest.mark.parametrize("given", [0, -1, "many", "", None, subscriptions.MOST_SMS_A_DAY + 1])
def test_a_number_that_no_page_sends(given: int | str | None) -> None:
    with pytest.raises(Unusable, match="from 1 to"):
        subscriptions.texts_a_day(given)
