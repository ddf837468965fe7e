"""PDF by Typst: tagged for readers who listen (PDF/UA-1), with its fonts inside, nothing fetched from anywhere."""

import json
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import typst

_SHEET = Path(__file__).with_name("sheet.typ").read_bytes()
_WITHOUT_FONT = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_TRIES = 4
_BOX = "□"
Data = dict[str, Any]


def make(document: Data) -> bytes:
    """The document; characters that no font of this machine has become what `spelled` says, with a line about it."""
    for _ in range(_TRIES):
        try:
            return _compiled({"document": document}, form="pdf")
        except typst.TypstError as error:
            missing = _missing(str(error.diagnostic))
            if not missing:
                raise
            document = _spelled(document, missing) | {"is_spelled": True}
    raise ValueError("characters without a font are left after being spelled")


def picture(chart: Data) -> bytes:
    """One chart as PNG, for formats that draw none."""
    return _compiled({"chart": chart}, form="png")


def _compiled(given: Data, *, form: str) -> bytes:
    options: Data = {"format": form, "sys_inputs": {name: json.dumps(value) for name, value in given.items()}}
    options |= {"pdf_standards": ["ua-1"]} if form == "pdf" else {"ppi": 200}
    # An empty folder: what a document might name lies nowhere, and no package is looked for elsewhere.
    with tempfile.TemporaryDirectory() as nothing:
        options |= dict.fromkeys(("root", "package_path", "package_cache_path"), nothing)
        made: Any = typst.compile(_SHEET, **options)
    return bytes(made)


def _missing(diagnostic: str) -> set[str]:
    """The characters that Typst names as without a font."""
    named = "".join(_WITHOUT_FONT.findall(diagnostic))
    return set(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), named))


def _spelled(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        return "".join(spelled(letter) if letter in missing else letter for letter in value)
    if isinstance(value, dict):
        return {name: _spelled(one, missing) for name, one in value.items()}
    return [_spelled(one, missing) for one in value] if isinstance(value, list) else value


def spelled(letter: str) -> str:
    """A picture by its name (“[fire]”), a letter as a box, a mark that only changes its neighbour as nothing."""
    category = unicodedata.category(letter)
    if category == "So":
        return f"[{unicodedata.name(letter, 'sign').lower()}]"
    return _BOX if category[0] in "LNPSZ" or category == "Co" else ""
