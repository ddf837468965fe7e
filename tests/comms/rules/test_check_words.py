import pytest

from comms.rules.checking.wording import check_words
from tests.comms.rules.kit import BODY, draft, texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We think it is the network.", ["We think"]),
        ("It appears to be the disk, possibly full.", ["It appears to be", "possibly"]),
        ("It may have been caused by the release.", ["may have been caused"]),
        ("Timesheets are likely to be late.", ["are likely to"]),
        ("This is the likely date.", []),
        ("Paying is still not possible. Where it is possible, pay in cash.", []),
        ("It is possible that the disk is full, a possible reason.", ["possible", "possible"]),
        (BODY, []),
    ],
)
def test_c03_guesses_stay_inside(text: str, expected: list[str]) -> None:
    assert texts(check_words.speculation, text) == expected
    assert texts(check_words.speculation, text, audiences=("technical",)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is due to a release.", ["due to"]),
        ("The root cause is caused by X.", ["The root cause is", "caused by"]),
        ("As a result of a change.", ["As a result of"]),
        ("It is due at noon.", []),
    ],
)
def test_c04_no_cause_before_it_is_confirmed(text: str, expected: list[str]) -> None:
    assert texts(check_words.cause, text) == expected
    assert texts(check_words.cause, text, audiences=("technical", "executives")) == expected
    assert texts(check_words.cause, text, cause_confirmed=True) == []
    assert texts(check_words.cause, text, audiences=("technical",)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It will be fixed by 12:00 (UTC+0).", ["will be fixed by"]),
        ("Payroll should be back online within an hour.", ["should be back online within"]),
        ("ETA 12:00 (UTC+0).", ["ETA"]),
        ("ETA: not available as of now.", []),
        ("ETA: will advise.", []),
        ("We expect a resolution today.", ["expect a resolution"]),
        ("It is expected to be restored today.", ["expected to be restored"]),
        ("The cause will be published in the review.", []),
        ("A meta-analysis of beta.", []),
    ],
)
def test_c06_no_estimate_that_nobody_approved(text: str, expected: list[str]) -> None:
    assert texts(check_words.eta, text) == expected
    assert texts(check_words.eta, text, audiences=("technical",)) == []


@pytest.mark.parametrize(
    ("text", "audiences", "message"),
    [
        ("Start. It will be fixed between 12:00 and 13:00 (UTC+0). End.", ("executives",), None),
        ("We expect a resolution in 2 to 4 hours", ("executives", "service_owners", "technical"), None),
        ("It will be fixed by 12:00 (UTC+0). Read 1 to 2 hours.", ("executives",), "Give the approved estimate"),
        (
            "It will be fixed between 12:00 and 13:00 (UTC+0).",
            ("end_users",),
            "Estimates go to owners and executives",
        ),
    ],
)
def test_c06_an_approved_estimate_is_a_range_for_those_who_decide(
    text: str,
    audiences: tuple[str, ...],
    message: str | None,
) -> None:
    found = list(check_words.eta(draft(eta_approved=True, audiences=audiences), text))
    assert len(found) == (1 if message else 0)
    for finding in found:
        assert finding.message.startswith(message or "")


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        ("Rosa Díaz is checking it.", "B00", "error"),
        ("This was human error.", "B02", "error"),
        ("The desk did not tell us.", "B07", "error"),
        ("It was chaos.", "B08", "warning"),
        ("The outage was caused by the Database team.", "party", "error"),
        ("This is due to Acme Hosting.", "party", "error"),
        ("It is because of our supplier.", "party", "error"),
        ("The Network team is checking.", "team_named", "warning"),
    ],
)
def test_c07_blame_in_a_message(text: str, rule: str, severity: str) -> None:
    [finding] = check_words.blame(draft(), text)
    assert (finding.code, finding.rule, finding.severity) == ("C07", rule, severity)
    assert finding.text in text


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "Questions to Mia Torres, the manager.",
        "The database is back.",
        "Our supplier works on it; the network is slow.",
        "It was decided to wait.",  # a matter for the review
    ],
)
def test_c07_what_is_no_blame(text: str) -> None:
    assert list(check_words.blame(draft(), text)) == []


