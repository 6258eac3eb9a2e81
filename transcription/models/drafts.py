"""Files that arrive, before anybody decides to have them processed."""

import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """An upload in the making. Its files lie under drafts/ in MEDIA_ROOT, each named by a UUID.

    `unknown_agents`: what to do with files of an agent who is not on the roster, by the name in lower case:
    {"map": key of an agent} or {"skip": true}; a name without an entry leaves its files without an agent.
    """

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    source = models.ForeignKey("transcription.Source", models.SET_NULL, related_name="+", null=True, blank=True)
    default_agent = models.ForeignKey("transcription.Agent", models.SET_NULL, related_name="+", null=True, blank=True)
    unknown_agents = models.JSONField(default=dict, blank=True)
    batch = models.ForeignKey("transcription.Batch", models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Draft {self.pk}"

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT, "drafts", str(self.pk))

    @property
    def missing(self) -> "models.QuerySet[DraftFile]":
        """Files that have not arrived, or not whole."""
        return self.files.filter(received__lt=models.F("size"))

    @property
    def unseen(self) -> "models.QuerySet[DraftFile]":
        """Files that have arrived and that nobody has looked at."""
        return self.files.filter(looked_at=None, received=models.F("size"))

    def discard(self) -> None:
        """Delete the draft with its files."""
        folder = self.folder
        self.delete()
        shutil.rmtree(folder, ignore_errors=True)


class DraftFile(models.Model):
    """One file of a draft, maybe still arriving. The same name, size and time of change are the same file again."""

    class Kind(models.TextChoices):
        RECORDING = "recording"
        ARCHIVE = "archive"
        MANIFEST = "manifest"
        SIDECAR = "sidecar"

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="The name on disk")
    name = models.CharField(max_length=500, help_text="With its folders, as it was chosen")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.RECORDING)
    size = models.BigIntegerField()
    modified = models.BigIntegerField(help_text="Milliseconds, as the browser says; of an unpacked file, its archive")
    received = models.BigIntegerField(default=0, help_text="Bytes that have arrived")

    # What was found when it was looked at
    looked_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    notes = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    codec = models.CharField(max_length=40, blank=True)
    channels = models.PositiveSmallIntegerField(default=0)
    sample_rate = models.PositiveIntegerField(default=0)
    duration = models.FloatField(default=0.0, help_text="Seconds")
    document = models.JSONField(default=dict, blank=True, help_text="What a sidecar says")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "name", "size", "modified"], name="file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return self.draft.folder / f"{self.key.hex}{Path(self.name).suffix.lower()[:8]}"

    @property
    def has_arrived(self) -> bool:
        return self.received == self.size
