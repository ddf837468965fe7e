"""What a mail server answered, in words."""

import pytest

from comms.queries.recipients import delivery_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("550 5.1.1 <a@x.org>: Recipient address rejected: User unknown", "There is no such mailbox."),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "There is no such mailbox."),
        ("553 5.1.3 malformed", "The address is not one that mail can be sent to."),
        ("550 5.2.1 disabled", "The mailbox is switched off."),
        ("452 4.2.2 over quota", "The mailbox is full."),
        ("552 over quota", "The mailbox is full."),
        ("552 5.3.4 too big", "The message is too large for the mailbox."),
        ("554 5.7.1 spam", "The mail server refused the message as unwanted, or does not trust our server."),
        ("550 no", "The mail server knows no such mailbox, or takes nothing from us for it."),
        ("554 no", "The mail server refused the message for good."),
        ("451 greylisted", "The mail server said: not now."),
        ("450 4.9.9 strange", "The mail server said: not now."),
        ("ConnectionRefusedError: [Errno 111]", "The mail server could not be reached."),
        ("SMTPServerDisconnected: closed", "The mail server stopped answering."),
        ("There is no connection.", "The mail server stopped answering."),
        ("This channel is switched off.", "This channel is switched off."),
        ("5501 is no code", "5501 is no code"),
        ("", ""),
    ],
)
def test_in_words(error: str, words: str) -> None:
    assert delivery_words.in_words(error) == words
