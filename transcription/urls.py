from django.urls import path

from . import views

urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("batches/", views.batches, name="batches"),
    path("batches/<int:pk>/", views.batch, name="batch"),
    path("batches/<int:pk>/progress/", views.progress, name="batch_progress"),
    path("recordings/<int:pk>/audio", views.recording_audio, name="recording_audio"),
    path("recordings/<int:pk>/transcript.<str:fmt>", views.recording_transcript, name="recording_transcript"),
    path("recordings/<int:pk>/retry/", views.recording_retry, name="recording_retry"),
    path("recordings/<int:pk>/swap/", views.recording_roles, {"swap": True}, name="recording_swap"),
    path("recordings/<int:pk>/confirm/", views.recording_roles, {"swap": False}, name="recording_confirm"),
]
