"""What must not reach an audience: hosts (C05), sensitive data (C17), internal links (C23), and messages that go to
the wrong people altogether (C26, C27)."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from comms.choices import AudienceCode, UpdateKind
from comms.rules.checking.draft import Draft
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, WARNING, Finding

_INTERNAL_TLD: Final = r"(?:local|internal|intra|intranet|corp|lan|localdomain|private|home)"
_SERVER_WORD: Final = (
    r"(?:db|sql|srv|svr|server|web|app|api|node|host|vm|esx|dc|fw|sw|rtr|lb|nas|san|k8s|kube|prod|prd|stg|uat|dev|pod|"
    r"mq|redis|kafka|ora|pg|cache|proxy|gw|vpn|mail|dns|ldap|ad|worker|master|primary|replica)"
)
_HOST: Final = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9][\w-]*(?:\.[\w-]+)*\.{_INTERNAL_TLD}|localhost)(?![\w@-])(?!\.\w)", re.IGNORECASE
)
# A word that may name a machine; its parts decide, by `_is_machine`. Read once, never again from its middle.
_MACHINE: Final = re.compile(r"(?<![\w@./-])(?>[a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@-])(?!\.\w)", re.IGNORECASE)
_SERVER_PART: Final = re.compile(rf"{_SERVER_WORD}(?P<number>\d+[a-z]?)?", re.IGNORECASE)
_NUMBERED_PART: Final = re.compile(r"[a-z0-9]*\d[a-z]?", re.IGNORECASE)
_IPV4: Final = re.compile(r"(?<![\w.])(?<!version )(?<!v)\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.]*\d)")
_IPV6: Final = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_ACRONYM: Final = re.compile(r"(?<![\w&+./@#\[-])[A-Z]{2,6}(?![\w&+/@\]-])")
_PLAIN_ACRONYMS: Final = frozenset(
    (
        *("UTC", "GMT", "AM", "PM", "UK", "US", "EU", "USA", "OK", "ID", "HR", "FAQ"),
        *("IT", "PC", "SMS", "PDF", "PIN", "TV", "QR", "ATM"),
        # Other checks speak about these.
        *("TBC", "TBD", "TBA", "TODO", "FIXME", "ETA", "CVE", "ASAP", "COB", "EOD", "XXX"),
        *("BST", "IST", "CST", "EST", "EDT", "CDT", "PST", "PDT", "MST", "MDT", "CET", "CEST"),
        *("AEST", "AEDT", "SGT", "JST"),
    ),
)
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(
    r"(?<![\w+.:/-])(?:\+\d{1,3}|\(?0\d{1,4}\)?|"
    r"\(?\d{3}\)?(?=[ .-]\d{3}[ .-]\d{4}(?!\d)))(?:[ .()/-]{0,2}\d){5,12}(?![\w:/]|[.-]\d)",
)
_CREDENTIAL: Final = re.compile(
    r"\b(?:pass(?:word|wd|code|phrase)|pwd|pin|secret|api[ _-]?key|access[ _-]?key|token)\b\s*"
    r"(?:[:=]\s*\S{4,}|is\s+(?=\S*[\d!@#$%^&*_])\S{4,})|"
    r"-----BEGIN [A-Z ]+-----|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bgh[pousr]_\w{20,}|"
    r"\bxox[abprs]-[\w-]{10,}|https?://[^\s/:@]+:[^\s/@]+@",
    re.IGNORECASE,
)
_CVE: Final = re.compile(r"\bCVE-\d{4}-\d{4,}\b", re.IGNORECASE)
_CARD: Final = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])")
_LINK: Final = re.compile(
    r"\bhttps?://(?:[^\s/@]+@)?(?P<host>\[[^\]\s]+\]|"
    r"[^\s/:?#)>\]]+)(?P<rest>[^\s)>\]]*)",
    re.IGNORECASE,
)
_ROOM_HOST: Final = re.compile(
    r"(?:^|\.)(?:zoom\.us|zoom\.com|teams\.microsoft\.com|teams\.live\.com|meet\.google\.com|webex\.com|"
    r"gotomeeting\.com|"
    r"goto\.com|whereby\.com|chime\.aws|bluejeans\.com|slack\.com|mattermost\.com|discord\.(?:com|gg)|"
    r"chat\.google\.com|"
    r"atlassian\.net|service-now\.com|pagerduty\.com|opsgenie\.com|datadoghq\.com|grafana\.net|splunkcloud\.com|"
    r"sharepoint\.com|zendesk\.com)$|(?:^|\.)(?:jira|confluence|wiki|grafana|kibana|splunk|intranet|bridge|chat|git|"
    r"gitlab)\.",
    re.IGNORECASE,
)
_ROOM_WORDS: Final = re.compile(
    r"\b(?:bridge (?:call|link|number|line)|(?:incident|technical|conference) bridge|war ?room|"
    # “Dial in by phone” may be what the reader of another service does.
    r"dial[- ]in(?=\s*(?::|number|details?|code|link|to (?:the|our)\b|\+?\d))|meeting id(?=\s*(?:[:#]|is\b)?\s*\d)|"
    r"join (?:the )?(?:call|bridge|meeting)|slack channel|teams channel|chat channel)\b|(?<!\w)#(?:inc|incident|mi|"
    r"ops)[\w-]*",
    re.IGNORECASE,
)
_INTERNAL_MARK: Final = re.compile(
    r"\b(?:internal (?:use )?only|for internal use|not for (?:customers|external|public|distribution)|"
    r"do not (?:forward|share)|"
    r"technical teams? only|staff only|company confidential|strictly confidential|"
    r"desk only(?! (?:if|when|for|in|after|with)\b)|for agents only)\b",
    re.IGNORECASE,
)
_HANDOVER_AUDIENCES: Final = frozenset({AudienceCode.TECHNICAL, AudienceCode.SERVICE_OWNERS, AudienceCode.EXECUTIVES})


def hosts_and_jargon(draft: Draft, text: str) -> Iterator[Finding]:
    """C05: no host and no address for end users, executives and the public; an unknown acronym is a warning."""
    if not draft.plain:
        return
    taken = [m.span() for pattern in (_LINK, _EMAIL) for m in pattern.finditer(text)]
    if draft.recorded is not None:  # “quote VM-5523 when you call” is the incident's own number
        numbers = {draft.recorded.reference, *draft.recorded.linked_references} - {""}
        taken += [hit.span() for hit in findings.any_of(numbers, within=text).finditer(text)]
    named = findings.any_of(draft.known.hosts, within=text)
    for pattern, is_one in (
        (_IPV6, _is_address),
        (_IPV4, _is_address),
        (_HOST, None),
        (_MACHINE, _is_machine),
        (named, None),
    ):
        hits = [hit for hit in pattern.finditer(text) if is_one is None or is_one(hit.group())]
        for hit in findings.outside(hits, list(taken)):
            taken.append(hit.span())
            message = f"“{hit.group()}” names a machine. Say what people cannot do instead."
            yield findings.at(hit, code="C05", severity=ERROR, message=message, rule="host")
    yield from _acronyms(draft, text)


def sensitive(draft: Draft, text: str) -> Iterator[Finding]:
    """C17: credentials stop for everyone; addresses, numbers and weaknesses for end users and the public."""
    secrets = list(_CREDENTIAL.finditer(text))
    for hit in secrets:
        message = "This looks like a password or key. Take it out."
        yield findings.at(hit, code="C17", severity=ERROR, message=message, rule="credential")
    if not set(draft.audiences) & {AudienceCode.END_USERS, AudienceCode.PUBLIC}:
        return
    # What the record tells people to ring or write to, as a workaround does, is meant for them.
    recorded = " ; ".join(draft.recorded.texts) if draft.recorded is not None else ""
    allowed = {_contact(item) for item in draft.known.allowed_contacts}
    allowed |= {_contact(hit.group()) for pattern in (_EMAIL, _PHONE) for hit in pattern.finditer(recorded)}
    for rule, pattern, what in (
        ("email", _EMAIL, "an e-mail address"),
        ("phone", _PHONE, "a phone number"),
        ("card", _CARD, "a card number"),
    ):
        for hit in findings.outside(pattern.finditer(text), [secret.span() for secret in secrets]):
            if _contact(hit.group()) in allowed or (rule == "card" and not _luhn(hit.group())):
                continue
            message = f"This looks like {what}. Use the desk's public contact, or take it out."
            yield findings.at(hit, code="C17", severity=ERROR, message=message, rule=rule)
    for hit in _CVE.finditer(text):
        message = "This names a weakness that others could use. Take it out."
        yield findings.at(hit, code="C17", severity=ERROR, message=message, rule="weakness")


def internal_links(draft: Draft, text: str) -> Iterator[Finding]:
    """C23: no bridge, chat or internal link for end users, executives and the public."""
    if not draft.plain:
        return
    message = "This leads into the incident room or an internal system. Link the status page, or take it out."
    for hit in _LINK.finditer(text):
        if _is_internal(draft, host=hit["host"].lower(), rest=hit["rest"], link=hit.group()):
            yield findings.at(hit, code="C23", severity=ERROR, message=message, rule="link")
    links = [hit.span() for hit in _LINK.finditer(text)]
    for hit in findings.outside(_ROOM_WORDS.finditer(text), links):
        yield findings.at(hit, code="C23", severity=ERROR, message=message, rule="room")


def audience(draft: Draft) -> Iterator[Finding]:
    """C26: somebody is addressed, everyone addressed exists, and the kind is meant for them."""
    problems: list[tuple[str, str]] = []
    if not draft.audiences:
        problems.append(("none", "Choose who gets this message."))
    for code in sorted(set(draft.audiences) - draft.known_audiences):
        problems.append(("unknown", f"There is no audience “{code}”."))
    beyond = sorted(set(draft.audiences) - _HANDOVER_AUDIENCES)
    if draft.kind == UpdateKind.HANDOVER and beyond:
        words = ", ".join(_words(code) for code in beyond)
        message = f"A change of manager concerns technical teams, owners and executives, not {words}."
        problems.append(("handover", message))
    forgotten = sorted(draft.corrects_audiences - set(draft.audiences))
    if forgotten:
        words = ", ".join(_words(code) for code in forgotten)
        problems.append(("correction", f"Everyone who got the wrong message gets the correction. Missing: {words}."))
    for rule, message in problems:
        yield Finding(code="C26", severity=ERROR, field="audiences", message=message, rule=rule)


def marked_internal(draft: Draft, text: str) -> Iterator[Finding]:
    """C26: a text marked as internal does not go to end users or the public."""
    reached = sorted(set(draft.audiences) & {AudienceCode.END_USERS, AudienceCode.PUBLIC})
    if not reached:
        return
    words = " and ".join(_words(code) for code in reached)
    for hit in _INTERNAL_MARK.finditer(text):
        message = f"The text says “{hit.group()}”, and it goes to {words}."
        yield findings.at(hit, code="C26", severity=ERROR, message=message, rule="marked_internal")


def private_on_public(draft: Draft) -> Iterator[Finding]:
    """C27: a private incident or an exercise never reaches the public."""
    if AudienceCode.PUBLIC not in draft.audiences or not (draft.is_private or draft.is_exercise):
        return
    what = "This incident is private" if draft.is_private else "This is an exercise"
    message = f"{what}: it cannot be published to the public. Take the public out of the audiences."
    yield Finding(code="C27", severity=ERROR, field="audiences", message=message, rule="public")


def _is_machine(word: str) -> bool:
    """“web1”, “db-prod-01”, “eu-api-7b”: a word for a server with a number in it or after it."""
    parts = word.split("-")
    last = max((place for place, part in enumerate(parts) if _NUMBERED_PART.fullmatch(part)), default=-1)
    servers = ((place, _SERVER_PART.fullmatch(part)) for place, part in enumerate(parts[: last + 1]))
    return any(server is not None and (server["number"] or place < last) for place, server in servers)


def _acronyms(draft: Draft, text: str) -> Iterator[Finding]:
    known = {term.upper() for term in (*draft.known.glossary, *draft.known.services, *draft.known.sites)}
    known |= {word.upper() for term in (*draft.known.services, *draft.known.sites) for word in term.split()}
    seen: set[str] = set()
    for hit in findings.outside(_ACRONYM.finditer(text), [m.span() for m in _LINK.finditer(text)]):
        if hit.group() in _PLAIN_ACRONYMS | known | seen:
            continue
        seen.add(hit.group())
        message = f"Will readers know “{hit.group()}”? Write it out, or add it to the glossary."
        yield findings.at(hit, code="C05", severity=WARNING, message=message, rule="acronym")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


def _is_internal(draft: Draft, *, host: str, rest: str, link: str) -> bool:
    if any(link.startswith(url) for url in draft.known.bridge_urls if url):
        return True
    bare = host.strip("[]")
    if "." not in bare or _is_address(bare) or re.search(rf"\.{_INTERNAL_TLD}$", bare) or _ROOM_HOST.search(bare):
        return True
    own = any(bare == known or bare.endswith(f".{known}") for known in draft.known.internal_hosts)
    return own and not re.match(r"(?::\d+)?/status/", rest)


def _contact(text: str) -> str:
    """An address in lower case, a number as its digits."""
    return text.casefold().strip() if "@" in text else re.sub(r"\D", "", text)


def _luhn(text: str) -> bool:
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _words(code: str) -> str:
    """An audience's code as words."""
    return code.replace("_", " ")
