"""How well a statement template fits what is asked for: a degree for each aspect, and one figure.

The weights and degrees are this library's own. Each aspect weighs more than all those after it
together: kind, phase, channel, crisis type, locale. The fit is the weighted mean of the degrees of
the aspects that were asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from service.domain.codes import ChannelKind, Phase, StatementKind
from service.domain.templates import StatementTemplate
from service.domain.vocabularies import ancestors

_FOR_WIDER_TYPE = (1.0, 0.8, 0.6)
_FOR_ALL_TYPES = 0.5
_FOR_NARROWER_TYPE = 0.3


class FitAspect(StrEnum):
    """What of a template is held against what is asked for."""

    KIND = "KIND"
    PHASE = "PHASE"
    CHANNEL = "CHANNEL"
    CRISIS_TYPE = "CRISIS_TYPE"
    LOCALE = "LOCALE"


_WEIGHTS = {
    FitAspect.KIND: 16,
    FitAspect.PHASE: 8,
    FitAspect.CHANNEL: 4,
    FitAspect.CRISIS_TYPE: 2,
    FitAspect.LOCALE: 1,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a statement is to be; what is left out is not asked for.

    `written_hant` asks for a body written in traditional Chinese; every template has the others.
    """

    kind: StatementKind | None = None
    phase: Phase | None = None
    channel: ChannelKind | None = None
    crisis_type: str | None = None
    written_hant: bool | None = None

    @property
    def is_anything(self) -> bool:
        """Whether nothing at all is asked for."""
        return self == Wanted()


class FitReason(NamedTuple):
    """How far one aspect fits, from 0 to 1; `by` is the template's own crisis type that decides."""

    aspect: FitAspect
    degree: float
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit from 0 to 1, with the aspects it is made of, the weightiest first."""

    value: float
    reasons: tuple[FitReason, ...]


def fit_of(template: StatementTemplate, wanted: Wanted) -> Fit | None:
    """How well the template fits; None where it makes another kind of statement than asked for."""
    if wanted.kind not in (None, template.kind):
        return None
    reasons = tuple(_reasons(template, wanted))
    weight = sum(_WEIGHTS[reason.aspect] for reason in reasons)
    total = sum(_WEIGHTS[reason.aspect] * reason.degree for reason in reasons)
    return Fit(round(total / weight, 3) if weight else 0.0, reasons)


def _reasons(template: StatementTemplate, wanted: Wanted) -> Iterator[FitReason]:
    if wanted.kind is not None:
        yield FitReason(FitAspect.KIND, 1.0)
    if wanted.phase is not None:
        yield FitReason(FitAspect.PHASE, float(wanted.phase in template.phases))
    if wanted.channel is not None:
        yield FitReason(FitAspect.CHANNEL, float(wanted.channel in template.channels))
    if wanted.crisis_type is not None:
        yield _of_type(template, wanted.crisis_type)
    if wanted.written_hant is not None:
        written = not wanted.written_hant or template.body.zh_hant is not None
        yield FitReason(FitAspect.LOCALE, float(written))


def _of_type(template: StatementTemplate, crisis_type: str) -> FitReason:
    if not template.crisis_types:
        return FitReason(FitAspect.CRISIS_TYPE, _FOR_ALL_TYPES)
    for distance, code in enumerate(ancestors(crisis_type)):
        if code in template.crisis_types:
            degree = _FOR_WIDER_TYPE[min(distance, len(_FOR_WIDER_TYPE) - 1)]
            return FitReason(FitAspect.CRISIS_TYPE, degree, code)
    for code in template.crisis_types:
        if code.startswith(f"{crisis_type}."):
            return FitReason(FitAspect.CRISIS_TYPE, _FOR_NARROWER_TYPE, code)
    return FitReason(FitAspect.CRISIS_TYPE, 0.0)
