from datetime import timedelta, timezone
from typing import Any

import pytest

from comms.rules import content_hash
from tests.comms.rules.kit import NEXT

CONTENT: dict[str, Any] = {
    "kind": "update",
    "audiences": ["end_users", "public"],
    "subject": "staff cannot pay",
    "body": "Use the paper form.",
    "next_update_at": NEXT,
}
PRINT = content_hash.of(**CONTENT)


def test_the_same_content_has_the_same_print() -> None:
    assert len(PRINT) == 64
    same = {
        "audiences": ("public", "end_users", "public"),
        "next_update_at": NEXT.astimezone(timezone(timedelta(hours=5, minutes=30))),
    }
    assert content_hash.of(**{**CONTENT, **same}) == PRINT


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "holding"},
        {"audiences": ["end_users"]},
        {"subject": "Staff cannot pay"},
        {"body": "Use the paper form. "},
        {"body": "\ud800"},
        {"next_update_at": None},
        {"next_update_at": NEXT + timedelta(microseconds=1)},
        {"subject": "staff cannot payUse the", "body": " paper form."},
    ],
)
def test_every_change_changes_the_print(change: dict[str, object]) -> None:
    assert content_hash.of(**{**CONTENT, **change}) != PRINT
