from django.urls import path

from .views import batches, recordings, upload

urlpatterns = [
    path("upload/", upload.upload, name="upload"),
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
]
