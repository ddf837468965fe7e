"""How many parts a short message takes, and how it is made to fit: tables, without a database."""

from __future__ import annotations

import pytest

from comms.rules import sms


@pytest.mark.parametrize(
    ("text", "gsm", "units", "parts"),
    [
        ("", True, 0, 0),
        ("a", True, 1, 1),
        ("a" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("Zürich, Øresund, à Genève", True, 25, 1),
        ("10 € [1]", True, 11, 1),
        ("€" * 80, True, 160, 1),
        ("€" * 81, True, 162, 2),
        ("a" * 152 + "€" + "a" * 152, True, 306, 3),
        ("Łódź", False, 4, 1),
        ("ł" * 70, False, 70, 1),
        ("ł" * 71, False, 71, 2),
        ("ł" * 134, False, 134, 2),
        ("ł" * 135, False, 135, 3),
        ("😀" * 35, False, 70, 1),
        ("ł" * 66 + "😀" + "ł" * 66, False, 134, 3),
        ("ç", False, 1, 1),
    ],
)
def test_size(text: str, gsm: bool, units: int, parts: int) -> None:
    assert sms.size(text) == sms.Size(gsm=gsm, units=units, parts=parts)


def test_two_parts_fit_and_three_do_not() -> None:
    assert sms.size("a" * 306).fits
    assert not sms.size("a" * 307).fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u2018it\u2019s\u2019", "'it's'"),
        ("\u201cdown\u201d \u201eweg\u201f", '"down" "weg"'),
        ("09:00\u201310:00 \u2014 all", "09:00-10:00 - all"),
        ("wait\u2026", "wait..."),
        ("5\u00a0000 users\u202ftoday", "5 000 users today"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("one\r\ntwo", "one\ntwo"),
        ("A \u2192 B", "A -> B"),
        ("Łódź stays", "Łódź stays"),
        ("14:30 UTC+0", "14:30 UTC+0"),
    ],
)
def test_typographic_characters_are_replaced_and_letters_are_not(text: str, expected: str) -> None:
    assert sms.plain(text) == expected


def test_replacing_keeps_a_message_in_the_short_alphabet() -> None:
    text = "We\u2019re restoring payments \u2013 next update 14:30 UTC+0\u2026"
    assert not sms.size(text).gsm
    assert sms.size(sms.plain(text)).gsm


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("short \u2013 and plain", 2, "short - and plain"),
        ("a" * 306, 2, "a" * 306),
        ("a" * 307, 2, "a" * 303 + "..."),
        ("word " * 40, 1, ("word " * 31).rstrip() + "..."),
        ("one two, " + "x" * 200, 1, "one two, " + "x" * 148 + "..."),
        ("x" * 100 + " " + "y" * 100, 1, "x" * 100 + "..."),
        ("ł" * 71, 1, "ł" * 67 + "..."),
    ],
)
def test_shorten_cuts_at_a_word(text: str, parts: int, expected: str) -> None:
    assert sms.shorten(text, parts=parts) == expected
    assert sms.size(sms.shorten(text, parts=parts)).parts <= parts


@pytest.mark.parametrize(
    ("subject", "written", "expected"),
    [
        ("[P1] Payroll: no timesheets | next 14:30 (UTC+1) | MI-2026-0001", "", None),
        ("[P1] Überweisung fällt aus – “Łódź”", "", '[P1] Überweisung fällt aus - "Lodz"'),
        ("[P1] x", "Timesheets are back.", "Timesheets are back."),
        ("漢字 é\u0301", "", "?? é"),
    ],
)
def test_a_headline_is_the_subject_or_what_was_written_for_phones(
    subject: str, written: str, expected: str | None
) -> None:
    said = sms.headline(subject, written=written)
    assert said == (expected or subject)
    assert sms.size(said).gsm


def test_a_long_headline_takes_two_parts() -> None:
    said = sms.headline("[P1] [UPDATE 3] Überweisungen: " + "ваші платежі не проходять " * 30)
    assert sms.size(said).gsm
    assert sms.size(said).parts == 2
    assert said.endswith("...")


@pytest.mark.parametrize("subject", ["[P1] Payroll: no timesheets", "[P1] " + "nobody can pay " * 40, "{" * 400, ""])
def test_the_address_of_the_page_stands_whole_behind_a_headline(subject: str) -> None:
    home = "https://status.example.org/status/public/"
    said = sms.headline(subject, home=home)
    assert said.endswith(f" {home}")
    assert sms.size(said).fits
    assert sms.size(said).gsm


def test_letters_without_an_accent_to_take_away_are_written_as_people_write_them() -> None:
    assert sms.headline("żółć, Łódź, cœur, Đakovo, ışık, Þór, ẞ") == "zolc, Lodz, coeur, Dakovo, isik, Thor, SS"
