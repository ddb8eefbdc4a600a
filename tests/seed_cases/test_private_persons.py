"""No private person is named: victims, bystanders, customers and junior staff have roles.

The names are kept as digests, so that this file names nobody either. To add one, print its digest:

    python -c "import hashlib; print(hashlib.sha256('NAME'.casefold().encode()).hexdigest())"

A Chinese name has two to four characters, a Latin one is one word or two with a blank between.
Addresses of sources are not looked at: they are quoted as they are, or lead nowhere.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from service.domain.entries import Document
from service.domain.text import HAN

DIGESTS: Final = frozenset(
    {
        "030dacfdd1d0876f3dc2986e947978bb728f88bff5fc33941f6c81e88ad5f450",
        "06c29095acf5c83cc2ff11962eae41cd40efd7545d4e4545047c3654775dea41",
        "077a347d5e090c37c7585d643a9781fdd00d34fd753c851c3c9d17b829b7243d",
        "12ae7f7cb9e7120f791f7e9ab623cfcbd9629408da226d4a12a5c2d9f5cea0c7",
        "1707b1cf0aab9ea3be139ba3e42db880f0fde459da11e8bc5f18caec4078f039",
        "302920db2f239618550818a7614eaa4ff08bda635da7ef47709513bacf28805b",
        "52185cb57542ead7ecd95955c8d91faea3d23ab6a31c4c7d8943d2298482ac79",
        "53ca517ebe3e8b08ce473fa2f42419eed67725c3ed809b492deb0b0e60110501",
        "549218aba58020673bed8b0121ade55750efbd20553e58b9d57e30c1e70cdcc1",
        "6386713deb27b609daad5e2e32ee6591753e5f4e2b2949b094f5315185f7ed0c",
        "69da1b9e01bffedba81fb1c0d8cfcc87f909e7e8008d07e47745cc55af24f7bd",
        "7191752c119b1dd7669e5be787d267dc60be07d329b0cc590f11b39e5bfd7d0d",
        "71c3e1a5d56f3ece6aab63231d6c0913107fc6e22b3ee564f366ef72ccae131a",
        "88e427fb6ae6b2aebfaae16ab0988c510b2c1ebed71cb294d507e8d55b890de6",
        "944660242ffeddfd8f5198131c223e88931784034b2fd0d54baa35f109b68112",
        "9b4b98e814740b15bfbab31d48a52f0850aabf82eafbbc3d371a16d4892ba68e",
        "a0b9ceca88b3acd6cfd3ce6e5cd4a30ffdbf3ad43a22371c295cdb0139326c1b",
        "ab164a2ed70cf50ffa5c5c9a3ea212d20c6a0cd989529f151c10501b8d87b721",
        "af227bf85be27aef77ac0648c5513d88fb3ed3cc1e2b4134cfe5aa888aab935d",
        "bc74fa58ed0b55e96602873556b0875f9e711c6713be8b05e3e5023137bb5389",
        "bea1324b2d693f5d73d53407dd3bbf2666d687296f660cccd56736716bea8058",
        "c4b1edc3c677449bb8807102d53e7e901326e53595ec69b20278a3e13a0cbb8b",
        "c581318b1716bd8f918da7a1924dc5b4a272442ba022f18963106c0fb5db2056",
        "cd28ff3f503a6a7c2421c61ac582e782b02435bb99b69aa84107cf461045199f",
        "d41574e9e2145337603ce74c1d7e1026996bfdc373bd236fed592a68154b69be",
        "ecb76272a2600f35d74e40ce749de8be9020e72b7e9441babe3ee9a58045ad21",
        "eda224228addbac06138c6641a52c804716668f0c2383a8b23611e14de22f072",
    }
)

_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_CAPITALISED_PAIR = re.compile(r"(?=\b([A-Z][^\W\d_]*\s+[A-Z][^\W\d_]*)\b)")


def digest_of(name: str) -> str:
    """What a name is kept as."""
    return hashlib.sha256(" ".join(name.casefold().split()).encode()).hexdigest()


def possible_names(text: str) -> Iterator[str]:
    """Every piece of a text that is as long as a name: Han windows, Latin words and pairs."""
    for run in _HAN_RUN.findall(text):
        for length in (2, 3, 4):
            yield from (run[start : start + length] for start in range(len(run) - length + 1))
    yield from (word for word in _LATIN_WORD.findall(text) if word[0].isupper())
    yield from _CAPITALISED_PAIR.findall(text)


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name != "url":
                yield from _texts(getattr(value, name), f"{place}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for position, child in enumerate(value):
            yield from _texts(child, f"{place}.{position}")


def test_no_entry_names_a_private_person(documents: tuple[Document, ...]) -> None:
    places: dict[str, str] = {}
    for document in documents:
        for place, text in _texts(document):
            for name in possible_names(text):
                places.setdefault(name, f"{document.slug}: {place}")

    named = [place for name, place in places.items() if digest_of(name) in DIGESTS]

    assert len(places) > 100_000
    assert named == []


def test_a_name_is_found_inside_a_sentence_in_either_script() -> None:
    found = set(possible_names("据张三丰说，Jane  Roe met Doe."))

    assert {"张三丰", "Jane  Roe", "Doe"} <= found
    assert digest_of("Jane  Roe") == digest_of("jane roe")
