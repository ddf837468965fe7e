"""What can stand in a field of the organisation's lists; forms, the API and files share it."""

from collections.abc import Container, Iterable
from functools import cache
from zoneinfo import available_timezones

from teams.choices import Role


class Unusable(ValueError):
    """This cannot stand in the field; the text says what can."""


@cache
def time_zones() -> frozenset[str]:
    """Every zone by its name, such as Europe/London."""
    return frozenset(available_timezones())


def words(text: str, *, longest: int) -> str:
    """Plain words on one line, without what cannot be stored."""
    plain = " ".join(text.split())
    if "\x00" in plain:
        raise Unusable("Null characters are not allowed.")
    if len(plain) > longest:
        raise Unusable(f"Use at most {longest} characters.")
    return plain


def prose(text: str, *, longest: int) -> str:
    """Words that may have line breaks."""
    plain = text.replace("\r\n", "\n").strip()
    if "\x00" in plain:
        raise Unusable("Null characters are not allowed.")
    if len(plain) > longest:
        raise Unusable(f"Use at most {longest} characters.")
    return plain


def time_zone(text: str) -> str:
    """A zone by its name; an abbreviation such as IST names several."""
    name = text.strip()
    if name not in time_zones():
        raise Unusable("Give a time zone by its name, such as Europe/London.")
    return name


def locale(text: str, *, known: Container[str]) -> str:
    """A language that the portal speaks."""
    code = text.strip().lower().replace("_", "-")
    if code not in known:
        raise Unusable("The portal does not speak this language.")
    return code


def roles(given: Iterable[str]) -> tuple[str, ...]:
    """Roles by their codes or names, each once, in the order of the list."""
    by_name = {str(role.label).lower(): role.value for role in Role} | {role.value: role.value for role in Role}
    found, unknown = set(), []
    for one in given:
        word = " ".join(one.split()).lower()
        code = by_name.get(word) or by_name.get(word.replace("-", "_").replace(" ", "_"))
        if code is None:
            unknown.append(one.strip())
        else:
            found.add(code)
    if unknown:
        raise Unusable(f"There is no role {', '.join(unknown)}. Roles are {', '.join(Role.values)}.")
    return tuple(role for role in Role.values if role in found)


def slug(text: str, *, longest: int = 50) -> str:
    """Small letters, figures and hyphens, as addresses have them."""
    plain = text.strip().lower()
    if (
        not plain
        or len(plain) > longest
        or not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in plain)
    ):
        raise Unusable(f"Use small letters, figures and hyphens, at most {longest}, such as card-payments.")
    return plain


def country(text: str) -> str:
    """Two letters of ISO 3166, or nothing."""
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Unusable("Give a country by its two letters, such as IE.")
    return code
