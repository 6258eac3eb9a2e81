"""How often somebody may guess a password: counted in the audit, so that every web process knows."""

from datetime import timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from .models import Action, AuditEntry

WINDOW: Final = timedelta(minutes=15)
MOST_HERE: Final = 10
"""Failures with one name from one address."""
MOST_WITH_NAME: Final = 50
"""With one name from anywhere: many machines that guess at one account. Its owner is kept out as well meanwhile."""
MOST_FROM_ADDRESS: Final = 100
"""From one address with any names: a whole office may share one."""


def is_blocked(name: str, address: str) -> bool:
    """Whether a log-in with `name` from `address` has to wait until failures are older than WINDOW. One query."""
    failed = AuditEntry.objects.filter(action=Action.LOGIN_FAILED, at__gte=timezone.now() - WINDOW)
    named, here = Q(object_name__iexact=name), Q(address=address)
    counts = failed.aggregate(
        here=Count("pk", filter=named & here), named=Count("pk", filter=named), address=Count("pk", filter=here)
    )
    return bool(
        counts["here"] >= MOST_HERE or counts["named"] >= MOST_WITH_NAME or counts["address"] >= MOST_FROM_ADDRESS
    )
