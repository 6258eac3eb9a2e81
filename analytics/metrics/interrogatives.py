"""How questions open, by language, for sentences that the recogniser ended without a question mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Openers:
    """`asking` words open a question unless a word of `clause` follows ("what I need is …", "when the …").

    `inversions`: a verb of the first set followed by a word of the second ("can you", "is that").
    `inverted`: a single word that is verb and subject in one ("pouvez-vous"). `lead_ins` are skipped at the start.
    """

    asking: frozenset[str]
    clause: frozenset[str]
    inversions: tuple[tuple[frozenset[str], frozenset[str]], ...]
    lead_ins: frozenset[str]
    inverted: re.Pattern[str] = _NEVER


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EN_SUBJECTS = "i you he she it we they i'm you're he's she's it's we're they're i've you've we've they've i'd you'd"
_EN_NOUNS = "the a an my your our his her their this that these those there"

_ENGLISH = Openers(
    asking=_set("what what's who who's whose when when's where where's why why's how how's"),
    clause=_set(f"{_EN_SUBJECTS} {_EN_NOUNS} nice great lovely awful strange funny ever so calling"),
    inversions=(
        (_set("do don't did didn't have haven't are aren't were weren't"), _set("i you we they these those there")),
        (
            _set(
                "can can't could couldn't would wouldn't will won't should shouldn't may shall is isn't was wasn't "
                "does doesn't did has hasn't"
            ),
            _set(
                "i you he she it we they anyone anybody someone somebody the my your our his her their this that there"
            ),
        ),
        (_set("are were"), _set("the my your our his her their any")),
        (
            _set("which"),
            _set("one ones of day date time number account card address name option plan kind way department"),
        ),
    ),
    lead_ins=_set(
        "and so but or okay ok well um uh er erm hmm oh ah right alright now yeah yes no hi hello hey sorry then "
        "great please perfect thanks"
    ),
)

_GERMAN = Openers(
    asking=_set(
        "was wer wem wen wessen wie wo wann warum wieso weshalb woher wohin womit wofür woran welche welcher "
        "welches welchen welchem wieviel"
    ),
    clause=_set(
        "ich du er sie es wir ihr man der die das den dem mich mir uns ein eine mein meine unser unsere schön gesagt"
    ),
    inversions=(
        (
            _set(
                "können könnten haben hätten sind wollen möchten würden dürfen dürfte darf kann könnte soll sollen "
                "muss müssen ist war hat hatte gibt geht brauchen wissen kennen werden wird sehen"
            ),
            _set("ich du er sie es wir ihr man das der die mein meine ihr ihre"),
        ),
    ),
    lead_ins=_set("und also aber oder okay ok gut ja nein ähm äh hm so na dann hallo entschuldigung danke ach"),
)

_SPANISH = Openers(
    asking=_set("qué quién quiénes cómo dónde adónde cuándo cuánto cuánta cuántos cuántas cuál cuáles"),
    clause=frozenset(),
    inversions=(
        (_set("por para a de en con desde hasta"), _set("qué quién quiénes dónde cuándo cuánto cuál cuáles")),
        (_set("puede podría tiene quiere necesita sabe desea está es"), _set("usted ustedes")),
        (_set("me nos"), _set("puede podría puedes podrías")),
    ),
    lead_ins=_set("y o pero entonces bueno pues vale sí no eh em ah hola perdón disculpe gracias muy bien"),
)

_FRENCH = Openers(
    asking=_set("qui pourquoi comment combien où quel quelle quels quelles qu'est-ce est-ce"),
    clause=_set("je tu il elle on nous vous ils elles"),
    inversions=((_set("quand à de en pour avec depuis"), _set("est-ce qui quoi quel quelle quels quelles combien")),),
    lead_ins=_set("et alors mais ou donc bon ben euh ah oui non bonjour allô d'accord pardon merci très bien"),
    inverted=re.compile(r"(?!rendez-vous)[\w']+-(t-)?(je|tu|il|elle|on|nous|vous|ils|elles|ce)$"),
)

_LANGUAGES = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "fr": _FRENCH}


def lead_ins(language: str) -> frozenset[str]:
    """Words that may stand before a sentence and add nothing to it ("okay", "and", "hello")."""
    openers = _LANGUAGES.get(language)
    return openers.lead_ins if openers else frozenset()


def opens_question(words: Sequence[str], language: str) -> bool:
    """Whether a sentence in plain words opens as a question. Languages without a list never say so."""
    openers = _LANGUAGES.get(language)
    if openers is None:
        return False
    start = next((i for i, word in enumerate(words) if word not in openers.lead_ins), len(words))
    if start >= len(words) - 1:
        return False
    first, second = words[start], words[start + 1]
    if first in openers.asking:
        return second not in openers.clause
    return bool(openers.inverted.match(first)) or any(
        first in verbs and second in subjects for verbs, subjects in openers.inversions
    )
