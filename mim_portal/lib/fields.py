"""Fields that several apps' forms share."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mim_portal.lib import local_times, times


class MomentField(forms.Field):
    """A moment as a person says it: date and time in their own zone, or with an offset in any.

    A time that the clocks left out or showed twice is asked again, saying which; what was typed stays in the form.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "invalid": gettext_lazy("Give a date and time such as 2026-11-23 14:30."),
        "required": gettext_lazy("Give a date and time such as 2026-11-23 14:30."),
    }

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(timezone.get_current_timezone()) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            return self._instant(local_times.read(str(value)))
        except (ValueError, OverflowError) as error:
            self._show_as_text()
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        except ValidationError:
            self._show_as_text()
            raise

    def _instant(self, read: datetime) -> datetime:
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        tz = timezone.get_current_timezone()
        found = local_times.instants(read, tz)
        if len(found) == 1:
            return found[0]
        words = {"time": f"{read:%H:%M}", "day": times.day(read.date()), "zone": str(tz)}
        if not found:
            message = _("%(time)s on %(day)s did not exist in %(zone)s: the clocks went forward over it.") % words
            raise ValidationError(message, code="skipped")
        words |= {"first": local_times.written(found[0], tz), "second": local_times.written(found[1], tz)}
        message = _(
            "%(time)s on %(day)s came twice in %(zone)s: the clocks went back. "
            "Type %(first)s for the first time, %(second)s for the second."
        )
        raise ValidationError(message % words, code="repeated")

    def _show_as_text(self) -> None:
        """The browser's own control would throw away what it cannot read, and takes no offset."""
        self.widget.input_type = "text"
