from transcription.speech.clock import StageClock


def test_the_clock_passes_progress_on_and_adds_up_stages() -> None:
    heard: list[tuple[str, float]] = []
    clock = StageClock(lambda stage, share: heard.append((stage, share)))
    clock("recognizing", 0.0)
    clock("recognizing", 1.0)
    clock("aligning", 0.0)
    assert heard == [("recognizing", 0.0), ("recognizing", 1.0), ("aligning", 0.0)]
    assert list(clock.seconds()) == ["recognizing", "aligning"]
