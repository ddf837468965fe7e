"""/settings/language/: which language updates are written in, and which checks read only English."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.adapters import languagetool
from comms.forms.languages import LanguageForm
from comms.queries.writing import languages as queries
from comms.rules.checking import catalogue
from comms.services.writing import languages
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """One choice; with the checker away all of ours are offered, and the page says so."""
    held = queries.current()
    reported = reported_languages()
    form = LanguageForm(request.POST or None, initial={"language": held}, offered=queries.offered(reported, held=held))
    if request.method == "POST" and attempt(
        form, lambda: languages.change(person=request.user, language=form.cleaned_data["language"])
    ):
        messages.success(request, _("Saved. It holds for updates begun from now on."))
        return redirect("language-settings")
    context = {
        "form": form,
        "is_reported": reported is not None,
        "is_known": reported is None or held in reported,
        "only_english": catalogue.only_english(),
        "mostly_english": catalogue.mostly_english(),
    }
    return render(request, "comms/language_settings.html", context, status=422 if form.is_bound else 200)


def reported_languages() -> frozenset[str] | None:
    """What the checker reads; None where it does not answer."""
    try:
        return languagetool.languages()
    except languagetool.LanguageUnavailable:
        return None
