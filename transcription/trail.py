"""Reading the audit: what passes a form's filters, page by page and as CSV."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from .days import midnight
from .models import AuditEntry
from .sheets import lines

COLUMNS = ("at", "user", "address", "action", "kind", "number", "name", "detail")


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Entries, newest first. `after`: where the next page goes on, None at the end."""

    entries: list[AuditEntry]
    after: int | None


def passing(wanted: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """Newest first. `wanted` as AuditForm cleans it: user, action, kind, number, start and end (both days included)."""
    equal = {"user_id": "user", "action": "action", "kind": "kind", "object_id": "number"}
    found = AuditEntry.objects.filter(**{column: wanted[name] for column, name in equal.items() if wanted.get(name)})
    if wanted.get("start"):
        found = found.filter(at__gte=midnight(wanted["start"]))
    if wanted.get("end"):
        found = found.filter(at__lt=midnight(wanted["end"] + timedelta(days=1)))
    return found.order_by("-at", "-pk")


def page_of(found: QuerySet[AuditEntry], after: int | None, size: int) -> TrailPage:
    """`size` entries behind the entry `after`; of a number that is none, from the beginning. Two queries."""
    edge = AuditEntry.objects.filter(pk=after).first() if after else None
    if edge:
        found = found.filter(Q(at__lt=edge.at) | Q(pk__lt=edge.pk), at__lte=edge.at)
    entries = list(found[: size + 1])
    return TrailPage(entries[:size], after=entries[size - 1].pk if len(entries) > size else None)


def csv_lines(found: QuerySet[AuditEntry]) -> Iterator[str]:
    return lines(COLUMNS, (_row(entry) for entry in found.iterator(1000)))


def _row(entry: AuditEntry) -> list[Any]:
    detail = json.dumps(entry.detail, ensure_ascii=False) if entry.detail else None
    return [
        *(entry.at, entry.user_name or None, entry.address or None, entry.action),
        *(entry.kind or None, entry.object_id, entry.object_name, detail),
    ]
