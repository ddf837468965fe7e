"""Files on a form: several at a time."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from incidents.services.record.attachment_files import ACCEPTED


class ManyFilesInput(forms.ClearableFileInput):
    """Lets people choose several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """All chosen files, in their order."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        given = list(data) if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given or [None]]


class AttachForm(forms.Form):
    """One or more files."""

    file = ManyFilesField(
        label=_("Files"),
        allow_empty_file=True,  # the verb says it better
        help_text=ACCEPTED,
        error_messages={"required": _("Choose a file first.")},
    )

    def chosen(self) -> "Sequence[UploadedFile[bytes]]":
        """The files, in the order in which they were chosen."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["file"]
        return files
