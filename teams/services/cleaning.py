"""What somebody typed, cleaned by a rule, or refused at its field in the rule's words, translated where they are."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from mim_portal.lib.refusals import Invalid
from teams.rules.fields import Unusable


def cleaned(field: str, cleaner: Callable[[Any], Any], value: Any) -> Any:
    """The value as it is kept; Invalid at `field` where the rule finds it unusable."""
    try:
        return cleaner(value)
    except Unusable as error:
        raise Invalid(gettext(str(error)), field=field) from error
