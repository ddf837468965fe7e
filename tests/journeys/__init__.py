"""Whole incidents, from the first call to what was learned."""

import pytest

pytest.register_assert_rewrite("tests.journeys.aftermath", "tests.journeys.kit")
