"""An hour of coaching: moments of an agent's calls, what is to be said about them, and what the agent says to that."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from transcription.models import Agent, Recording, User


class CoachingSession(models.Model):
    """A hand-out for one agent about the days `start` to `end`. A draft is for managers only."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHARED = "shared", _("Shared")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        DISPUTED = "disputed", _("Disputed")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="coaching")
    start = models.DateField()
    end = models.DateField(help_text="Included")
    by = models.ForeignKey(User, models.SET_NULL, related_name="coaching", null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    picked_from = models.PositiveIntegerField(help_text="Calls whose moments could be picked")
    left_out = models.PositiveIntegerField(help_text="Calls of these days that are one-sided or of uncertain roles")
    summary = models.TextField(max_length=4000, blank=True)
    goals = models.TextField("Agreed goals", max_length=4000, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "start", "end"], condition=models.Q(state="draft"), name="one_coaching_draft"
            )
        ]

    def __str__(self) -> str:
        return f"Coaching of {self.agent}, {self.start} to {self.end}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class CoachingMoment(models.Model):
    """A moment of a hand-out, `place` by place on each side. `passed`: a person did not want it; not offered again."""

    session = models.ForeignKey(CoachingSession, models.CASCADE, related_name="moments")
    strong = models.BooleanField()
    place = models.PositiveIntegerField()
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, blank=True, help_text="Of coaching.kinds; empty: added by a person")
    at_s = models.FloatField()
    until_s = models.FloatField()
    why = models.CharField(max_length=300)
    note = models.TextField(max_length=2000, blank=True)
    passed = models.BooleanField(default=False)

    class Meta:
        ordering = ["session", "-strong", "place", "id"]

    def __str__(self) -> str:
        return self.why


class CoachingStep(models.Model):
    """Who brought a hand-out into which state, and the agent's comment."""

    session = models.ForeignKey(CoachingSession, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=20, choices=CoachingSession.State.choices)
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(auto_now_add=True)
    comment = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["session", "at", "id"]

    def __str__(self) -> str:
        return f"{self.state} at {self.at}"
