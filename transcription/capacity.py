"""How many workers some hours of calls need, and what they cost here and elsewhere: arithmetic on measured speed."""

from dataclasses import dataclass
from math import ceil

HOURS_A_MONTH = 365 * 24 / 12


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a person knows of an own machine and of others' prices. All prices are in one currency.

    `factor`: seconds of work per second of audio of one worker. `workers`: how many of them one machine holds.
    `busy`: the share of a month in which they may be at work. `machine`: what one costs in a month, with everything.
    `cloud`: what somebody else takes for a minute of audio. None: not known, and so is what follows from it.
    """

    factor: float | None
    workers: int
    busy: float
    machine: float | None
    cloud: float | None

    @property
    def hours_of_worker(self) -> float | None:
        """Hours of audio that one worker gets done in a month."""
        return HOURS_A_MONTH * self.busy / self.factor if self.factor else None

    @property
    def hours_of_machine(self) -> float | None:
        return self.hours_of_worker * self.workers if self.hours_of_worker else None

    @property
    def cheaper_from(self) -> float | None:
        """Hours a month from which on an own machine costs less than the cloud; None if unknown, or if it never does.

        That is where one machine's price is reached, if it can do so many hours. If it cannot, two machines, which
        cost twice as much, cannot do twice as many either, and so on.
        """
        if self.machine is None or not self.cloud or self.hours_of_machine is None:
            return None
        hours = self.machine / (60 * self.cloud)
        return hours if hours <= self.hours_of_machine else None

    @property
    def never_cheaper(self) -> bool:
        """All is known, and the cloud costs less however many hours there are."""
        return None not in (self.machine, self.cloud, self.factor) and self.cheaper_from is None


@dataclass(frozen=True, slots=True)
class Need:
    """For `hours` of audio a month. Each is None if something that it follows from is not known."""

    hours: float
    workers: int | None
    machines: int | None
    own: float | None
    cloud: float | None

    @property
    def own_per_hour(self) -> float | None:
        return self.own / self.hours if self.own is not None else None

    @property
    def cheaper(self) -> str:
        """ "own" or "cloud"; empty if not both are known."""
        if self.own is None or self.cloud is None:
            return ""
        return "own" if self.own <= self.cloud else "cloud"


def need(hours: float, given: Assumptions) -> Need:
    """`hours` > 0."""
    workers = ceil(hours / given.hours_of_worker) if given.hours_of_worker else None
    machines = ceil(workers / given.workers) if workers else None
    own = machines * given.machine if machines and given.machine is not None else None
    cloud = hours * 60 * given.cloud if given.cloud is not None else None
    return Need(hours, workers, machines, own, cloud)
