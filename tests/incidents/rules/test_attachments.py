"""Names of files that harm nobody."""

import unicodedata

import pytest

from incidents.rules import attachments


@pytest.mark.parametrize(
    ("given", "ending", "safe"),
    [
        ("screen.png", "png", "screen.png"),
        ("Screen shot 10.05.PNG", "png", "Screen shot 10.05.png"),
        ("photo.jpeg", "jpg", "photo.jpeg"),
        ("photo.png", "jpg", "photo.png.jpg"),
        ("image", "png", "image.png"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\mia\\notes.txt", "txt", "notes.txt"),
        ("..", "txt", "file.txt"),
        ("", "pdf", "file.pdf"),
        (".htaccess", "txt", "htaccess.txt"),
        ("a\x00b\r\nSet-Cookie: x.txt", "txt", "abSet-Cookie_ x.txt"),
        ("invoice\u202egnp.exe.txt", "txt", "invoicegnp.exe.txt"),
        ("pay\u200broll\ufeff.csv", "csv", "payroll.csv"),
        ('a<b>c:"d|e?f*g%00.txt', "txt", "a_b_c__d_e_f_g_00.txt"),
        ("con.txt", "txt", "_con.txt"),
        ("LPT1.log", "log", "_LPT1.log"),
        ("nul.tar.txt", "txt", "_nul.tar.txt"),
        ("console.txt", "txt", "console.txt"),
        ("支払い不可.png", "png", "支払い不可.png"),
        ("e\u0301crit.txt", "txt", "\u00e9crit.txt"),
        ("half \ud800 letter.txt", "txt", "half letter.txt"),
        ("  spaces  . txt", "txt", "spaces . txt.txt"),
    ],
)
def test_a_name_is_safe_on_every_machine(given: str, ending: str, safe: str) -> None:
    assert attachments.safe_name(given, ending=ending) == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = attachments.safe_name("x" * 500 + ".docx", ending="docx")
    assert len(name) == attachments.LONGEST_NAME
    assert name.endswith("xx.docx")


def test_no_letter_that_cannot_be_seen_is_left() -> None:
    for code in range(0x3000):
        name = attachments.safe_name(f"a{chr(code)}b.txt", ending="txt")
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in name)
        assert not set(name) & set('/\\<>:"|?*')


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PNG", "png"), ("a", ""), (".bashrc", ""), ("a.tar.gz", "gz"), ("a.", ""), (" a.txt ", "txt")],
)
def test_the_ending_of_a_name(name: str, ending: str) -> None:
    assert attachments.extension(name) == ending


@pytest.mark.parametrize(("kept", "full"), [(0, False), (19, False), (20, True), (21, True)])
def test_enough_is_enough(kept: int, full: bool) -> None:
    assert attachments.too_many(kept=kept, limit=20) is full
