"""Putting questions together that ask the same, so that staff see how often each thing is asked.

Two questions are alike by the cosine of their stems; what questions about anything have in common
("does the office have") weighs little, and two that ask for different sides of a thing, such as
its cost and its place, are never alike. Each question joins the group whose
first question it is most like, or begins its own; the most frequent wordings come first, so the
same questions always make the same groups.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.catalogue.model import QuestionGroup
from bot.kit.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.catalogue.model import AskedQuestion
    from bot.catalogue.search.lexicon import Lexicon

_ALIKE_FROM = 0.6
_WEAK = 0.4
_WORDINGS_KEPT = 2048

Stems = tuple[tuple[str, float], ...]  # with their weights
Wording = tuple[Stems, frozenset[str]]  # and the sides of a service that are asked for


def grouped(questions: Sequence[AskedQuestion], lexicon: Lexicon) -> list[QuestionGroup]:
    """Group questions, the most frequent group first, then the one asked last."""
    by_wording: dict[Wording, list[AskedQuestion]] = defaultdict(list)
    for question in questions:
        by_wording[_wording(question.text, lexicon)].append(question)
    order = sorted(by_wording, key=lambda one: (-len(by_wording[one]), one[0], sorted(one[1])))
    groups = [
        _group([question for wording in group for question in by_wording[wording]])
        for group in _alike(order)
    ]
    return sorted(
        groups,
        key=lambda group: (-group.count, -group.questions[0].asked_on.toordinal(), group.text),
    )


@lru_cache(maxsize=_WORDINGS_KEPT)
def _wording(text: str, lexicon: Lexicon) -> Wording:
    """Keep of a question what says something, whatever its order and its endings."""
    said = lexicon.synonyms.rewritten(lexicon.colloquial.rewritten(tokens(text)))
    said = [word for word in said if word not in lexicon.fillers] or said
    strong = set(lexicon.stemmer.stems(lexicon.says_little.left_out(said)))
    stems = set(lexicon.stemmer.stems(said)) or set(said)
    weighed = ((stem, 1.0 if stem in strong or not strong else _WEAK) for stem in sorted(stems))
    return tuple(weighed), frozenset(lexicon.facets_in(said))


def _alike(wordings: Sequence[Wording]) -> list[list[Wording]]:
    groups: list[list[Wording]] = []
    having: dict[str, list[tuple[int, float]]] = defaultdict(
        list
    )  # groups, by their first's stems
    for wording in wordings:
        stems, sides = wording
        length = math.hypot(*(weight for _, weight in stems)) or 1.0
        likeness: dict[int, float] = defaultdict(float)
        for stem, weight in stems:
            for group, share in having[stem]:
                likeness[group] += share * weight / length
        alike = [
            (-share, group)
            for group, share in likeness.items()
            if share >= _ALIKE_FROM and _ask_for_one_side(sides, groups[group][0][1])
        ]
        if alike:
            groups[min(alike)[1]].append(wording)
            continue
        for stem, weight in stems:
            having[stem].append((len(groups), weight / length))
        groups.append([wording])
    return groups


def _ask_for_one_side(sides: frozenset[str], others: frozenset[str]) -> bool:
    return not (sides and others) or not sides.isdisjoint(others)


def _group(questions: Iterable[AskedQuestion]) -> QuestionGroup:
    """Name a group by its most usual wording; a tie goes to the shortest."""
    latest_first = sorted(questions, key=lambda one: (-one.asked_on.toordinal(), one.id))
    texts = Counter(question.text.strip() for question in latest_first)
    text = min(texts, key=lambda one: (-texts[one], len(one), one))
    return QuestionGroup(text, tuple(latest_first))
