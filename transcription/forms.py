"""What a person fills in."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from . import filenames
from .manifest import Manifest, ManifestError, read
from .models import Agent, Batch, Source

DEFAULT_SOURCE = "Default"
MAX_MANIFEST_BYTES = 10_000_000


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploaded files. Empty files pass: they get an answer of their own, like every file."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, Sequence) else [data]
        single = super().clean
        return [single(file, initial) for file in files] or single(None, initial)


class UploadForm(forms.Form):
    recordings = ManyFilesField(
        label="Recordings",
        allow_empty_file=True,
        max_length=500,
        widget=ManyFilesInput(attrs={"accept": "audio/*,video/mp4,video/webm,.amr,.gsm,.opus"}),
    )
    manifest = forms.FileField(
        label="Manifest (CSV)",
        required=False,
        help_text="One row per file: filename, agent, team, started_at, customer_ref, direction, queue, external_id, "
        "channel_map, language.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    source = forms.ModelChoiceField(Source.objects, required=False, empty_label=DEFAULT_SOURCE)
    default_agent = forms.ModelChoiceField(
        Agent.objects.none(),
        required=False,
        label="Agent",
        empty_label="As the manifest or the file names say",
        help_text="For files that name no agent themselves.",
    )
    batch = forms.ModelChoiceField(Batch.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agents: QuerySet[Agent], batches: QuerySet[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("source").queryset = Source.objects.exclude(name=DEFAULT_SOURCE)
        self._choices("default_agent").queryset = agents
        self._choices("batch").queryset = batches

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        return cast("forms.ModelChoiceField[Any]", self.fields[name])

    def clean_source(self) -> Source:
        """The chosen source, or the default one, which is created with its first recording."""
        chosen: Source | None = self.cleaned_data["source"]
        return chosen or Source.objects.filter(name=DEFAULT_SOURCE).first() or Source(name=DEFAULT_SOURCE)

    def clean_manifest(self) -> Manifest | None:
        uploaded: UploadedFile[Any] | None = self.cleaned_data["manifest"]
        if uploaded is None:
            return None
        if (uploaded.size or 0) > MAX_MANIFEST_BYTES:
            raise forms.ValidationError("This file is too large for a manifest.")
        try:
            return read(uploaded.read(), timezone.get_default_timezone())
        except ManifestError as error:
            raise forms.ValidationError(str(error)) from error


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Source
        fields = ("name", "channel_map", "filename_pattern", "language")

    def clean_filename_pattern(self) -> str:
        pattern: str = self.cleaned_data["filename_pattern"]
        if pattern and (problem := filenames.problem(pattern)):
            raise forms.ValidationError(problem)
        return pattern
