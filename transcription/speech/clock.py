"""How long each stage took."""

import time

from .ports import Progress


class StageClock:
    """A Progress callback that passes on what it hears and remembers the seconds spent in each stage."""

    def __init__(self, listener: Progress) -> None:
        self._listener = listener
        self._entries: list[tuple[str, float]] = []

    def __call__(self, stage: str, share: float) -> None:
        if not self._entries or self._entries[-1][0] != stage:
            self._entries.append((stage, time.monotonic()))
        self._listener(stage, share)

    def seconds(self) -> dict[str, float]:
        """Stage -> wall seconds, the last stage up to now."""
        ends = [started for _, started in self._entries[1:]] + [time.monotonic()]
        totals: dict[str, float] = {}
        for (stage, started), ended in zip(self._entries, ends, strict=True):
            totals[stage] = round(totals.get(stage, 0.0) + ended - started, 3)
        return totals
