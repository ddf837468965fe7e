"""Which template a message begins with."""

import pytest

from comms.choices import UpdateKind
from comms.rules import templates
from comms.rules.templates import Parts, Reader


@pytest.mark.parametrize(
    ("reader", "register"),
    [
        (Reader(code="technical", is_technical=True), templates.TECHNICAL),
        (Reader(code="service_desk"), templates.DESK),
        (Reader(code="service_owners"), templates.BUSINESS),
        (Reader(code="executives", is_plain=True), templates.BOARD),
        (Reader(code="end_users", is_plain=True), templates.PLAIN),
        (Reader(code="public", is_plain=True, is_public=True), templates.PLAIN),
        (Reader(code="store-managers", is_plain=True), templates.PLAIN),
        (Reader(code="partners", is_public=True), templates.PLAIN),
        (Reader(code="suppliers", is_technical=True), templates.TECHNICAL),
        (Reader(code="unions"), templates.BUSINESS),
    ],
)
def test_the_register_of_an_audience(reader: Reader, register: str) -> None:
    assert templates.register(reader) == register


@pytest.mark.parametrize(
    ("codes", "lead"),
    [
        (["technical", "end_users", "public"], "end_users"),
        (["public", "technical"], "public"),
        (["technical", "executives", "service_owners"], "service_owners"),
        (["service_desk", "executives"], "executives"),
        (["technical", "service_desk"], "service_desk"),
        (["technical"], "technical"),
    ],
)
def test_one_text_for_several_is_written_for_the_plainest(codes: list[str], lead: str) -> None:
    readers = [Reader(code=code, is_public=code == "public") for code in codes]
    found = templates.lead(readers)
    assert found is not None
    assert found.code == lead


def test_nobody_has_no_template() -> None:
    assert templates.lead([]) is None


def test_a_file_names_its_parts() -> None:
    read = templates.read_file("[subject]\nA\n[body]\nB\n\n[what you can do now]\n[sms]\nC\n[status]\nD\n")
    assert read == Parts(subject="A", body="B\n\n[what you can do now]", sms="C", status_text="D")
    assert templates.read_file("no part\n") == Parts()


def test_an_empty_part_is_that_of_the_one_below() -> None:
    assert Parts(body="own").over(Parts(subject="usual", body="usual")) == Parts(subject="usual", body="own")


def test_conditions_leave_no_gaps() -> None:
    assert templates.tidy("\n\na  \n\n\n\nb\n \nc\n\n") == "a\n\nb\n\nc"


def test_a_correction_has_no_template() -> None:
    assert set(templates.KINDS) == set(UpdateKind) - {UpdateKind.CORRECTION}


def test_parts_come_out_as_they_are_named() -> None:
    assert Parts(subject="Payroll", sms="Down").as_dict() == {
        "subject": "Payroll",
        "body": "",
        "sms": "Down",
        "status_text": "",
    }
