"""How far agents are from the mean of all calls beside them."""

from analytics.compare import side

from .figures import Deviation, Estimate

MEDIUM, LARGE = 0.5, 0.8
"""Differences of means by standard deviations of single values, as Cohen (1988, "Statistical power analysis for the
behavioral sciences", section 2.2) names them."""


def deviation(own: Estimate, everybody: Estimate, spread: float) -> Deviation:
    """Of an agent's mean from everybody's; `spread` is the standard deviation of all calls, the agent's among them.

    The agent's own calls pull the mean of all to them, so that a difference is found too seldom rather than too often.
    """
    if own.value is None or own.interval is None or everybody.value is None:
        return Deviation(None, None, 0, own.reason)
    value = own.value - everybody.value
    lies = side(own.interval, everybody.value)
    if lies in (None, "same"):
        return Deviation(value, lies, 0, "")
    size = abs(value) / spread
    return Deviation(value, lies, 1 + (size >= MEDIUM) + (size >= LARGE), "")
