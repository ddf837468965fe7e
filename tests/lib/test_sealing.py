"""What is sealed can be read with SECRET_KEY or a former one, and by nobody else."""

import pytest
from pytest_django import Settings

from mim_portal.lib import sealing


def test_sealed_is_unreadable_and_opens_again() -> None:
    sealed = sealing.seal("https://hooks.example.org/T0/secret")
    assert "secret" not in sealed
    assert sealed != sealing.seal("https://hooks.example.org/T0/secret")  # no two alike
    assert sealing.unseal(sealed) == "https://hooks.example.org/T0/secret"


def test_nothing_stays_nothing() -> None:
    assert sealing.seal("") == sealing.unseal("") == ""


def test_a_former_key_still_opens_and_a_foreign_one_does_not(settings: Settings) -> None:
    sealed = sealing.seal("kept")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sealing.unseal(sealed) == "kept"
    assert sealing.unseal(sealing.seal("new")) == "new"


@pytest.mark.parametrize("damaged", ["gAAAAA", "not sealed at all", "ä"])
def test_what_is_damaged_is_refused(damaged: str) -> None:
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(damaged)
