"""No constraint of our own is written down without a test that violates it."""

from pathlib import Path

from django.apps import apps

OURS = ("teams", "incidents", "comms", "reviews", "mim_portal")
TESTS = Path(__file__).parent.parent


def constraints() -> set[str]:
    return {
        constraint.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_is_named_by_a_test() -> None:
    written = "".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    assert len(constraints()) > 30
    assert sorted(name for name in constraints() if name not in written) == []
