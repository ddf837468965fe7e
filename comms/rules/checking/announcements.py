"""What stops the words of planned maintenance: what may never leave, blame, and what C09 says of the language.

They hang on no incident, so that nothing of a record can be compared with them.
"""

from collections.abc import Callable, Iterator
from typing import Final

from comms.rules.checking import gate
from comms.rules.checking.draft import Draft
from comms.rules.checking.wording import check_leaks, check_leftovers, check_words
from mim_portal.lib.findings import ERROR, Finding

_CHECKS: Final[tuple[Callable[[Draft, str], Iterator[Finding]], ...]] = (
    check_leaks.hosts_and_jargon,
    check_leaks.sensitive,
    check_leaks.internal_links,
    check_leaks.marked_internal,
    check_words.blame,
)


def check(draft: Draft) -> tuple[Finding, ...]:
    """What our own rules find in one text that readers of a status page get."""
    found = list(check_leftovers.leftovers(draft.body))
    for each in _CHECKS:
        found += each(draft, draft.body)
    return tuple(found)


def stopping(found: tuple[Finding, ...], *, reason: str) -> tuple[Finding, ...]:
    """What stops the announcement: every error, and with a reason only what no reason makes right."""
    errors = [each for each in found if each.severity == ERROR]
    return tuple(each for each in errors if not (reason.strip() and gate.can_override(each)))
