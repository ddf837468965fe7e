"""What administrators type into a template."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.rules.templates import PARTS, Parts
from incidents.models import Incident
from mim_portal.lib.sandbox import SOURCE


def _source(label: Any, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "source"})
    return forms.CharField(label=label, max_length=SOURCE, required=False, widget=widget, **options)


class TemplateForm(forms.Form):
    """The sources of one template; an empty one is the built-in template's."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput({"data-autosave-keep": ""}), required=False)
    incident = forms.ChoiceField(
        label=_("Try it on"), required=False, help_text=_("“Show the preview” fills in what is on its record.")
    )
    subject = _source(_("Subject"), 2, help_text=_("What people cannot do; the portal adds the rest."))
    body = _source(_("Text"), 16)
    sms = _source(_("SMS"), 3)
    status_text = _source(_("On status pages"), 5, help_text=_("Used where nobody but readers of a page gets it."))

    def offer(self, incidents: Iterable[Incident]) -> None:
        """The incidents that the template can be tried on."""
        rows = [(one.reference, f"{one.reference} {one.title}") for one in incidents]
        field = self.fields["incident"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("a made-up incident")), *rows]

    def parts(self) -> Parts:
        """As typed, with one kind of line end."""
        return Parts(**{name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in PARTS})
