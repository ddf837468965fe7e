"""The composer's form: from a draft to fields, and back to what the verb that edits takes."""

from typing import Any

from django.http import QueryDict

from comms.forms.writing import UpdateForm, adapted_in
from comms.models import Audience, Update
from comms.queries.recipients import audiences


def form_of(update: Update, data: QueryDict | None = None, *, begun: str = "") -> UpdateForm:
    """The draft as a form, or what was typed over it; `begun` is an audience whose own text starts empty."""
    wanted = {*update.texts, begun} if data is None else adapted_in(data)
    return UpdateForm(
        data, initial=_initial(update), fixed_audiences=update.corrects_id is not None, adapted=_adapted(update, wanted)
    )


def changes(update: Update, form: UpdateForm) -> dict[str, Any]:
    """What the form says, without a next time that differs only by the seconds that the field cannot hold."""
    said = {name: form.cleaned_data[name] for name in form.base_fields if name in form.cleaned_data}
    said.pop("revision", None)
    held = update.next_update_at
    if held is not None and said["next_update_at"] == held.replace(second=0, microsecond=0):
        del said["next_update_at"]
    return said | {"texts": form.texts()} if form.adapted else said


def _adapted(update: Update, wanted: set[str]) -> list[Audience]:
    """The audiences with a text of their own that the page shows: those chosen, and any that is sent along."""
    wanted.discard("")
    if not wanted:
        return []
    chosen = [audience for audience in update.audiences.all() if audience.code in wanted]
    missing = wanted - {audience.code for audience in chosen} - set(update.texts)
    return [*chosen, *(audiences.by_codes(missing) if missing else ())]


def _initial(update: Update) -> dict[str, Any]:
    initial = {
        "revision": update.revision,
        "subject": update.subject,
        "body": update.body,
        "audiences": [audience.code for audience in update.audiences.all()],
        "next_update_at": update.next_update_at,
        "component_state": update.component_state,
    }
    for code, own in update.texts.items():
        initial |= {f"{part}--{code}": words for part, words in own.items()}
    return initial
