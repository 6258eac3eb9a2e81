"""How long calls are kept, which are kept longer, and what is gone."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .calls import Recording, Source


class RetentionRule(models.Model):
    """How many days after a call began its sound and its words are kept. Empty: for good."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="retention")
    audio_days = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    transcript_days = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])

    def __str__(self) -> str:
        return f"{self.source}: {self.audio_days}, {self.transcript_days} days"


class Hold(models.Model):
    """A call of which nothing is removed, whatever the rules say or a customer wishes."""

    recording = models.OneToOneField(Recording, models.CASCADE, primary_key=True, related_name="hold")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reason


class Removal(models.Model):
    """That the sound or the words of a call are gone, and why."""

    class What(models.TextChoices):
        AUDIO = "audio", _("Sound")
        TRANSCRIPT = "transcript", _("Words")

    class Why(models.TextChoices):
        RETENTION = "retention", _("by the retention of its source")
        ERASURE = "erasure", _("because its customer was erased")

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="removals")
    what = models.CharField(max_length=20, choices=What.choices)
    why = models.CharField(max_length=20, choices=Why.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["recording", "what"]
        constraints = [models.UniqueConstraint(fields=["recording", "what"], name="removed_once")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} removed {self.get_why_display()}"


def removed(what: str) -> models.Q:
    """Of recordings, or rows whose key is the recording's: those whose sound or words are gone."""
    return models.Q(models.Exists(Removal.objects.filter(recording=models.OuterRef("pk"), what=what)))
