import pytest

from transcription.filenames import PRESETS
from transcription.patterns import TooSlowError, Trial, trials


def test_named_groups_with_and_without_extension() -> None:
    assert trials(r"(?P<agent>[a-z]+)_(?P<call_id>\d+)(?P<queue>x)?", ["march/dana_17.wav", "Dana.wav"]) == [
        Trial("dana_17.wav", {"agent": "dana", "call_id": "17"}),
        Trial("Dana.wav", None),
    ]
    assert trials(r"(?P<call_id>.*)\.wav", ["17.wav"]) == [Trial("17.wav", {"call_id": "17"})]


def test_presets_can_be_tried() -> None:
    (trial,) = trials(f"(?i){PRESETS['FreePBX, outgoing'].pattern}", ["OUT-1-2-20260302-093000-1.2.wav"])
    assert trial.groups == {
        "direction": "OUT",
        "customer": "1",
        "agent": "2",
        "datetime": "20260302-093000",
        "call_id": "1.2",
    }


def test_an_expression_that_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transcription.patterns.SECONDS", 0.3)
    with pytest.raises(TooSlowError):
        trials(r"(?P<agent>(a+)+)b", ["a" * 60 + ".wav"])
