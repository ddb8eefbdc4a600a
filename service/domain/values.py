"""The frozen pydantic value every document is made of, and the text types with their limits."""

import re
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

SLUG_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
SLUG_LENGTH_MOST = 80
# How a Markdown file begins the text of a language.
SECTION_PATTERN = r"^<!-- (zh-Hans|zh-Hant|en) -->\n"
KEY_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,39}$"

# Controls other than the tab and the line feed, and halves of a surrogate pair.
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Value(BaseModel):
    """A frozen value: unknown fields are refused, and a change makes a new value."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


def plain_text(text: str) -> str:
    """Accept text a person can read: no control characters, lone surrogates or outer blanks."""
    if (unreadable := _UNREADABLE.search(text)) is not None:
        code = f"U+{ord(unreadable[0]):04X}"
        raise ValueError(f"holds the character {code} at position {unreadable.start()}; remove it")
    if text != text.strip():
        raise ValueError("starts or ends with a blank; remove it")
    if not text:
        raise ValueError("is empty; write the text or leave the field out")
    return text


def is_storable(text: str) -> bool:
    """Whether a database can hold or look up a text at all: no NUL, no half of a surrogate pair."""
    return all(character != "\x00" and not "\ud800" <= character <= "\udfff" for character in text)


def is_slug(text: str) -> bool:
    """Whether a text has the form of a slug."""
    return len(text) <= SLUG_LENGTH_MOST and re.fullmatch(SLUG_PATTERN, text) is not None


Text = Annotated[str, Field(max_length=600), AfterValidator(plain_text)]
Slug = Annotated[str, Field(pattern=SLUG_PATTERN, max_length=SLUG_LENGTH_MOST)]
Key = Annotated[str, Field(pattern=KEY_PATTERN)]


class Bilingual(Value):
    """One text in simplified Chinese and English, and in traditional Chinese where it was written.

    Each language holds at most `limit` characters.
    """

    limit: ClassVar[int] = 600

    zh_hans: str
    zh_hant: str | None = None
    en: str

    @field_validator("zh_hans", "zh_hant", "en")
    @classmethod
    def _is_readable(cls, text: str | None) -> str | None:
        if text is None:
            return None
        if len(text) > cls.limit:
            raise ValueError(f"holds {len(text)} characters; at most {cls.limit} fit")
        return plain_text(text)

    @classmethod
    def same(cls, text: str) -> Self:
        """A text that reads the same in every language, such as a brand's Latin name."""
        return cls(zh_hans=text, en=text)


class Title(Bilingual):
    """A title: at most 120 characters a language."""

    limit: ClassVar[int] = 120


class Prose(Bilingual):
    """A paragraph: at most 2 400 characters a language."""

    limit: ClassVar[int] = 2_400


class Article(Bilingual):
    """A Markdown body: at most 40 000 characters a language."""

    limit: ClassVar[int] = 40_000

    @field_validator("zh_hans", "zh_hant", "en")
    @classmethod
    def _is_one_section(cls, text: str | None) -> str | None:
        if text is not None and re.search(SECTION_PATTERN, f"{text}\n", re.MULTILINE):
            raise ValueError("has a line that begins a language, such as <!-- en -->; remove it")
        return text
