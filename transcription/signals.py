from django.dispatch import Signal

recording_transcribed = Signal()
"""Sent with `recording_id` after the transcript of a recording is stored or changed (a re-run, swapped speakers)."""

words_removed = Signal()
"""Sent with `recording_id` in the transaction that removes a call's words; `erased`: whatever names a person goes."""
