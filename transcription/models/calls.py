"""Recordings and what was said in them. Every number shown elsewhere is derived from these facts."""

import re
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from transcription.fulltext import SPOKEN, WithoutSearch
from transcription.speech.types import PARTIES, SpeakerRange

from .conditions import UNCONFIRMED, UNMEASURED
from .people import Agent

_SPEAKERS = (MinValueValidator(1), MaxValueValidator(6))


class Source(models.Model):
    """Where recordings come from: one telephone system, with its channel layout and file names."""

    class ChannelMap(models.TextChoices):
        AUTO = "auto", _("decide from what is said")
        AGENT_LEFT = "agent_left", _("agent on the left channel")
        AGENT_RIGHT = "agent_right", _("agent on the right channel")
        MONO = "mono", _("both parties mixed")

    name = models.CharField(max_length=100, unique=True)
    channel_map = models.CharField(max_length=20, choices=ChannelMap.choices, default=ChannelMap.AUTO)
    filename_pattern = models.CharField(
        max_length=500, blank=True, help_text="Regular expression with named groups; empty means the built-in presets"
    )
    language = models.CharField(max_length=10, blank=True, help_text="Language code; empty means detect")
    min_speakers = models.PositiveSmallIntegerField(
        default=PARTIES, validators=_SPEAKERS, help_text="Fewest people on a call with both parties mixed"
    )
    max_speakers = models.PositiveSmallIntegerField(
        default=PARTIES, validators=_SPEAKERS, help_text="Most people; a third voice is kept apart, without a role"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_speakers__gte=1, max_speakers__gte=models.F("min_speakers")),
                name="source_min_speakers_lte_max",
                violation_error_message="There cannot be fewer speakers at most than at least.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def speakers(self) -> SpeakerRange:
        """How many people a mixed call of this source holds."""
        return SpeakerRange(self.min_speakers, self.max_speakers)


class Vocabulary(models.Model):
    """What a site has to say about the words of one language (read through `vocabularies`)."""

    language = models.CharField(max_length=10, unique=True, default="en")
    company_words = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="Names that the recogniser should know"
    )
    fillers = models.JSONField(
        null=True, blank=True, help_text="[tier, term, other spellings …] each; empty means the shipped list"
    )
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name_plural = "vocabularies"

    def __str__(self) -> str:
        return self.language


class Batch(models.Model):
    """Recordings that came in together."""

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="batches"
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"Batch {self.pk}"


def stored_name(_recording: models.Model, filename: str) -> str:
    """The original name is kept in the row; on disk a recording is a UUID, so no name can reach the file system.

    A suffix that is a plain one stays, because it says which players know the file.
    """
    name, suffix = uuid.uuid4().hex, Path(filename).suffix.lower()
    return f"recordings/{name[:2]}/{name}{suffix if re.fullmatch('[.][0-9a-z]{1,7}', suffix) else ''}"


