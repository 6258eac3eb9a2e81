"""Language and time zone of an account."""

from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

COMMON: Final = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Europe/Istanbul",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Bogota",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
)
"""Where most call centres are, from west to east of each continent; all others follow in the list."""


class AccountForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages, zones = self.fields["language"], self.fields["zone"]
        languages.choices = [("", _("As the browser says")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        site = _("The site’s: %(zone)s") % {"zone": settings.TIME_ZONE}
        common = [(zone, zone) for zone in COMMON if zone in _zones()]
        others = [(zone, zone) for zone in _zones() if zone not in COMMON]
        zones.choices = [("", site), (_("Often chosen"), common), (_("All others"), others)]  # type: ignore[attr-defined]


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())
