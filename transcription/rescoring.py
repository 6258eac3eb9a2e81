"""Sentiment of turns that a person set right: other words were scored, or the words of another role."""

from dataclasses import replace

from django.db import connection, transaction

from . import wiring
from .models import Recording
from .transcripts import as_said, store_corrected


def score_corrected(recording_id: int, *, everything: bool = False) -> None:
    """Score the turns of a finished call that have no sentiment, or all; does nothing if there are none.

    All are to be scored after a swap, for the estimate depends on who speaks (one label in eight). What has changed
    while the scorer ran keeps what it has: that change has a job of its own.
    """
    finished = Recording.objects.filter(pk=recording_id, status=Recording.Status.DONE)
    recording = finished.first()
    turns = as_said(recording).turns if recording else ()
    asked = [turn for turn in turns if everything or not turn.sentiment]
    if not asked:
        return
    connection.close()
    scored = dict(zip(asked, wiring.engine("sentiment").score(asked), strict=True))
    with transaction.atomic():
        held = finished.select_for_update().first()
        if held:
            found = as_said(held)
            turns = tuple(replace(turn, sentiment=scored.get(turn, turn.sentiment)) for turn in found.turns)
            store_corrected(held, replace(found, turns=turns))
