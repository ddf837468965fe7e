"""The same stage as the tests of incidents."""

from tests.incidents.conftest import alone

__all__ = ["alone"]
