from django.urls import path

from .views import arrivals, batches, corrections, drafts, patterns, recordings, upload

urlpatterns = [
    path("upload/", upload.upload, name="upload"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/files/", arrivals.draft_files, name="draft_files"),
    path("drafts/<int:pk>/files/<uuid:key>/", arrivals.draft_file, name="draft_file"),
    path("drafts/<int:pk>/check/", drafts.draft_check, name="draft_check"),
    path("drafts/<int:pk>/options/", drafts.draft_options, name="draft_options"),
    path("drafts/<int:pk>/unknown/", drafts.draft_unknown, name="draft_unknown"),
    path("drafts/<int:pk>/pattern/", patterns.draft_pattern, name="draft_pattern"),
    path("drafts/<int:pk>/forget/", drafts.draft_forget, name="draft_forget"),
    path("drafts/<int:pk>/delete/", drafts.draft_delete, name="draft_delete"),
    path("drafts/<int:pk>/start/", drafts.draft_start, name="draft_start"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/progress/", batches.progress, name="batch_progress"),
    path("batches/<int:pk>/retry/", batches.batch_retry, name="batch_retry"),
    path("batches/<int:pk>/cancel/", batches.batch_cancel, name="batch_cancel"),
    path("batches/<int:pk>/errors.csv", batches.batch_errors, name="batch_errors"),
    path("recordings/<int:pk>/audio", recordings.recording_audio, name="recording_audio"),
    path("recordings/<int:pk>/transcript.<str:fmt>", recordings.recording_transcript, name="recording_transcript"),
    path("recordings/<int:pk>/retry/", recordings.recording_retry, name="recording_retry"),
    path("recordings/<int:pk>/cancel/", recordings.recording_cancel, name="recording_cancel"),
    path("recordings/<int:pk>/urgent/", recordings.recording_urgent, name="recording_urgent"),
    path("recordings/<int:pk>/swap/", recordings.recording_roles, {"swap": True}, name="recording_swap"),
    path("recordings/<int:pk>/confirm/", recordings.recording_roles, {"swap": False}, name="recording_confirm"),
    path("recordings/<int:pk>/turns/<int:index>/", corrections.turn, name="turn"),
    path("recordings/<int:pk>/turns/<int:index>/words/", corrections.turn_words, name="turn_words"),
    path("recordings/<int:pk>/turns/<int:index>/speaker/", corrections.turn_speaker, name="turn_speaker"),
    path("corrections/<int:pk>/undo/", corrections.correction_undo, name="correction_undo"),
]
