"""The gate compares the exact text with the record of the moment of sending."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from comms.adapters import languagetool, memory
from comms.queries.writing import recorded
from comms.services.writing import publishing
from incidents.services.record import impact
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
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert recorded.of(incident).lacking  # which of them are required is the fifth
    whole = {"count": "1,200", "count_basis": "till errors", "workaround": "paper form", "consequence": "pay is late"}
    impact.state(
        reference=incident.reference,
        person=cast.mia,
        fields=whole,
        revision_reason="new_information",
        now=dbtime.now(),
    )
    with django_assert_num_queries(4):  # type: ignore[operator]
        found = recorded.of(incident)
    assert found.lacking == ()
    assert (found.service, found.priority, found.reference) == (incident.service.name, "P1", incident.reference)
    assert found.interval is not None


def test_what_contradicts_leads_to_the_impact_and_back_to_the_message(
    cast: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    incident = update_kit.declared(cast.mia)
    wrong = update_kit.BODY.replace("Ireland", "Wales")
    made = update_kit.drafted(incident, cast.mia, "service_desk", body=wrong)
    update_kit.checked(made, cast.mia)
    browser = signed_in(cast.mia)
    address = f"/incidents/{incident.reference}/impact/?back={made.pk}"
    assert f'href="{address}"' in browser.get(f"/updates/{made.pk}/").content.decode()
    assert address not in signed_in(cast.carla).get(f"/updates/{made.pk}/").content.decode()  # she may not revise it
    form = browser.get(address).content.decode()
    assert f'name="back" value="{made.pk}"' in form
    assert f'href="/updates/{made.pk}/"' in form
    sent = {
        "version": "1",
        "who": "store staff",
        "activity": "cannot submit timesheets",
        "where": "Wales",
        "since": f"{dbtime.now():%Y-%m-%d} 00:01 (UTC+0)",
        "confidence": "estimated",
        "data_state": "",
        "revision_reason": "new_information",
    }
    for back, leads in (
        (str(made.pk), f"/updates/{made.pk}/"),
        ("//evil.example", f"/incidents/{incident.reference}/"),
    ):
        answer = browser.post(f"/incidents/{incident.reference}/impact/", {**sent, "back": back})
        assert (answer.status_code, answer.headers.get("Location")) == (302, leads)
        sent["version"], sent["where"] = "2", "Wales and Ireland"
