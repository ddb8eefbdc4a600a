"""What a bench types: texts as people type them, none of them twice."""

import random
from collections.abc import Sequence

from service.domain.cases import Case
from tests.relevance.golden import TUNING, golden_queries


def fresh_texts(cases: Sequence[Case], *, count: int, seed: int) -> tuple[str, ...]:
    """So many different texts. The same arguments give the same texts.

    They are the golden queries of the tuning half and, where there are too few of those, pairs of
    phrasings of one case in one language.
    """
    chance = random.Random(seed)
    texts = {query.query for name in TUNING for query in golden_queries(name)}
    phrasings = [
        spoken for case in cases for spoken in (case.asked_as.zh_hans, case.asked_as.en) if spoken
    ]
    while len(texts) < count:
        spoken = chance.choice(phrasings)
        texts.add("，".join(chance.sample(spoken, min(2, len(spoken)))))
    return tuple(chance.sample(sorted(texts), count))
