"""What a person sets right in a transcript: who is the agent."""

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from .models import Recording, Removal, User
from .speech.roles import OTHER
from .tasks import learn_voice, score_corrected
from .transcripts import announce


def confirm_roles(recording: Recording, *, swap: bool, by: User) -> bool:
    """Make the roles of a call (exchanged first, with `swap`) certain, on the word of a person.

    Everything counted by role is computed again after the commit; a worker learns the agent's voice and, after a swap,
    scores the sentiment of all turns again. False, and nothing done, for a call without a transcript.
    """
    with transaction.atomic():
        held = Recording.objects.select_for_update().filter(pk=recording.pk).exclude(outcome="").first()
        if held is None or not held.speakers or held.removals.filter(what=Removal.What.TRANSCRIPT).exists():
            return False
        said = f"{'swapped' if swap else 'confirmed'} by {by.get_username()}"
        held.speakers = [
            {"label": s["label"], "role": _role(s["role"], swap=swap), "role_confidence": 1.0, "evidence": [said]}
            for s in held.speakers
        ]
        held.role_confidence = 1.0
        held.roles_confirmed_at = timezone.now()
        held.roles_confirmed_by = by
        held.save(update_fields=["speakers", "role_confidence", "roles_confirmed_at", "roles_confirmed_by"])
        if swap:
            whens = (When(role=role, then=Value(other)) for role, other in OTHER.items())
            held.turns.update(role=Case(*whens, default=F("role")))
            score_corrected.defer(recording_id=held.pk, everything=True)
        announce(held)
        if held.agent_id:
            learn_voice.defer(recording_id=held.pk)
    return True


def _role(role: str | None, *, swap: bool) -> str | None:
    return OTHER.get(role, role) if swap and role else role
