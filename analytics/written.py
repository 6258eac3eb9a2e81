"""How numbers and lengths of time are written, in the language of the request."""

from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MINUS: Final = "\N{MINUS SIGN}"


def decimal(value: float | None, places: int = 1) -> str:
    """1234.5 is "1,234.5" in English; −2 has a real minus sign; a tiny negative is not "−0.0"."""
    if value is None:
        return ""
    text = f"{value:.{places}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return number_format(text, use_l10n=True, force_grouping=True).replace("-", MINUS)


def signed(value: float | None, places: int = 1) -> str:
    """With its sign, e.g. "+1.5"; zero has none."""
    text = decimal(value, places)
    return f"+{text}" if value is not None and text.strip("0.,") and value > 0 else text


def clock(seconds: float | None) -> str:
    """75.3 is "1:15", 3700 is "1:01:40"."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def about(seconds: float) -> str:
    """A duration as one says it: "40 s", "3 min", "2 h 10 min"; from ten seconds on no seconds that nobody measured."""
    if seconds < 60:
        return f"{round(seconds / 5) * 5 if seconds >= 10 else max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
