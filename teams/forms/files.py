"""A file of the catalogue on its way in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.rules import table
from teams.rules.catalogue import Kind

TOO_LARGE = _("The file is larger than 10 MB. Split it.")
KIND_LABELS = {
    Kind.SITES: _("Sites"),
    Kind.TEAMS: _("Teams"),
    Kind.PEOPLE: _("People"),
    Kind.SERVICES: _("Services"),
    Kind.CONTACTS: _("Contacts of teams"),
    Kind.ROTAS: _("Rotas (turns)"),
    Kind.WORDS: _("Our words"),
}


class FileForm(forms.Form):
    """What it is of, the file, and whether people are invited."""

    is_too_large = False  # the request left the file out while it arrived (lib/uploads.py)

    kind = forms.ChoiceField(label=_("What is in the file?"), choices=list(KIND_LABELS.items()))
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("From a spreadsheet: “CSV UTF-8”. Commas, semicolons or tabs; the columns in any order."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    invites = forms.BooleanField(
        label=_("Invite the people of the file who cannot sign in yet"),
        required=False,
        help_text=_("Each gets one mail with a link. Without this nobody gets any mail."),
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """A file that was left out for its size is not “required”."""
        if field == "file" and self.is_too_large:
            error = TOO_LARGE
        super().add_error(field, error)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > table.MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        self.cleaned_data["name"] = file.name
        content: bytes = file.read()
        return content


class ApplyForm(forms.Form):
    """What was shown, and whether rows that cannot be used are left out."""

    token = forms.CharField(max_length=64)
    only_good = forms.BooleanField(required=False)
