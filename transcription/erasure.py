"""One customer erased from the archive: found by what the calls' data say, and removed but for anonymous numbers."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.utils.crypto import salted_hmac

from .models import Recording, Removal
from .removal import removable, remove_audio, remove_names, remove_transcript

FEWEST_SIGNS = 4
FEWEST_DIGITS, COMPARED_DIGITS = 6, 9
"""A reference of so many digits is compared by its last ones: +44 20 7946 0123 is 020 7946 0123."""
MOST = 500


def find(reference: str, recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """The recordings whose customer, identifier or file name has this in it, newest first.

    Raises ValueError if it is too short to mean one customer.
    """
    wanted = reference.strip()
    if len(re.sub(r"\W", "", wanted)) < FEWEST_SIGNS:
        raise ValueError(f"fewer than {FEWEST_SIGNS} letters or digits")
    found = Q(customer_ref__iexact=wanted) | Q(external_id__iexact=wanted) | Q(original_name__icontains=wanted)
    digits = re.sub(r"\D", "", wanted)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]", wanted):
        tail = digits[-COMPARED_DIGITS:]
        recordings = recordings.annotate(ref_digits=_digits("customer_ref"), name_digits=_digits("original_name"))
        found |= Q(ref_digits__contains=tail) | Q(name_digits__contains=tail)
    return recordings.filter(found).order_by("-started_at", "-pk")


def erase(recordings: Iterable[Recording]) -> tuple[list[int], list[int]]:
    """Remove sound, words and names of each; keys of those that were erased, and of those on hold or at work."""
    keys = [recording.pk for recording in recordings]
    done = [pk for pk in keys if _erased(pk)]
    return done, [pk for pk in keys if pk not in done]


def fingerprint(reference: str) -> str:
    """By which the record of an erasure can be found by whoever knows the reference, and by nobody else."""
    return salted_hmac("erasure", reference.strip().casefold(), algorithm="sha256").hexdigest()


def _erased(pk: int) -> bool:
    with transaction.atomic():
        held = removable(Recording.objects.select_for_update(of=("self",))).filter(pk=pk).first()
        if held is None:
            return False
        remove_audio(held, Removal.Why.ERASURE)
        remove_transcript(held, Removal.Why.ERASURE, erased=True)
        remove_names(held)
    return True


def _digits(column: str) -> Func:
    return Func(F(column), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
