from django.dispatch import Signal

recording_transcribed = Signal()
"""Sent with `recording_id` after the transcript of a recording is stored or changed (a re-run, swapped speakers)."""
