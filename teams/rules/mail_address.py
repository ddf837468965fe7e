"""One spelling for one mailbox, so that nobody is invited twice."""

import re
import unicodedata

from teams.rules.fields import Unusable

LONGEST = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def normalised(text: str) -> str:
    """The address in small letters, its domain as it travels, without what is pasted along.

    `MIA@Example.ORG` and `mia@example.org` are one mailbox, and so are a full-width and a plain `@`. A local part in
    another script is refused: most mail servers would not take it.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cf", "Cc"}).strip()
    plain = plain.lower().removeprefix("mailto:").strip("<> ")
    local, at, domain = plain.rpartition("@")
    if not at:
        raise Unusable("An address has an @, as in mia@example.org.")
    if not local.isascii():
        raise Unusable("The part before the @ can only have plain letters, figures and signs.")
    if len(local) > 64 or not _LOCAL.fullmatch(local):
        raise Unusable("The part before the @ cannot be used.")
    ascii_domain = _travelling(domain)
    address = f"{local}@{ascii_domain}"
    if len(address) > LONGEST:
        raise Unusable(f"An address has at most {LONGEST} characters.")
    return address


def _travelling(domain: str) -> str:
    """The domain in the letters that mail servers exchange."""
    try:
        found = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise Unusable("The part after the @ is no domain.") from error
    labels = found.split(".")
    if found == "localhost":
        return found
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unusable("The part after the @ is no domain, such as example.org.")
    return found
