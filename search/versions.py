"""Which versions of Meilisearch we can work with."""

import re
from typing import Final

from search.errors import SearchUnavailable

OLDEST_VERSION: Final = (1, 12)


def require_usable(version: str, *, where: str) -> None:
    """Raise `SearchUnavailable` unless this version of Meilisearch is one we can work with."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    found = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    oldest = ".".join(str(number) for number in OLDEST_VERSION)
    if found[0] != OLDEST_VERSION[0] or found < OLDEST_VERSION:
        raise SearchUnavailable(
            f"{where} is Meilisearch {version}; Precedent needs {oldest} or a later 1.x"
        )
