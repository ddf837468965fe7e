"""What became of an invitation, and whether two look at the same state."""

from datetime import timedelta

import pytest

from teams.choices import InvitationState
from teams.rules import fingerprints, invitations
from tests.factories import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("accepted", "withdrawn", "now", "state"),
    [
        (None, None, NOON, InvitationState.SENT),
        (None, None, NOON + HOUR - timedelta(seconds=1), InvitationState.SENT),
        (None, None, NOON + HOUR, InvitationState.EXPIRED),
        (NOON, None, NOON + 2 * HOUR, InvitationState.ACCEPTED),
        (None, NOON, NOON + 2 * HOUR, InvitationState.WITHDRAWN),
    ],
)
def test_its_state(accepted: object, withdrawn: object, now: object, state: InvitationState) -> None:
    found = invitations.state(
        expires_at=NOON + HOUR,
        accepted_at=accepted,  # type: ignore[arg-type]
        withdrawn_at=withdrawn,  # type: ignore[arg-type]
        now=now,  # type: ignore[arg-type]
    )
    assert found == state


def test_equal_values_have_one_fingerprint_whatever_their_order() -> None:
    assert fingerprints.of({"a": 1, "b": [1, 2]}) == fingerprints.of({"b": [1, 2], "a": 1})
    assert fingerprints.of({"a": 1}) != fingerprints.of({"a": 2})
    assert fingerprints.of({"a": "\ud800"}) != fingerprints.of({"a": "?"})
    assert len(fingerprints.of({"at": NOON})) == 20
