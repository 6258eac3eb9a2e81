"""What a worker learns from a call in which a person has confirmed who is the agent: the agent's voice only."""

from django.db import connection, transaction

from . import wiring
from .models import Recording, Removal, VoiceSample, removed
from .priors import valid_samples
from .processing import local_file
from .speech.audio import decode
from .speech.types import SpeakerTurn, Voice
from .speech.voices import voices_of


def learn_voice(recording_id: int) -> None:
    """Keep the agent's voice in a confirmed call in place of what was kept; nothing is kept of any other call."""
    confirmed = Recording.objects.filter(roles_confirmed_at__isnull=False, agent__isnull=False, outcome="two_sided")
    confirmed = confirmed.exclude(removed(Removal.What.AUDIO))
    recording = confirmed.filter(pk=recording_id).first()
    voice = _voice(recording) if recording else None
    with transaction.atomic():
        held = confirmed.select_for_update().filter(pk=recording_id).first()
        VoiceSample.objects.filter(recording=recording_id).delete()
        if (
            held and held.agent and recording and voice and held.speakers == recording.speakers
        ):  # nobody swapped meanwhile
            VoiceSample.objects.create(recording=held, agent=held.agent, voice=list(voice))


def forget_voices() -> None:
    """Delete voices of calls that are no longer confirmed, or are another agent's now."""
    VoiceSample.objects.exclude(pk__in=valid_samples()).delete()


def _voice(recording: Recording) -> Voice | None:
    """None if the agent is heard alone too little. Raises SpeechError."""
    agent = next((speaker["label"] for speaker in recording.speakers if speaker["role"] == "agent"), "")
    activity = [SpeakerTurn(*entry) for entry in recording.activity]
    connection.close()
    audio = decode(local_file(recording))
    return voices_of(wiring.engine("voices"), audio, recording.layout, activity, [agent]).get(agent)  # type: ignore[arg-type]
