"""The gate compares the exact text with the record of the moment of sending."""

from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.queries import recorded
from comms.services import publishing
from incidents.services import impact
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


def test_an_impact_revised_after_the_check_stops_what_was_checked(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    made = update_kit.drafted(incident, cast.carla, "service_desk")
    assert "C11" not in update_kit.checked(made, cast.carla)
    impact.state(
        reference=incident.reference,
        person=cast.mia,
        fields={"where": "Scotland", "not_affected": "Ireland"},
        revision_reason="situation_changed",
        now=dbtime.now(),
    )
    with pytest.raises(publishing.Blocked) as stopped:
        update_kit.published(made, cast.mia)
    assert [each["code"] for each in stopped.value.extra["findings"]] == ["C11"]
    assert "Ireland is not affected" in stopped.value.extra["findings"][0]["message"]


def test_the_record_is_read_in_a_fixed_number_of_queries(
    cast: SimpleNamespace, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    incident = update_kit.declared(cast.mia)
    recorded.of(incident)
    with django_assert_num_queries(4):  # type: ignore[operator]
        found = recorded.of(incident)
    assert (found.service, found.priority, found.reference) == (incident.service.name, "P1", incident.reference)
    assert found.interval is not None
