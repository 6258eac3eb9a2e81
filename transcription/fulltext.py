"""How PostgreSQL searches in what was said."""

from typing import Any

from django.db import models

SPOKEN = "spoken"
"""The text search configuration (made in a migration): English stems, and every word kept.

The stock `english` drops "how are you", which a supervisor searches; `simple` does not find "refunds" for "refund".
Other languages go through the same stemmer on both sides, so their words are found as they are spelt.
"""


class WithoutSearch(models.Manager[Any]):
    def get_queryset(self) -> models.QuerySet[Any]:
        """Without the column `search`, which only the database reads and which is larger than the text."""
        return super().get_queryset().defer("search")
