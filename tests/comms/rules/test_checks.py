import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comms.choices import FINAL_KINDS, AudienceCode, UpdateKind
from comms.rules.checking import checks
from tests.comms.rules.kit import BODIES, BODY, NOW, draft


def codes(**change: object) -> list[str]:
    return [finding.code for finding in checks.check(draft(**change), now=NOW)]


def test_a_good_message_has_nothing_to_say_about() -> None:
    assert checks.check(draft(), now=NOW) == ()


def test_everything_at_once_with_what_stops_first() -> None:
    found = checks.check(
        draft(
            audiences=("end_users", "public"),
            is_private=True,
            subject="URGENT [NAME] cannot pay, see db-prod-01",
            body="We think a glitch on 10.0.0.1 is caused by the the vendor . It was avoidable. Back at 14:30, shortly",
            next_update_at=None,
        ),
        now=NOW,
    )
    assert {finding.code for finding in found if finding.severity == "error"} == {
        "C01",
        "C02",
        "C03",
        "C04",
        "C05",
        "C07",
        "C10",
        "C16",
        "C20",
        "C27",
    }
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=["error", "warning", "advice"].index)
    assert {finding.code for finding in found if finding.field == "subject"} == {"C05", "C10", "C16"}
    assert json.loads(json.dumps([asdict(finding) for finding in found]))


def test_an_empty_message_keeps_no_promise() -> None:
    [finding] = checks.check(draft(body="\n"), now=NOW)
    assert (finding.code, finding.rule, finding.severity) == ("C08", "empty", "error")


def test_words_of_the_organisation_may_be_shouted_in_a_subject() -> None:
    assert codes(subject="MYHR tills show no VAT") == []
    assert codes(subject="TIMESHEETS cannot be sent") == ["C16"]


@pytest.mark.parametrize("kind", UpdateKind.values)
def test_a_good_message_passes_whatever_its_kind(kind: str) -> None:
    body = BODIES.get(kind, BODY)
    if kind in FINAL_KINDS:
        assert codes(kind=kind, body=body, state="monitoring", next_update_at=None) == []
    else:
        assert codes(kind=kind, body=body, audiences=("executives",) if kind == "handover" else ("end_users",)) == []


@settings(max_examples=150, deadline=None)
@given(
    body=st.text(max_size=200) | st.text(alphabet=st.sampled_from("aB1:.@/[]{}\n -+pmUTC"), max_size=80),
    subject=st.text(max_size=60),
    audiences=st.frozensets(st.sampled_from(AudienceCode.values)),
    kind=st.sampled_from(UpdateKind.values),
)
def test_any_text_is_checked_and_marks_lie_inside_it(
    body: str,
    subject: str,
    audiences: frozenset[str],
    kind: str,
) -> None:
    asked = draft(body=body, subject=subject, audiences=tuple(sorted(audiences)), kind=kind, previous_body=BODY)
    for finding in checks.check(asked, now=NOW):
        text = {"body": body, "subject": subject}.get(finding.field)
        if text is not None:
            assert 0 <= finding.start <= finding.end <= len(text)
            assert not finding.text or text[finding.start : finding.end] == finding.text
        assert finding.message
