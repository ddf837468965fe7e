"""What somebody typed, cleaned by a rule, or refused at its field in the rule's own words."""

from collections.abc import Callable
from typing import Any

from mim_portal.lib.refusals import Invalid
from teams.rules.fields import Unusable


def cleaned(field: str, cleaner: Callable[[Any], Any], value: Any) -> Any:
    """The value as it is kept; Invalid at `field` where the rule finds it unusable."""
    try:
        return cleaner(value)
    except Unusable as error:
        raise Invalid(str(error), field=field) from error
