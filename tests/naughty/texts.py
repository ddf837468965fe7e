"""Texts that people, phones and machines really send, and that break what was not thought about."""

import json
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MIM_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
BIG_LIST = SHARED / "strings" / "blns.json"

NUL = "before\x00after"
NUL_WORDS = "Null characters are not allowed."
SURROGATE = "before\ud800after"

# Our own short list: each has broken some program that shows, stores, formats, searches or exports text.
OWN: dict[str, str] = {
    "emoji": "tills 👩🏽‍💻🔥 down 🇮🇪",
    "right to left": "الدفع لا يعمل \u202egnp.exe",
    "zero width": "pay\u200broll\u2060 \u00ad\ufeffdown",
    "combining": "Z̸̢͎a̷͍l̵̘g̶̺o pays",
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "closing tags": "</textarea></title></select></p><img src=x onerror=alert(1)>",
    "comment": "<!-- -- > ]]> <![CDATA[ <?xml",
    "entities": "AT&amp;T &lt;down&gt; &#0; &nbsp;",
    "sql": "Robert'); DROP TABLE incidents_incident;--",
    "like": "100% _ \\ % of tills",
    "jinja": "{{ 7*7 }} {% raise %} {# gone #} ${7*7}",
    "format": "%s %d %(name)s %% {0} {name} {0.__class__}",
    "formula": "=cmd|'/C calc'!A0",
    "at sign": "@SUM(1+1) +1 -1",
    "markdown": "[click](javascript:alert(1)) **bold** `code` # no heading",
    "control": "bell \x07 escape \x1b[31m red \x08 unit \x1f delete \x7f",
    "line ends": "one\u2028two\u2029three\u0085four",
    "header": "Subject\u2028Bcc: all@example.org",
    "words of machines": "null NULL None undefined NaN true 1e309 0x0",
    "path": "../../../../etc/passwd%00 C:\\windows\\system32",
    "address": "http://169.254.169.254/latest/ file:///etc/passwd",
    "turkish": "İıŞş ß ﬁ ǅ Å",
    "wide": "Ｆｕｌｌ　ｗｉｄｔｈ 支払い不可",
}


def big_list() -> list[str]:
    """The Big List of Naughty Strings, or nothing where the shared data is not beside the repository."""
    if not BIG_LIST.exists():
        return []
    texts: list[str] = json.loads(BIG_LIST.read_text(encoding="utf-8"))
    return texts
