from pathlib import Path

import pytest

NEED_THE_ENGINES = {"test_diarization.py", "test_meaning.py", "test_sentiment.py"}
"""Every test of these modules is marked `models`."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m "not models"` torch is not even imported: that takes longer than all other tests of this folder."""
    left_out = config.getoption("markexpr") == "not models" and collection_path.name in NEED_THE_ENGINES
    return True if left_out else None
