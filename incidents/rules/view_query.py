"""The filters of the list as they stand in an address: the same filters are always written the same way."""

from urllib.parse import parse_qsl, urlencode

# In the order in which an address names them.
FILTERS = ("q", "live", "state", "priority", "service", "manager", "declared_from", "declared_to", "exercise")
LONGEST = 1_000
MOST_VALUES = 100


class NotFilters(ValueError):
    """Longer than any filters of the list."""


def canonical(query: str) -> str:
    """Known filters with a value, each once, in one order; pages, views and whatever else stands there left out."""
    try:
        given = parse_qsl(query.removeprefix("?"), max_num_fields=MOST_VALUES)
    except ValueError as error:
        raise NotFilters(query[:LONGEST]) from error
    cleaned = ((name, value.replace("\x00", "").strip()) for name, value in given)
    pairs = {(name, value) for name, value in cleaned if name in FILTERS and value}
    written = urlencode(sorted(pairs, key=lambda pair: (FILTERS.index(pair[0]), pair[1])))
    if len(written) > LONGEST:
        raise NotFilters(written[:LONGEST])
    return written
