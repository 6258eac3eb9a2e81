"""The site's calendar. A moment is shown in the zone of who reads; the days that numbers count by are the site's."""

from datetime import date, datetime, time

from django.utils import timezone


def today() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


def day_of(moment: datetime) -> date:
    """The site's day in which an aware moment lies."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def midnight(day: date) -> datetime:
    """The moment in which a day of the site begins."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def written(moment: datetime) -> str:
    """ISO 8601 to the second with the offset of the site's zone, whoever asks: the same file for everybody."""
    return timezone.localtime(moment, timezone.get_default_timezone()).isoformat(timespec="seconds")
