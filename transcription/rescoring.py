"""Sentiment of turns that a person corrected: their words are other ones than those that were scored."""

from dataclasses import replace

from django.db import connection, transaction

from . import wiring
from .models import Recording
from .transcripts import store_corrected, transcript_of


def score_corrected(recording_id: int) -> None:
    """Score the turns of a finished call that have no sentiment; does nothing if there are none."""
    finished = Recording.objects.filter(pk=recording_id, status=Recording.Status.DONE)
    recording = finished.first()
    unscored = [turn for turn in transcript_of(recording).turns if not turn.sentiment] if recording else []
    if not unscored:
        return
    connection.close()
    scored = dict(zip(unscored, wiring.engine("sentiment").score(unscored), strict=True))
    with transaction.atomic():
        held = finished.select_for_update().first()
        if held:
            found = transcript_of(held)
            turns = tuple(replace(turn, sentiment=turn.sentiment or scored.get(turn)) for turn in found.turns)
            store_corrected(held, replace(found, turns=turns))
