"""Texts in the locale asked for, each with a twin field that says which locale was given."""

from collections.abc import Callable, Sequence
from typing import Any

import strawberry

from schema.enums import Locale
from service.domain.values import Bilingual


def given_locale(text: Bilingual, locale: Locale) -> Locale:
    """The locale a text can be given in: simplified Chinese stands in for traditional."""
    if locale is Locale.ZH_HANT and text.zh_hant is None:
        return Locale.ZH_HANS
    return locale


def in_locale(text: Bilingual, locale: Locale) -> str:
    """The text in a locale, or in the one that stands in for it."""
    match given_locale(text, locale):
        case Locale.EN:
            return text.en
        case Locale.ZH_HANT:
            return text.zh_hant or text.zh_hans
        case _:
            return text.zh_hans


def text_field(of: Callable[[Any], Bilingual], description: str) -> Any:
    """A field that gives a text in the locale asked for."""

    def resolve(self: Any, locale: Locale = Locale.ZH_HANS) -> str:
        return in_locale(of(self), locale)

    return strawberry.field(resolver=resolve, description=description)


def locale_field(of: Callable[[Any], Bilingual]) -> Any:
    """The twin of a text field: which locale is given where one is asked for."""

    def resolve(self: Any, locale: Locale = Locale.ZH_HANS) -> Locale:
        return given_locale(of(self), locale)

    return strawberry.field(resolver=resolve, description="The locale that is given.")


def optional_text_field(of: Callable[[Any], Bilingual | None], description: str) -> Any:
    """A field that gives a text, where there is one, in the locale asked for."""

    def resolve(self: Any, locale: Locale = Locale.ZH_HANS) -> str | None:
        text = of(self)
        return None if text is None else in_locale(text, locale)

    return strawberry.field(resolver=resolve, description=description)


def optional_locale_field(of: Callable[[Any], Bilingual | None]) -> Any:
    """The twin of an optional text field."""

    def resolve(self: Any, locale: Locale = Locale.ZH_HANS) -> Locale | None:
        text = of(self)
        return None if text is None else given_locale(text, locale)

    return strawberry.field(resolver=resolve, description="The locale that is given.")


def texts_field(of: Callable[[Any], Sequence[Bilingual]], description: str) -> Any:
    """A field that gives several texts in the locale asked for."""

    def resolve(self: Any, locale: Locale = Locale.ZH_HANS) -> list[str]:
        return [in_locale(text, locale) for text in of(self)]

    return strawberry.field(resolver=resolve, description=description)


def texts_locale_field(of: Callable[[Any], Sequence[Bilingual]]) -> Any:
    """The twin of a field of several texts: the locale all of them are given in at least."""

    def resolve(self: Any, locale: Locale = Locale.ZH_HANS) -> Locale:
        given = {given_locale(text, locale) for text in of(self)}
        return locale if given <= {locale} else Locale.ZH_HANS

    return strawberry.field(resolver=resolve, description="The locale that is given.")
