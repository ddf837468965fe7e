"""Who is owed updates, asked of whoever declares."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _


class AudienceChoice(forms.MultipleChoiceField):
    """Audiences to tick; none is an answer too: then the service and the priority decide."""

    def __init__(self) -> None:
        super().__init__(label=_("Who is owed updates?"), widget=forms.CheckboxSelectMultiple, required=False)


def offer_audiences(form: forms.Form, audiences: Sequence[tuple[str, str]], *, usual: str) -> None:
    """Put the choices into the form's field. `usual` names the audiences that are owed where none is ticked."""
    told = form.fields["audiences"]
    assert isinstance(told, AudienceChoice)
    told.choices = list(audiences)
    told.help_text = (
        translated("Tick none for the usual ones: %s.") % usual
        if usual
        else translated("Tick none for those that this service and the priority usually owe.")
    )
    if not audiences:
        del form.fields["audiences"]
