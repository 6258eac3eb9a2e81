"""What somebody hears of a call."""

from .models import Recording, User
from .playback import Playable, playable, silenced
from .transcripts import personal_stretches


def sound_for(user: User, recording: Recording) -> Playable:
    """The recording as this user may hear it: for most, with silence where something personal is said.

    Raises OSError if there is no such sound, also as long as nobody knows what is said in the recording.
    """
    if user.may_see_personal_data:
        return playable(recording)
    if not recording.outcome:
        raise FileNotFoundError("What is said in this recording is not known yet.")
    stretches = personal_stretches(recording)
    return silenced(recording, stretches) if stretches else playable(recording)
