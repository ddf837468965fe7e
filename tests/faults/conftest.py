"""The house that is broken, one for each test process, and what the checker counted, said at the end of the run."""

import os
from collections.abc import Callable, Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.house import House
from tests.faults.town import Town

COUNTED = "counted"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long form runs in `make faults` only."""
    if os.environ.get("MIM_FAULTS") == "all":
        return
    for item in items:
        if item.get_closest_marker("long_fault"):
            item.add_marker(pytest.mark.skip(reason="the long form: make faults"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a case with the checker's counts."""
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {value}"
        for kind in ("passed", "failed")
        for report in terminalreporter.getreports(kind)
        for name, value in getattr(report, "user_properties", ())
        if name == COUNTED
    ]
    if lines:
        terminalreporter.section("faults: what the checker counted")
        terminalreporter.write_line("\n".join(sorted(lines)))


@pytest.fixture(scope="session")
def whole_house(django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Servers of its own; the portal's processes start when a test asks for them."""
    with django_db_blocker.unblock():
        house = House()
    yield house
    house.close()


@pytest.fixture
def house(whole_house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """The house, whole at the start and mended at the end; this process speaks to its servers meanwhile."""
    with django_db_blocker.unblock(), whole_house.connected():
        yield whole_house
        whole_house.mend()


@pytest.fixture
def town(house: House) -> Town:
    """An organisation of the test's own in the house's database."""
    return Town()


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Note what the checker counted: counted(lost=0, repeated=12)."""

    def note(**numbers: object) -> None:
        record_property(COUNTED, ", ".join(f"{name} {value}" for name, value in numbers.items()))

    return note
