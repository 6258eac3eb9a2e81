"""What a person fills in."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from . import filenames
from .models import Action, Agent, Draft, RetentionRule, Source, Team, User
from .models.audit import KINDS

DEFAULT_SOURCE = "Default"


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
    recordings = ManyFilesField(label=_("Recordings"), allow_empty_file=True, max_length=500)


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Draft
        fields = ("source", "default_agent")
        labels = {"source": _("Source"), "default_agent": _("Agent")}
        help_texts = {
            "source": _("The telephone system: which channel is the agent, what file names mean."),
            "default_agent": _("For files that name no agent themselves."),
        }

    def __init__(self, *args: Any, agents: QuerySet[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self._choices("source")
        source.queryset, source.empty_label = Source.objects.exclude(name=DEFAULT_SOURCE), DEFAULT_SOURCE
        agent = self._choices("default_agent")
        agent.queryset, agent.empty_label = agents, _("As the manifest or the file names say")

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        return cast("forms.ModelChoiceField[Any]", self.fields[name])


class UnknownAgentForm(forms.Form):
    """What to do about a name that is not on the roster."""

    CREATE, LEAVE, SKIP = "create", "leave", "skip"

    name = forms.CharField(max_length=100, strip=False)
    answer = forms.CharField(max_length=20)
    team = forms.ModelChoiceField(Team.objects.none(), required=False)

    def __init__(self, *args: Any, agents: QuerySet[Agent], teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agents = agents
        cast("forms.ModelChoiceField[Any]", self.fields["team"]).queryset = teams

    def clean_answer(self) -> "str | Agent":
        """An agent by key, or one of the words."""
        said: str = self.cleaned_data["answer"]
        if said in {self.CREATE, self.LEAVE, self.SKIP}:
            return said
        agent = self._agents.filter(pk=int(said)).first() if said.isascii() and said.isdigit() else None
        if agent is None:
            raise forms.ValidationError(_("Choose an agent, or one of the other answers."))
        return agent


class PatternForm(forms.Form):
    pattern = forms.CharField(max_length=500, required=False, strip=False)

    def clean_pattern(self) -> str:
        return checked_pattern(self.cleaned_data["pattern"])


def default_source() -> Source:
    """The source of files that name none; created with its first recording."""
    return Source.objects.filter(name=DEFAULT_SOURCE).first() or Source(name=DEFAULT_SOURCE)


def checked_pattern(pattern: str) -> str:
    if pattern and (problem := filenames.problem(pattern)):
        raise forms.ValidationError(problem)
    return pattern


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Source
        fields = ("name", "channel_map", "filename_pattern", "language", "min_speakers", "max_speakers")

    def clean_filename_pattern(self) -> str:
        return checked_pattern(self.cleaned_data["filename_pattern"])


class WordsForm(forms.Form):
    """`seen`: the text of the turn when the form was opened, as it was, blanks and all."""

    seen = forms.CharField(strip=False)
    text = forms.CharField(max_length=20_000)


class SpeakerForm(forms.Form):
    """`first` and `last`: positions of words, from 0; `speaker`: a label."""

    seen = forms.CharField(strip=False)
    first = forms.IntegerField(min_value=0)
    last = forms.IntegerField(min_value=0)
    speaker = forms.CharField(max_length=40)


class DayInput(forms.DateInput):
    input_type = "date"


class AuditForm(forms.Form):
    """The filters of the audit, all optional. `kind` and `number` name one object."""

    user = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("Did"), required=False, choices=[("", _("anything")), *Action.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("anything")), *KINDS.items()])
    number = forms.IntegerField(label=_("Number"), required=False, min_value=1)
    start = forms.DateField(label=_("From"), required=False, widget=DayInput())
    end = forms.DateField(label=_("To"), required=False, widget=DayInput())

    def __init__(self, params: QueryDict) -> None:
        super().__init__(params)
        known = {str(pk): name for pk, name in User.objects.order_by("username").values_list("pk", "username")}
        asked = params.get("user", "")
        if asked.isascii() and asked.isdigit() and asked not in known:
            known[asked] = _("account %(number)s, deleted") % {"number": asked}
        cast("forms.TypedChoiceField", self.fields["user"]).choices = [("", _("anybody")), *known.items()]

    def clean(self) -> dict[str, Any]:
        """A number alone is a call's."""
        if self.cleaned_data.get("number") and not self.cleaned_data.get("kind"):
            self.cleaned_data["kind"] = "recording"
        return self.cleaned_data

    @property
    def wanted(self) -> dict[str, Any]:
        """What was filled in; a value that cannot be read filters nothing, and is marked in the form."""
        self.full_clean()
        return self.cleaned_data

    @property
    def query(self) -> str:
        """The filters as an address carries them on."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = RetentionRule
        fields = ("audio_days", "transcript_days")


class HoldForm(forms.Form):
    reason = forms.CharField(max_length=300)
