from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rules import intake, intake_questions
from incidents.rules.intake import Facts, IntakeScore

GOOD = Facts(
    service="payroll",
    service_in_catalogue=True,
    cannot_do="staff cannot submit timesheets",
    affected_count="about 1,200",
    basis="till error counts",
    where="Ireland and Scotland; not affected: England",
    since_when="09:10 (UTC+0), first call",
    evidence="“Session expired (E-4012)”; INC0012345, INC0012349",
    business_consequence="wages are paid late",
    critical_time="12:00 (UTC+0)",
    checks_done="reproduced; monitoring green; no known error; release 08:45 today",
    workaround="paper form works",
    contact="Niamh Walsh, +353 1 555 0199",
    safety_or_security="no",
)


def missing_codes(score: IntakeScore) -> list[str]:
    return [item.code for item in score.missing]


def test_a_complete_record_has_a_hundred_points() -> None:
    score = intake.score(GOOD)
    assert (score.score, score.band, score.words) == (100, "ready", "Ready. Nothing is missing.")
    assert score.missing == ()
    assert score.deficits == ()
    assert score.rubric_version == intake.RUBRIC_VERSION


def test_the_ten_weights_make_the_scale() -> None:
    assert sum(item.weight for item in intake.score(GOOD).items) == intake.MAXIMUM


@pytest.mark.parametrize(
    ("change", "score", "band"),
    [
        ({"workaround": ""}, 95, "ready"),  # 92 of 97
        ({"basis": ""}, 92, "ready"),  # 89.5 of 97
        ({"where": "", "workaround": ""}, 85, "ready"),  # 82 of 97 is 84.5, rounded up
        ({"where": "", "contact": "", "workaround": ""}, 80, "usable"),
        ({"where": "", "since_when": "", "evidence": ""}, 69, "gaps"),
        (
            {"where": "", "since_when": "", "evidence": "", "checks_done": "", "service_in_catalogue": False},
            55,
            "gaps",
        ),
    ],
)
def test_points_are_scaled_from_97(change: dict[str, object], score: int, band: str) -> None:
    result = intake.score(replace(GOOD, **change))  # type: ignore[arg-type]
    assert (result.score, result.band) == (score, band)


@pytest.mark.parametrize(
    ("change", "score", "cap"),
    [
        ({"cannot_do": ""}, 49, 49),
        ({"affected_count": "many"}, 49, 49),
        ({"safety_or_security": ""}, 69, 69),
        ({"safety_or_security": "perhaps"}, 69, 69),
        ({"safety_or_security": "unknown"}, 100, None),
        ({"safety_or_security": "yes"}, 100, None),
        ({"safety_or_security": "", "cannot_do": ""}, 49, 49),
    ],
)
def test_caps(change: dict[str, str], score: int, cap: int | None) -> None:
    result = intake.score(replace(GOOD, **change))  # type: ignore[arg-type]
    assert (result.score, result.capped_at) == (score, cap)


def test_a_cap_lifts_nothing() -> None:
    assert intake.score(Facts()).score == 0
    assert intake.score(Facts()).band == "not_ready"


@pytest.mark.parametrize(
    ("points", "band"),
    [
        (100, "ready"),
        (85, "ready"),
        (84, "usable"),
        (70, "usable"),
        (69, "gaps"),
        (50, "gaps"),
        (49, "not_ready"),
        (0, "not_ready"),
    ],
)
def test_bands(points: int, band: str) -> None:
    assert intake.band_of(points) == band


@pytest.mark.parametrize(
    "field",
    ["cannot_do", "affected_count", "where", "since_when", "evidence", "checks_done", "workaround", "contact"],
)
def test_not_known_but_asked_earns_half_and_is_not_asked_again(field: str) -> None:
    blank = intake.score(replace(GOOD, **{field: ""}))  # type: ignore[arg-type]
    asked = intake.score(replace(GOOD, **{field: "unknown, asked at 10:05"}))  # type: ignore[arg-type]
    [item] = [item for item in asked.items if item.code == field]
    assert item.grade == "half"
    assert asked.score > blank.score
    assert field in missing_codes(blank)
    assert field not in missing_codes(asked)
    assert asked.capped_at is None


def test_questions_come_with_the_most_valuable_first() -> None:
    score = intake.score(
        Facts(service="payroll", service_in_catalogue=True, cannot_do="log in", contact="Jo, 555 1234")
    )
    assert missing_codes(score) == [
        "safety_or_security",
        "affected_count",
        "where",
        "since_when",
        "evidence",
        "business_consequence",
        "checks_done",
        "workaround",
    ]
    assert score.missing[1].question == "How many people are affected?"
    assert score.missing[1].why


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"basis": ""}, "basis"),
        ({"affected_count": "all of Dublin"}, "affected_count"),
        ({"affected_count": "some"}, "affected_count"),
        ({"critical_time": ""}, "critical_time"),
        ({"business_consequence": "", "critical_time": "12:00"}, "business_consequence"),
        ({"business_consequence": "", "critical_time": ""}, "business_consequence"),
        ({"safety_or_security": "unknown"}, "safety_or_security"),
        ({"service_in_catalogue": False}, "service"),
    ],
)
def test_the_open_one_of_two_fields_is_asked(change: dict[str, object], code: str) -> None:
    assert missing_codes(intake.score(replace(GOOD, **change))) == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"workaround": ""}, "Ready. If you can, add: is there a workaround?"),
        (
            {"where": "", "contact": "", "workaround": ""},
            "Usable; one thing would help: where, and where not?",
        ),
        ({"safety_or_security": ""}, "Good start. Please ask: is safety, security or personal data involved?"),
        (
            {"safety_or_security": "", "where": ""},
            "Good start. Please ask: is safety, security or personal data involved, and where, and where not?",
        ),
        (
            {"affected_count": ""},
            "You can send it now, and the manager will ask. What helps most: how many people?",
        ),
    ],
)
def test_agents_read_words(change: dict[str, str], words: str) -> None:
    assert intake.score(replace(GOOD, **change)).words == words  # type: ignore[arg-type]


def test_deficits_are_named_once_for_feedback() -> None:
    facts = replace(
        GOOD, cannot_do="cannot pay because of the release", where="Dublin", basis="", affected_count="many"
    )
    assert intake.score(facts).deficits == ("count_without_basis", "no_negative_scope", "cause_asserted")


def test_three_facts_raise_a_candidate() -> None:
    assert intake.missing_required(GOOD) == ()
    assert [card.code for card in intake.missing_required(Facts(contact=" "))] == [
        "service",
        "cannot_do",
        "contact",
    ]


def test_every_fact_has_a_question_card() -> None:
    names = {field.name for field in fields(Facts)} - {"service_in_catalogue"}
    assert set(intake_questions.BY_CODE) == names
    for card in intake_questions.QUESTIONS:
        assert card.question.endswith("?")
        assert card.short.endswith("?")
        assert card.why
        assert card.example


TEXTS = st.one_of(
    st.sampled_from(["", "unknown", "unknown, asked at 10:05", "many", "1,200", "Dublin only", "09:10 UTC", "urgent"]),
    st.text(max_size=60),
)


@given(st.data())
def test_a_score_is_always_explained(data: st.DataObject) -> None:
    names = [field.name for field in fields(Facts) if field.name != "service_in_catalogue"]
    values = {name: data.draw(TEXTS, label=name) for name in names}
    facts = Facts(service_in_catalogue=data.draw(st.booleans()), **values)
    result = intake.score(facts)
    assert 0 <= result.score <= 100
    assert result.band == intake.band_of(result.score)
    assert all(item.reason for item in result.items)
    assert result.words
