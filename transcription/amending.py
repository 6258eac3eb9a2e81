"""Words and speakers of a transcript set right by a person, kept with their history, each to be undone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Correction, Recording, Turn, User
from .speech import types
from .speech.personal import cautious, restored
from .speech.pipeline import outcome_of
from .speech.plain import from_plain, to_plain
from .speech.rewriting import Exchange, Outdated, Passage, exchanged, given, reworded
from .speech.roles import OTHER
from .speech.speakers import label
from .speech.types import Transcript
from .transcripts import as_said, store_corrected, transcript_for


@dataclass(frozen=True, slots=True)
class Party:
    """A speaker as people call them: "Agent", or "Speaker 2" as long as nobody knows."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """A correction in words: `was` became `now`. `said`: what was given to another speaker, empty for other words."""

    correction: Correction
    said: str
    was: str
    now: str


def correct_words(recording: Recording, index: int, *, seen: str, text: str, by: User) -> Correction:
    """Let the turn say `text`. `seen` is the text that the person had before their eyes; masks in it stay in `text`.

    The numbers of the call are computed again after the commit. Raises Outdated if the turn is another one by now, and
    ValueError for an empty text.
    """

    def change(found: Transcript, shown: types.Turn) -> Exchange:
        said = found.turns[index]
        return reworded(said, restored(text, said, shown))

    return _correct(recording, index, change, seen=seen, kind=Correction.Kind.WORDS, by=by)


def give_words(
    recording: Recording, index: int, *, seen: str, first: int, last: int, speaker: str, by: User
) -> Correction:
    """Let the words `first` to `last` (both included, from 0) of the turn be said by the speaker with this label.

    As correct_words; ValueError if there are no such words, or they are that speaker's.
    """

    def change(found: Transcript, _shown: types.Turn) -> Exchange:
        if speaker not in {party.label for party in others(recording, found.turns[index].speaker)}:
            raise ValueError("there is no such speaker")
        return given(found, index, first, last, speaker)

    return _correct(recording, index, change, seen=seen, kind=Correction.Kind.SPEAKER, by=by)


def undo(correction: Correction, *, by: User) -> Correction:
    """Put back what was there before. Raises Outdated if a later correction or another run changed it since."""
    with transaction.atomic():
        held = _held(correction.recording_id)
        made = Correction.objects.select_for_update().filter(pk=correction.pk, undone_at=None).first()
        if made is None:
            raise Outdated
        before, after = from_plain(Passage, made.before), from_plain(Passage, made.after)
        _exchange(held, after, before)
        made.undone_by, made.undone_at = by, timezone.now()
        made.save(update_fields=["undone_by", "undone_at"])
        return made


def others(recording: Recording, speaker: str) -> list[Party]:
    """To whom words of this speaker can be given. Where only one was found, that is a second one."""
    names = _names(recording)
    found = [Party(other, name) for other, name in names.items() if other != speaker]
    return found or [Party(label(len(names)), "another speaker")]


def history(recording: Recording, user: User) -> list[Told]:
    """What was set right in this call, also in earlier runs of it, the latest first, as this user may read it."""
    names = _names(recording)
    shown = _as_it_is if user.may_see_personal_data else cautious
    return [_told(each, names, shown) for each in recording.corrections.select_related("by", "undone_by")]


def corrected_by(turns: Iterable[Turn], told: Iterable[Told]) -> dict[int, str]:
    """Index of each turn that is as somebody set it right -> their names."""
    people: dict[tuple[float, ...], list[str]] = {}
    for correction in (each.correction for each in told if each.correction.undone_at is None):
        name = correction.by.get_username() if correction.by else "somebody who left"
        for turn in from_plain(Passage, correction.after).turns:
            people.setdefault(tuple(word.start for word in turn.words), []).append(name)
    made = {turn.index: people.get(tuple(word[1] for word in turn.words), []) for turn in turns}
    return {index: ", ".join(dict.fromkeys(names)) for index, names in made.items() if names}


def _correct(
    recording: Recording,
    index: int,
    change: Callable[[Transcript, types.Turn], Exchange],
    *,
    seen: str,
    kind: str,
    by: User,
) -> Correction:
    with transaction.atomic():
        held = _held(recording.pk)
        found, shown = as_said(held), transcript_for(by, held)
        if index >= len(found.turns) or shown.turns[index].text != seen:
            raise Outdated
        made = change(found, shown.turns[index])
        _exchange(held, made.before, made.after)
        return Correction.objects.create(
            recording=held,
            run=held.current_run,
            kind=kind,
            start=made.before.turns[0].start,
            end=made.before.turns[0].end,
            before=to_plain(made.before),
            after=to_plain(made.after),
            by=by,
        )


def _held(pk: int) -> Recording:
    held = Recording.objects.select_for_update().filter(pk=pk, status=Recording.Status.DONE).first()
    if held is None:
        raise Outdated
    return held


def _exchange(held: Recording, before: Passage, after: Passage) -> None:
    """Keep the corrected transcript; somebody who had no words before is a speaker from now on."""
    first: dict[str, Any] = held.speakers[0]
    for speaker in sorted({turn.speaker for turn in after.turns} - {each["label"] for each in held.speakers}):
        role = OTHER.get(first["role"] or "")
        found = {"label": speaker, "role": role, "role_confidence": first["role_confidence"], "evidence": []}
        held.speakers.append(found)
    transcript = exchanged(as_said(held), before, after)
    held.outcome = outcome_of(transcript.turns)
    store_corrected(held, transcript)


def _names(recording: Recording) -> dict[str, str]:
    return {each["label"]: (each["role"] or each["label"]).capitalize() for each in recording.speakers}


def _as_it_is(turn: types.Turn) -> types.Turn:
    return turn


def _told(correction: Correction, names: dict[str, str], shown: Callable[[types.Turn], types.Turn]) -> Told:
    before, after = from_plain(Passage, correction.before), from_plain(Passage, correction.after)
    old = before.turns[0]
    if correction.kind == Correction.Kind.WORDS:
        return Told(correction, "", *_differing(old, after.turns[0], shown))
    moved = next(turn for turn in after.turns if turn.speaker != old.speaker)
    return Told(correction, shown(moved).text, *(names.get(each, each) for each in (old.speaker, moved.speaker)))


def _differing(one: types.Turn, other: types.Turn, shown: Callable[[types.Turn], types.Turn]) -> tuple[str, str]:
    """What is left of two turns without the words that both begin and end with, as it may be shown."""
    was, now = one.text.split(), other.text.split()
    shorter = min(len(was), len(now))
    head = next((i for i in range(shorter) if was[i] != now[i]), shorter)
    tail = next((i for i in range(shorter - head) if was[-1 - i] != now[-1 - i]), shorter - head)
    was, now = shown(one).text.split(), shown(other).text.split()
    return " ".join(was[head : len(was) - tail]), " ".join(now[head : len(now) - tail])
