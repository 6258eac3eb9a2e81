"""What each number of a call means: pure functions on the values of `transcription.speech.types`."""

from .call import METRICS_VERSION, FillerCount, Measurement, Settings, count_fillers, measure
from .facts import Event, FillerUse

__all__ = [
    "METRICS_VERSION",
    "Event",
    "FillerCount",
    "FillerUse",
    "Measurement",
    "Settings",
    "count_fillers",
    "measure",
]
