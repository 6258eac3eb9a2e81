"""The one place that writes down who did what to what. What it writes stays (see models.audit)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from .models import Action, AuditEntry, User

SAME_SITTING = timedelta(minutes=30)
_NAME = 500


def record(request: HttpRequest, action: Action, about: Model | str, **detail: Any) -> None:
    """Whoever asks did this to `about`, a saved object or, where there is none, its name. One insert.

    Called after the thing was done, in its transaction if it has one. `detail` holds what JSON can, and no words of a
    call: an entry outlives the call's erasure.
    """
    write(action, about, by=_who(request), address=address_of(request), **detail)


def record_once(request: HttpRequest, action: Action, about: Model | str, **detail: Any) -> None:
    """As `record`, unless the same person did the same to it in the last half hour.

    A player asks for a sound in many pieces, and a page that waits asks for itself again. Of two that ask at the very
    same moment both may be written down.
    """
    who = _who(request)
    entry = _entry(action, about, who, address_of(request), detail)
    same = AuditEntry.objects.filter(kind=entry.kind, object_id=entry.object_id, object_name=entry.object_name)
    since = timezone.now() - SAME_SITTING
    if not same.filter(user_id=entry.user_id, user_name=entry.user_name, action=action, at__gte=since).exists():
        entry.save(force_insert=True)


def record_each(request: HttpRequest, action: Action, about: Iterable[Model], **detail: Any) -> None:
    """As `record`, of each of them, in one insert for a thousand."""
    who, address = _who(request), address_of(request)
    AuditEntry.objects.bulk_create([_entry(action, one, who, address, detail) for one in about], batch_size=1000)


def write(action: Action, about: Model | str, *, by: User | None = None, address: str = "", **detail: Any) -> None:
    """As `record`, for what no request asks for: jobs (`by` nobody) and commands."""
    _entry(action, about, by, address, detail).save(force_insert=True)


def address_of(request: HttpRequest) -> str:
    """Whose request it is. Our proxy adds whom it heard at the end of X-Forwarded-For; anybody may claim the rest."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or "")[:45]


def _who(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _entry(action: Action, about: Model | str, by: User | None, address: str, detail: dict[str, Any]) -> AuditEntry:
    kind, number = ("", None) if isinstance(about, str) else (about._meta.model_name or "", about.pk)  # noqa: SLF001
    return AuditEntry(
        at=timezone.now(),
        user_id=by.pk if by else None,
        user_name=by.get_username() if by else "",
        address=address,
        action=action,
        kind=kind,
        object_id=number,
        object_name=str(about).replace("\0", "")[:_NAME],
        detail=detail,
    )
