"""What is to be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

SOURCE: Final = "Seeded calls"
"""Name of the Source of made recordings: what `clear` may delete."""
_FIRST_HOUR, _OPEN_S = 8, 10 * 3600
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """`calls` of `agents` in `teams` over the working days of `days` days up to `until` (included).

    The same plan on an empty database gives the same rows, but for primary keys.
    """

    calls: int
    agents: int = 60
    teams: int = 6
    days: int = 365
    turns_per_call: int = 8
    seed: int = 1
    until: date = date.max

    @property
    def variants(self) -> int:
        """Different dialogues that calls are copies of."""
        return min(2000, 60 + self.calls // 20)

    def working_days(self) -> Sequence[date]:
        every = (self.until - timedelta(days=back) for back in reversed(range(self.days)))
        return [day for day in every if day.weekday() < _SATURDAY] or [self.until]

    def start_of(self, number: int, days: Sequence[date], random: Random) -> datetime:
        """When the call `number` (from 0) begins; later calls on the same day or later."""
        day = days[number * len(days) // self.calls]
        return datetime.combine(day, time(_FIRST_HOUR), UTC) + timedelta(seconds=random.randrange(_OPEN_S))
