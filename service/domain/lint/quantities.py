"""Figures in a text: how many of what, so that two texts can be told to differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.mapped_texts import Span

_TENFOLD = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_TENFOLD_EN = {"k": 1_000, "m": 1_000_000, "thousand": 1_000, "million": 1_000_000, "bn": 10**9}
_TENFOLD_EN["billion"] = 10**9
_UNITS = (
    ("person", r"(?:余|多)?(?:名|人|位|户)|users?|customers?|people|passengers?|guests?|patients?"),
    ("record", r"条|records?"),
    ("money", r"元|块|yuan|rmb|cny|dollars?|usd|pounds?|euros?"),
    ("percent", r"%|per ?cent|成"),
    ("hour", r"(?:个)?小时|hours?|hrs?"),
    ("minute", r"分钟|minutes?|mins?"),
    ("day", r"(?:个)?(?:工作日|天)|(?:working |business )?days?"),
    ("piece", r"件|个|批|台|辆|家|所|例|起|次|箱|盒|瓶|stores?|items?|units?|vehicles?|cases?"),
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?P<near>约|近|超过?|逾|至少|不到|about|around|nearly|over|more than|at least|some)?\s?"
    rf"[£$€¥]?(?P<low>{_NUMBER})\s?(?P<scale>[十百千万亿]+|k\b|m\b|bn\b|thousand|million|billion)?"
    rf"(?:\s?(?:至|到|-|~|to|–)\s?(?P<high>{_NUMBER})\s?"
    rf"(?P<scale_high>[十百千万亿]+|k\b|m\b|bn\b|thousand|million|billion)?)?"
    rf"\s?(?:余|多)?\s?(?P<unit>" + "|".join(f"(?:{unit})" for _, unit in _UNITS) + ")"
)
_TOLERANCE = 0.1


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure, as a range, with what it counts and where it stands."""

    unit: str
    least: float
    most: float
    span: Span

    def agrees(self, other: "Quantity") -> bool:
        """Whether both can be true of the same thing; what is near is taken as the same."""
        return self.least <= other.most and other.least <= self.most


def quantities(text: str) -> Iterator[Quantity]:
    """The figures of a prepared text that say what they count."""
    for match in _FIGURE.finditer(text):
        scale = match["scale"] or (match["scale_high"] if match["high"] else None)
        low = _value(match["low"], scale)
        high = low if match["high"] is None else _value(match["high"], match["scale_high"] or scale)
        slack = _TOLERANCE if match["near"] else 0.0
        yield Quantity(
            unit=next(name for name, unit in _UNITS if re.fullmatch(unit, match["unit"])),
            least=min(low, high) * (1 - slack),
            most=max(low, high) * (1 + slack),
            span=Span(match.start("low"), match.end()),
        )


def _value(number: str, scale: str | None) -> float:
    value = float(number.replace(",", ""))
    if scale in _TENFOLD_EN:
        return value * _TENFOLD_EN[scale]
    for tenfold in scale or "":
        value *= _TENFOLD[tenfold]
    return value
