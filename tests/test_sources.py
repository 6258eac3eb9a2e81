"""What a source says about its calls."""

from __future__ import annotations

import pytest

from transcription.forms import SourceForm
from transcription.models import Source
from transcription.speech.types import SpeakerRange


def form(fewest: int, most: int) -> SourceForm:
    return SourceForm(
        {"name": "Ward line", "channel_map": "auto", "min_speakers": fewest, "max_speakers": most},
        instance=Source(name="Ward line"),
    )


@pytest.mark.django_db
def test_a_source_holds_two_people_unless_told_otherwise() -> None:
    assert Source(name="Main line").speakers == SpeakerRange(2, 2)
    assert form(2, 3).save().speakers == SpeakerRange(2, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fewest", "most", "problem"),
    [
        (3, 2, "There cannot be fewer speakers at most than at least."),
        (0, 2, "Ensure this value is greater than or equal to 1."),
        (2, 7, "Ensure this value is less than or equal to 6."),
    ],
)
def test_impossible_numbers_of_speakers_are_refused(fewest: int, most: int, problem: str) -> None:
    refused = form(fewest, most)
    assert not refused.is_valid()
    assert problem in str(refused.errors)