class Recording(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PROCESSING = "processing", _("Processing")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Outcome(models.TextChoices):
        TWO_SIDED = "two_sided", _("two-sided")
        ONE_SIDED = "one_sided", _("one-sided")
        NO_SPEECH = "no_speech", _("no speech")

    # What came in
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="recordings")
    source = models.ForeignKey(Source, models.PROTECT, related_name="recordings")
    audio = models.FileField(upload_to=stored_name, max_length=200)
    original_name = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, unique=True)
    bytes = models.BigIntegerField()
    codec = models.CharField(max_length=40)
    channels = models.PositiveSmallIntegerField()
    sample_rate = models.PositiveIntegerField()
    duration = models.FloatField(help_text="Seconds")
    received_at = models.DateTimeField(auto_now_add=True)

    # What is known about the call; `origins` says from where each value came (manifest, file name, form)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="recordings", null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    customer_ref = models.CharField(max_length=200, blank=True)
    direction = models.CharField(max_length=20, blank=True)
    queue = models.CharField(max_length=100, blank=True)
    channel_map = models.CharField(max_length=20, choices=Source.ChannelMap.choices, default=Source.ChannelMap.AUTO)
    language_hint = models.CharField(max_length=10, blank=True, help_text="Given with the call; empty means detect")
    origins = models.JSONField(default=dict, blank=True)

    disputed_at = models.DateTimeField(null=True, blank=True, help_text="Since when somebody doubts the transcript")
    disputed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)

    # How far its open run is
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.WAITING, db_index=True)
    job_id = models.BigIntegerField(null=True, blank=True, help_text="The job that holds the claim")
    stage = models.CharField(max_length=40, blank=True)
    progress = models.FloatField(default=0, help_text="Share of the current stage, 0 to 1")
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When the transcript was stored, or it failed")
    measured_at = models.DateTimeField(null=True, blank=True, help_text="When its numbers were computed")
    error = models.TextField(blank=True)
    stage_seconds = models.JSONField(default=dict, blank=True)

    # What was found by the current run (the turns are rows of their own)
    current_run: "models.ForeignKey[Run | None, Run | None]" = models.ForeignKey(
        "Run", models.SET_NULL, related_name="+", null=True, blank=True
    )
    language = models.CharField(max_length=10, blank=True)
    layout = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    filler_capture_mode = models.CharField(max_length=20, blank=True)
    speakers = models.JSONField(default=list, blank=True)
    role_confidence = models.FloatField(null=True, blank=True)
    roles_confirmed_at = models.DateTimeField(null=True, blank=True, help_text="When a person said who is the agent")
    roles_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )
    corrected_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person last set words or speakers right"
    )
    activity = models.JSONField(default=list, blank=True, help_text="[speaker, start, end] while audibly active")
    overlap_known = models.BooleanField(default=False)
    engines = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    quarantined = models.JSONField(default=list, blank=True, help_text="Text held back: start, end, text, reason each")
    confidence = models.FloatField(null=True, blank=True, help_text="The recogniser's own, 0 to 1, mean over words")
    peaks = models.JSONField(default=list, blank=True, help_text="Waveform: per channel, levels in 0..1")

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="recording_newest"),
            models.Index(fields=["agent", "-started_at"], name="recording_agent"),
            models.Index(
                models.F("started_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="recording_unconfirmed",
                condition=UNCONFIRMED,
            ),
            models.Index(fields=["id"], name="recording_unmeasured", condition=UNMEASURED),
            models.Index(fields=["duration", "id"], name="recording_by_duration"),
            models.Index(fields=["role_confidence", "id"], name="recording_by_confidence"),
            models.Index(
                fields=["-finished_at"],
                name="recording_worked",
                condition=models.Q(status="done", duration__gt=0) & ~models.Q(stage_seconds={}),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def changed_at(self) -> datetime | None:
        """When what is counted was last found or set right."""
        times = (self.finished_at, self.roles_confirmed_at, self.corrected_at)
        return max((each for each in times if each), default=None)

    @property
    def role_source(self) -> str | None:
        """Whose word the roles are: "confirmed" by a person, "decided" from evidence, None where there are none."""
        if self.roles_confirmed_at:
            return "confirmed"
        return "decided" if any(speaker["role"] for speaker in self.speakers) else None


class Run(models.Model):
    """One processing of a recording. What was found by the current one is in the recording and its turns.

    `heard` and `diarized` are what its stages found (pipeline.Heard and Diarized, as speech.plain writes them): where
    a stage failed, the next attempt goes on from there, and a later run need not do again what it would not change.
    """

    class Stage(models.TextChoices):
        RECOGNIZING = "recognizing", _("words, speakers, roles, sentiment")
        DIARIZING = "diarizing", _("speakers, roles, sentiment")
        SCORING = "scoring", _("roles, sentiment")

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    base = models.ForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)
    from_stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.RECOGNIZING)
    trial = models.BooleanField(default=False, help_text="When done it stays beside the current run")
    reason = models.CharField(max_length=100, blank=True, help_text="Why, where no person asked for it")
    asked = models.JSONField(default=dict, blank=True, help_text="Its settings, see runs.RunSettings")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="runs", null=True, blank=True
    )
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty while it waits or is at work")
    error = models.TextField(blank=True, help_text="Why it failed")

    engines = models.JSONField(default=dict, blank=True)
    weights = models.JSONField(default=dict, blank=True, help_text="Role -> file of the model store -> SHA-256")
    stage_seconds = models.JSONField(default=dict, blank=True)
    word_probability = models.FloatField(null=True, blank=True, help_text="Mean of the words, 0 to 1")
    heard = models.JSONField(null=True, blank=True)
    diarized = models.JSONField(null=True, blank=True)
    transcript = models.JSONField(null=True, blank=True, help_text="Of a run that was current and is not any more")

    class Meta:
        ordering = ["recording", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recording", "number"], name="run_once"),
            models.UniqueConstraint(fields=["recording"], condition=models.Q(finished_at=None), name="one_open_run"),
        ]

    def __str__(self) -> str:
        return f"Run {self.number}"


class Turn(models.Model):
    """Consecutive words of one speaker. `words`: [text, start, end, probability, time_source] each."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="turns")
    index = models.PositiveIntegerField()
    speaker = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    start = models.FloatField()
    end = models.FloatField()
    text = models.TextField()
    words = models.JSONField(default=list)
    sentiment_label = models.CharField(max_length=20, blank=True)
    sentiment_score = models.FloatField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("text", config=SPOKEN), output_field=SearchVectorField(), db_persist=True
    )

    objects: "models.Manager[Turn]" = WithoutSearch()

    class Meta:
        ordering = ["recording", "index"]
        constraints = [models.UniqueConstraint(fields=["recording", "index"], name="turn_once")]
        indexes = [GinIndex(fields=["search"], name="turn_search")]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:60]}"
