"""What every test stands on: a cloned database, real servers on this machine only, and the standing cast of people."""

import importlib.util

import hypothesis
import pytest
from django.conf import settings

from mim_portal.lib import rates

pytest_plugins = [
    "pytester",
    "tests.plugins.database",
    "tests.plugins.loops",
    "tests.plugins.measured",
    "tests.plugins.network",
    "tests.plugins.pace",
    "tests.plugins.redis",
    "tests.plugins.mail",
    "tests.plugins.language",
    *(["tests.cast"] if importlib.util.find_spec("tests.cast") else []),
]


# A busy machine draws slowly; that is no fault of what is tested.
hypothesis.settings.register_profile("portal", suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """The folder that a set-up portal has; whitenoise warns when it is missing, and warnings are errors here."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def nothing_asked_before() -> None:
    """No test is refused a signed link because others have opened many."""
    rates.SIGNED_LINKS.levels.clear()
