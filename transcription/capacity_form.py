"""What a person asks the calculator."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .capacity import Assumptions, Need, need
from .speed import Space, Speed

STEPS = (0.25, 0.5, 1, 2, 4)
"""The asked hours and others around them, to see where own machines become cheaper."""
GIGABYTE = 1e9


def _number(label: Any, help_text: Any = "", **bounds: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, help_text=help_text, required=False, widget=widget, **bounds)


class CapacityForm(forms.Form):
    """Every field may stay empty: what follows from it is then not known. Hours that are missing are DEFAULT_HOURS."""

    DEFAULT_HOURS = 1000

    hours = _number(_("Hours of calls a month"), min_value=0.1, max_value=1e7)
    factor = _number(_("Seconds of work per second of audio"), _("of one worker"), min_value=0.0001, max_value=100)
    workers = forms.IntegerField(label=_("Workers on one machine"), min_value=1, max_value=1000, required=False)
    busy = _number(_("Busy, % of the month"), min_value=1, max_value=100)
    machine = _number(_("Machine, € a month"), _("with power, room and care"), min_value=0, max_value=1e7)
    cloud = _number(_("Cloud, € a minute of audio"), min_value=0, max_value=1000)
    months = _number(_("Months that calls are kept"), min_value=0, max_value=1200)
    storage = _number(_("Storage, € a GB and month"), min_value=0, max_value=1000)

    def __init__(self, given: Any, pace: Speed) -> None:
        self._defaults = {
            "hours": self.DEFAULT_HOURS,
            "factor": round(pace.factor, 3) if pace.factor else None,
            "workers": max(1, pace.workers),
            "busy": 70,
            "months": 12,
        }
        super().__init__({name: str(value) for name, value in self._defaults.items() if value} | given.dict())

    @property
    def assumptions(self) -> Assumptions:
        said = self.cleaned_data
        return Assumptions(
            factor=said["factor"],
            workers=said["workers"] or 1,
            busy=(said["busy"] or 100) / 100,
            machine=said["machine"],
            cloud=said["cloud"],
        )

    @property
    def asked(self) -> Need:
        return need(self._hours, self.assumptions)

    @property
    def around(self) -> list[Need]:
        return [need(self._hours * step, self.assumptions) for step in STEPS]

    def kept(self, space: Space) -> tuple[float | None, float | None]:
        """Gigabytes that are held once calls go as fast as they come, and what they cost a month."""
        if space.sound is None or self.cleaned_data["months"] is None:
            return None, None
        held = self._hours * 3600 * (space.sound + (space.database or 0.0)) * self.cleaned_data["months"] / GIGABYTE
        price = self.cleaned_data["storage"]
        return held, held * price if price is not None else None

    @property
    def _hours(self) -> float:
        return float(self.cleaned_data["hours"] or self.DEFAULT_HOURS)
