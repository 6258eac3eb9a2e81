from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest

from .forms import SourceForm
from .models import Agent, Batch, Recording, Source, Team, Turn, User, Vocabulary, VoiceSample

GIVEN = ("agent", "started_at", "external_id", "customer_ref", "direction", "queue", "channel_map", "language_hint")
RECEIVED = ("original_name", "batch", "source", "sha256", "codec", "channels", "sample_rate", "duration", "origins")
FOUND = (
    "status",
    "error",
    "language",
    "layout",
    "outcome",
    "speakers",
    "engines",
    "stage_seconds",
    "notes",
    "quarantined",
    "confidence",
)


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta(AdminUserCreationForm.Meta):
        model = User


@admin.register(User)
class VerbatimUserAdmin(UserAdmin):  # type: ignore[type-arg]
    add_form = NewUserForm
    list_display = ("username", "role", "agent", "is_active", "is_staff")
    list_filter = ("role", "teams", "is_active")
    filter_horizontal = ("teams", "groups", "user_permissions")
    fieldsets = ((None, {"fields": ("role", "teams", "agent")}), *(UserAdmin.fieldsets or ()))
    add_fieldsets = (*UserAdmin.add_fieldsets, (None, {"fields": ("role", "teams", "agent")}))


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ("name",)


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "team")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name",)
    actions = ("forget_voice",)

    @admin.action(description="Delete the voice of selected agents", permissions=["change"])
    def forget_voice(self, request: HttpRequest, agents: QuerySet[Agent]) -> None:
        """What roles were decided with it stays decided; the next confirmed call would start it anew."""
        deleted, _ = VoiceSample.objects.filter(agent__in=agents).delete()
        self.message_user(request, f"Deleted the voice in {deleted} calls.")


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SourceForm
    list_display = ("name", "channel_map", "language", "filename_pattern")


@admin.register(Vocabulary)
class VocabularyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("language", "company_words")


class RecordingInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Recording
    fields = ("original_name", "status", "error")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "created_at", "created_by")
    list_select_related = ("created_by",)
    readonly_fields = ("created_at", "created_by")
    inlines = (RecordingInline,)


class TurnInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Turn
    fields = ("index", "speaker", "role", "start", "end", "text")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False


@admin.register(Recording)
class RecordingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What is known about a call can be corrected here; what was received and what was found cannot."""

    list_display = ("original_name", "agent", "started_at", "status", "duration")
    list_filter = ("status", "agent", "source")
    list_select_related = ("agent",)
    search_fields = ("original_name", "external_id", "customer_ref")
    date_hierarchy = "started_at"
    fields = (*GIVEN, *RECEIVED, *FOUND)
    readonly_fields = (*RECEIVED, *FOUND)
    inlines = (TurnInline,)

    def has_add_permission(self, _request: object) -> bool:
        """Recordings come in through the upload page or `manage.py ingest`, which store the file and defer the job."""
        return False
