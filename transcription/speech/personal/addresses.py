"""E-mail addresses, written or said: "jane dot smith at gmail dot com"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .tokens import Token, words

_WRITTEN = re.compile(r"[^\s@]+@[^\s@]+")
_ENDINGS = words("com net org co uk de fr es it nl eu us ca au edu gov io info biz me ie in app dev ch be se no dk pl")
_DOMAIN = re.compile(rf"[\w-]+(\.[\w-]+)*\.(?:{'|'.join(_ENDINGS)})")
_PROVIDERS = frozenset(words("aol gmail googlemail hotmail icloud live outlook proton protonmail yahoo gmx"))
_SIGNS = frozenset(words("dot dash hyphen underscore minus plus point"))
_MARKS = frozenset(words("mhm uh um okay yes yeah uh-huh"))
_BEFORE_A_NAME = frozenset(
    words(
        "a address am an and are be email e-mail emails for from has have i i'm is it it's its mail my now of on our "
        "so spelled spelling that that's the then this to too use uses uh um was we well with write yeah yes you your"
    )
)
_MEANT = re.compile(r"\b(?:e-?mails?|mails?|e-?mail address|write to|send it to)\b")
_NOT_A_NAME = frozenset(words("look looked looking shop shopped bought order ordered online work site website"))
_LONGEST_NAME = 10
_CONTEXT = 14


def addresses(stream: Sequence[Token], tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """The words of each address. `tokens`: the whole call."""
    for place, token in enumerate(stream):
        if _WRITTEN.fullmatch(token.plain):
            yield (token,)
        if token.plain != "at":
            continue
        end = _domain_end(stream, place + 1)
        start = _name_start(stream, place)
        if end and start < place and _is_address(stream[start:place], stream[place + 1 : end], tokens):
            yield tuple(stream[start:end])


def _domain_end(stream: Sequence[Token], place: int) -> int | None:
    """Behind the last word of a domain that begins at `place`: "gmail.com", "gmail dot com", "gmail"."""
    if place >= len(stream):
        return None
    if _DOMAIN.fullmatch(stream[place].plain):
        return place + 1
    end = place + 1
    while end + 1 < len(stream) and stream[end].plain == "dot":
        end += 2
    if end > place + 1:
        return end if stream[end - 1].plain in _ENDINGS else None
    return end if stream[place].plain in _PROVIDERS else None


def _name_start(stream: Sequence[Token], at: int) -> int:
    """The first word of the name before "at". Names with signs or spelled letters go on past those."""
    start = at
    while start and at - start < _LONGEST_NAME:
        before = stream[start - 1].plain
        if before in _MARKS and start - 1 and start != at:
            break
        if before in _BEFORE_A_NAME and not _inside(stream, start, at):
            break
        start -= 1
    return start


def _inside(stream: Sequence[Token], start: int, at: int) -> bool:
    """A letter ("m as in mike", "i t") or a name before a sign is part of the address."""
    word = stream[start - 1].plain
    if start < at and stream[start].plain in _SIGNS:
        return word not in ("is", "it's")
    return len(word) == 1 and start < at and len(stream[start].plain) == 1


def _is_address(name: Sequence[Token], domain: Sequence[Token], tokens: Sequence[Token]) -> bool:
    if name[-1].plain in _NOT_A_NAME:
        return False
    first = name[0].number
    words = [token.plain for token in (*tokens[max(0, first - _CONTEXT) : first], *name)]
    behind = [token.plain for token in tokens[domain[-1].number + 1 : domain[-1].number + 8]]
    meant = _MEANT.search(" ".join((*words, "", *behind)))
    provider = domain[0].plain.split(".")[0] in _PROVIDERS
    signs = any(token.plain in _SIGNS or len(token.plain) == 1 or "." in token.plain for token in name)
    return bool(provider or meant or signs)
