"""The site's settings with engines that only count, a stage to stop in, and workers that are missed after seconds."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, PROCRASTINATE_WORKER_DEFAULTS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.stages.StagesConfig"]
SPEECH_ENGINES = {
    "recognizer": ("tests.fakes.FakeRecognizer", {}),
    "aligner": ("tests.fakes.FakeAligner", {}),
    "diarizer": ("tests.fakes.FakeDiarizer", {}),
    "sentiment": ("tests.fakes.FakeSentiment", {}),
    "voices": ("tests.fakes.FakeVoices", {}),
    "embedder": ("tests.fakes.FakeEmbedder", {}),
    "grouper": ("tests.fakes.FakeGrouper", {}),
}
PROCRASTINATE_WORKER_DEFAULTS = PROCRASTINATE_WORKER_DEFAULTS | {
    "update_heartbeat_interval": 0.5,
    "stalled_worker_timeout": 3.0,
}
