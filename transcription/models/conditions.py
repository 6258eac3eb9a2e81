"""Which rows are in an index of their own, so that whoever looks for them reads no others."""

from typing import Final

from django.db import models

CONFIDENT = 0.7
UNCONFIRMED: Final = models.Q(outcome="two_sided") & (
    models.Q(role_confidence__lt=CONFIDENT) | models.Q(role_confidence=None)
)
"""Recordings where somebody should confirm who is the agent. Calls with fewer than two parties need not wait for it."""
UNMEASURED: Final = ~models.Q(outcome="") & (
    models.Q(measured_at=None)
    | models.Q(measured_at__lt=models.F("finished_at"))
    | models.Q(measured_at__lt=models.F("roles_confirmed_at"))
    | models.Q(measured_at__lt=models.F("corrected_at"))
)
"""Recordings with a transcript whose numbers are not of it, or of its roles. The database takes `measured_at` away
where agent or start become others than the numbers have, or the numbers are deleted (analytics migration 0009)."""
