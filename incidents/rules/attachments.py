"""Files that people attach: names that harm nobody, and how much is enough."""

import re
import unicodedata

LONGEST_NAME = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%]')
# Names that a Windows machine cannot save under, whatever follows the dot.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def extension(name: str) -> str:
    """The ending of a file's name in small letters, without its dot."""
    head, dot, tail = name.strip().rpartition(".")
    return tail.lower() if dot and head else ""


def safe_name(given: str, *, ending: str) -> str:
    """The name under which a file may be saved on anybody's machine, with the ending that fits what it is.

    Folders, control characters, letters that turn the writing direction and names of devices are gone; what is left of
    the name stays as it was, in whatever script.
    """
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter) not in _UNSEEN
    )
    seen = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", seen))
    own = extension(seen)
    same = own == ending or {own, ending} == {"jpg", "jpeg"}
    stem, kept = (seen.rpartition(".")[0], own) if same else (seen, ending)
    stem = stem.strip(" .")[: LONGEST_NAME - len(kept) - 1].rstrip(" .") or "file"
    if stem.lower().partition(".")[0] in _DEVICES:
        stem = f"_{stem}"
    return f"{stem}.{kept}"


def too_many(*, kept: int, limit: int) -> bool:
    """Whether one more file would be more than an incident or a candidate may hold."""
    return kept >= limit
