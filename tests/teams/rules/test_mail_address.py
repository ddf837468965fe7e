"""One spelling for one mailbox."""

import pytest

from teams.rules.fields import Unusable
from teams.rules.mail_address import normalised


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mia@example.org", "mia@example.org"),
        ("  MIA.Torres@Example.ORG ", "mia.torres@example.org"),
        ("mia@ｅｘａｍｐｌｅ.org", "mia@example.org"),
        ("mia＠example.org", "mia@example.org"),
        ("mia\u200b@example.org\ufeff", "mia@example.org"),
        ("mailto:mia@example.org", "mia@example.org"),
        ("<mia@example.org>", "mia@example.org"),
        ("mia@müller.example", "mia@xn--mller-kva.example"),
        ("mia@MÜLLER.example", "mia@xn--mller-kva.example"),
        ("mia@xn--mller-kva.example", "mia@xn--mller-kva.example"),
        ("mia+portal@example.org", "mia+portal@example.org"),
        ("mia@localhost", "mia@localhost"),
        ("o'brien@example.org", "o'brien@example.org"),
    ],
)
def test_one_mailbox_has_one_spelling(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "has an @"),
        ("mia", "has an @"),
        ("mía@example.org", "plain letters"),
        ("mia..t@example.org", "before the @"),
        ("mia t@example.org", "before the @"),
        ("@example.org", "before the @"),
        ("x" * 65 + "@example.org", "before the @"),
        ("mia@example", "no domain, such as"),
        ("mia@exa mple.org", "no domain, such as"),
        ("mia@-example.org", "no domain, such as"),
        ("mia@example..org", "no domain"),
        ("mia@" + "ü" * 70 + ".org", "no domain"),
        ("mia@example.org\nBcc: all@example.org", "before the @"),
        (f"mia@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}", "at most 254"),
    ],
)
def test_what_no_mail_reaches_says_why(typed: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        normalised(typed)
