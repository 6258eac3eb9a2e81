"""What a person sets right in a transcript: who is the agent."""

from dataclasses import replace

from django.db import transaction

from .models import Recording
from .speech.types import Role, Speaker, Transcript
from .transcripts import store_transcript, transcript_of

OTHER: dict[Role | None, Role | None] = {"agent": "customer", "customer": "agent", None: None}


def confirm_roles(recording: Recording, *, swap: bool, by: str) -> None:
    """Make the roles of a call (exchanged first, with `swap`) certain, on the word of a person.

    Everything counted by role is computed again after the commit. Does nothing to a call without a transcript.
    """
    with transaction.atomic():
        held = Recording.objects.select_for_update().filter(pk=recording.pk, status=Recording.Status.DONE).first()
        if held and held.speakers:
            store_transcript(held, _confirmed(transcript_of(held), swap=swap, by=by))


def _confirmed(transcript: Transcript, *, swap: bool, by: str) -> Transcript:
    roles = {s.label: OTHER[s.role] if swap else s.role for s in transcript.speakers}
    said = f"{'swapped' if swap else 'confirmed'} by {by}"
    return replace(
        transcript,
        speakers=tuple(Speaker(s.label, roles[s.label], 1.0, (said,)) for s in transcript.speakers),
        turns=tuple(replace(turn, role=roles.get(turn.speaker)) for turn in transcript.turns),
    )
