"""Masked causes that differ in a word alone, brought under one template.

A mask sees that `k3j9x` is an id and cannot see that `kjwqx` is one. The company it keeps shows it: most causes like it
have a mark in that place, or there are many of them and each has another word there. Nothing depends on the order in
which the causes come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

ANY = "<any>"
"""The mark in the place of a word that is another in each of many causes."""

MANY = 5
"""How many words in one place make it a place for any word."""

Words = tuple[str, ...]


def templates(causes: Mapping[str, int]) -> dict[str, str]:
    """The template of each masked cause, given how often each occurs; most are their own.

    A cause is brought under another that has marks where it has words and occurs more often; else, when at least `MANY`
    causes differ in one place only, all of them are brought under one with `<any>` there.
    """
    words = {cause: tuple(cause.split(" ")) for cause in causes}
    under = dict(_under_marked(words, causes))
    rest = [cause for cause in causes if cause not in under]
    varied = _varied(words[cause] for cause in rest)
    under |= {cause: " ".join(varied.get(words[cause], words[cause])) for cause in rest}
    return {cause: under.get(under[cause], under[cause]) for cause in causes}


def _under_marked(words: Mapping[str, Words], causes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Causes with the most frequent cause that has marks where they have words."""
    marked: dict[tuple[tuple[int, ...], Words], list[str]] = defaultdict(list)
    places: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    for cause, own in words.items():
        at = tuple(place for place, word in enumerate(own) if _is_mark(word))
        if at:
            marked[at, _without(own, at)].append(cause)
            places[len(own)].add(at)
    for cause, own in words.items():
        found = [other for at in places[len(own)] for other in marked.get((at, _without(own, at)), ())]
        best = max(found, key=lambda other: (causes[other], other), default=cause)
        if causes[best] > causes[cause]:
            yield cause, best


def _is_mark(word: str) -> bool:
    return "<" in word and ">" in word


def _without(words: Words, at: Iterable[int]) -> Words:
    """The words with nothing in these places."""
    kept = list(words)
    for place in at:
        kept[place] = ""
    return tuple(kept)


def _varied(texts: Iterable[Words]) -> dict[Words, Words]:
    """Texts of which many differ in one place only, each with what they have in common."""
    alike: dict[tuple[int, Words], list[Words]] = defaultdict(list)
    for words in texts:
        for place, word in enumerate(words):
            if not _is_mark(word):
                alike[place, _without(words, (place,))].append(words)
    counts = Counter({key: len(members) for key, members in alike.items() if len(members) >= MANY})
    found: dict[Words, Words] = {}
    for (place, _), _count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        for words in alike[place, _]:
            found.setdefault(words, (*words[:place], ANY, *words[place + 1 :]))
    return found
