"""The language that the organisation writes its updates in."""

from collections.abc import Collection

from django.conf import settings

from comms.choices import Language
from mim_portal.models import OrganisationSetting

LANGUAGE = "language"


def current() -> str:
    """What was chosen in the settings, else MIM_LANGUAGE."""
    held = OrganisationSetting.objects.filter(name=LANGUAGE).values_list("value", flat=True).first()
    return str(held or settings.LANGUAGE)


def offered(reported: Collection[str] | None, *, held: str) -> list[tuple[str, str]]:
    """Tags and names to choose from: ours that the checker reports too, all of ours where it cannot be asked.

    What holds now is always among them.
    """
    names = {tag: str(name) for tag, name in Language.choices if reported is None or tag in reported or tag == held}
    names.setdefault(held, held)
    return list(names.items())
