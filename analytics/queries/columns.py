"""The columns that the list of calls can show: what heads them, what they sort by, what they are in a CSV."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .catalogue import METRICS, TILES, Metric


@dataclass(frozen=True, slots=True)
class Column:
    """`sort`: where Recording has the value, empty if the list cannot be sorted by it. `csv`: columns of exports.

    `metric` is None for what is known without measuring. A telephone leaves out what is `wide`.
    """

    key: str
    name: str
    measure: str = ""
    sort: str = ""
    csv: tuple[str, ...] = ()
    number: bool = False
    wide: bool = True
    metric: Metric | None = None

    @property
    def label(self) -> str:
        return gettext(self.name)

    @property
    def unit(self) -> str:
        return gettext(self.measure) if self.measure else ""

    @property
    def kind(self) -> str:
        """CSS classes of its cells."""
        return " ".join(name for name in ("number", "wide") if getattr(self, name))


_DESCRIBED = (
    Column("started_at", _("Call"), sort="started_at", csv=("call_id", "started_at", "source_file"), wide=False),
    Column("fingerprint", _("Who speaks when")),
    Column("agent", _("Agent"), sort="agent__name", csv=("agent", "team"), wide=False),
    Column("customer", _("Customer"), csv=("customer_ref", "queue")),
    Column("direction", _("Direction"), csv=("direction",)),
    Column("language", _("Language"), csv=("language",)),
    Column("outcome", _("Kind"), csv=("status", "outcome")),
    Column(
        "role_confidence", _("Roles certain"), "%", "role_confidence", ("role_source", "role_confidence"), number=True
    ),
    Column("duration", _("Length"), sort="duration", csv=("duration_s",), number=True, wide=False),
)


def _measured(metric: Metric) -> Column:
    feels = metric.key == "sentiment_customer"
    return Column(
        key=metric.key,
        name=metric.name,
        measure="" if metric.measure == "per call" else metric.measure,
        sort=f"metrics__{metric.key}",
        csv=(metric.key, "sentiment_shift") if feels else (metric.key,),
        number=True,
        wide=not feels,
        metric=metric,
    )


_MEASURED = tuple(map(_measured, METRICS.values()))
COLUMNS: Final[dict[str, Column]] = {column.key: column for column in (*_DESCRIBED, *_MEASURED)}
SORTS: Final = {column.key: column.sort for column in COLUMNS.values() if column.sort}
"""What the list can be sorted by -> where Recording has it; "-" before the key for descending."""

FIXED = "started_at"
"""The column that opens the call, which every list has."""
USUAL: Final = (FIXED, "fingerprint", "agent", "customer", "duration", *TILES)


def columns_shown(chosen: Iterable[str]) -> list[Column]:
    """Those of `chosen` that exist, in catalogue order and with the fixed one; the usual ones when none is."""
    wanted = {key for key in chosen if key in COLUMNS} or set(USUAL)
    return [column for key, column in COLUMNS.items() if key in wanted | {FIXED}]