def test_c07_names_may_stand_among_technical_teams_and_blame_may_not() -> None:
    text = "Rosa Díaz restarted titan; the Network team helps. The engineer failed to check."
    assert texts(check_words.blame, text, audiences=("technical",)) == ["engineer failed to"]
    assert texts(check_words.blame, text, audiences=("technical", "service_desk")) == [
        "Rosa Díaz",
        "engineer failed to",
    ]


@pytest.mark.parametrize(
    ("change", "text", "rules"),
    [
        ({"kind": "restored"}, "We are investigating.", ["still_open"]),
        (
            {"kind": "closure"},
            "Users currently cannot pay; we continue to work on it.",
            ["still_open", "still_open"],
        ),
        ({"kind": "restored", "state": "monitoring"}, "Payroll is resolved.", ["watching"]),
        ({"kind": "closure", "state": "resolved"}, "Payroll is resolved.", []),
        ({"kind": "restored", "state": "monitoring"}, "Payroll works again. We watch it until 12:00 (UTC+0).", []),
        ({}, "Payroll has been restored.", ["not_over"]),
        ({}, "Access is now fully resolved.", ["not_over"]),
        ({}, "We write when it is fixed.", []),
        ({}, "The settings were restored from backup.", []),
        ({}, "We write again once we are confident that all of it is fully resolved.", []),
        ({}, "After the restart, access is fully restored.", ["not_over"]),
        ({}, "Payroll is not restored.", []),
        ({"state": "monitoring"}, "Payroll has been restored.", []),
        ({"kind": "correction"}, "We said that it was resolved.", []),
        ({}, "Users currently cannot pay; we are investigating.", []),
    ],
)
def test_c12_words_agree_with_the_state(change: dict[str, object], text: str, rules: list[str]) -> None:
    assert [finding.rule for finding in check_words.tense(draft(**change), text)] == rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A minor glitch.", ["minor", "glitch"]),
        ("It is just a blip.", ["just", "blip"]),
        ("Sorry for any inconvenience.", ["any inconvenience"]),
        ("Some users cannot pay.", ["Some users"]),
        ("The system is down.", ["The system is down"]),
        ("Please bear with us.", ["Please bear with us"]),
        ("It works just now, just before noon.", []),
        ("A small shop sells small things.", []),
        (BODY, []),
    ],
)
def test_c18_nothing_is_played_down(text: str, expected: list[str]) -> None:
    assert sorted(texts(check_words.minimising, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We guarantee that no data was lost.", ["guarantee", "no data was lost"]),
        ("100 % of users are back; it will never happen again.", ["100 %", "never happen again"]),
        ("We have found no loss so far.", []),
        ("We have found no data loss so far.", []),
        ("There is no data loss.", ["no data loss"]),
        ("db-prod-03 at 100 % CPU", []),
    ],
)
def test_c24_promises_without_end(text: str, expected: list[str]) -> None:
    assert texts(check_words.absolutes, text) == expected


@pytest.mark.parametrize(
    ("previous", "body", "count"),
    [
        ("", BODY, 0),
        ("  ", BODY, 0),
        (BODY, BODY, 1),
        (BODY, BODY.replace("10:30", "11:00"), 1),
        (BODY, BODY + " There is no change since 09:40 (UTC+0).", 0),
        (BODY, "The rollback has begun. Next update by 10:30 (UTC+0).", 0),
    ],
)
def test_c22_the_last_message_again(previous: str, body: str, count: int) -> None:
    assert len(list(check_words.no_news(draft(previous_body=previous, body=body)))) == count


@pytest.mark.parametrize(
    ("kind", "state", "rules"),
    [
        ("restored", "declared", ["not_restored"]),
        ("restored", "mitigating", ["not_restored"]),
        ("restored", "monitoring", []),
        ("restored", "resolved", []),
        ("closure", "declared", []),
        ("update", "declared", []),
    ],
)
def test_c12_a_restored_message_waits_for_the_record(kind: str, state: str, rules: list[str]) -> None:
    assert [finding.rule for finding in check_words.restored(draft(kind=kind, state=state))] == rules
