"""What is kept of an agent's voice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .calls import Recording
from .people import Agent


class VoiceSample(models.Model):
    """The agent's voice in a call in which a person has confirmed who is the agent. Nobody else's voice is kept."""

    recording = models.OneToOneField(Recording, models.CASCADE, primary_key=True, related_name="voice_sample")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="voice_samples")
    voice = ArrayField(models.FloatField(), help_text="A vector of length 1")
    learned_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-learned_at"]

    def __str__(self) -> str:
        return f"Voice of {self.agent} in recording {self.recording_id}"
