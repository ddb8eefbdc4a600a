"""The draft that is checked, and what its author knows about the situation."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.codes import ChannelKind, FactStatus, StatementKind
from service.domain.errors import BadInput
from service.domain.values import is_storable

TEXT_MOST = 20_000
FACTS_MOST = 50
FACT_MOST = 600
NAME_MOST = 120


class ContextField(StrEnum):
    """What a rule may need to know besides the text."""

    FACTS = "facts"
    APPROVED_LINE = "approvedLine"
    SPEAKER = "speaker"
    DESIGNATED_SPOKESPERSON = "designatedSpokesperson"
    LISTED = "listed"
    DISCLOSED_ON_DESIGNATED_MEDIA = "disclosedOnDesignatedMedia"
    AI_GENERATED = "aiGenerated"
    PLATFORM = "platform"
    VICTIMS = "victims"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact on file, and how far it is confirmed."""

    text: str
    status: FactStatus


@dataclass(frozen=True, slots=True)
class StatementContext:
    """What is known besides the text; None is unknown, and a rule that needs it stays undecided."""

    facts: tuple[Fact, ...] | None = None
    approved_line: tuple[str, ...] | None = None
    speaker: str | None = None
    designated_spokesperson: str | None = None
    listed: bool | None = None
    disclosed_on_designated_media: bool | None = None
    ai_generated: bool | None = None
    ai_labelled: bool | None = None
    channel: ChannelKind | None = None
    platform: str | None = None
    victims: bool | None = None
    legal_approved: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as it is about to be published."""

    text: str
    kind: StatementKind
    context: StatementContext = StatementContext()

    def __post_init__(self) -> None:
        """Refuse what cannot be read as a statement, or is more than is read."""
        if len(self.text) > TEXT_MOST:
            raise BadInput(
                f"text has {len(self.text)} characters; at most {TEXT_MOST} are read. "
                "Check the statement in parts."
            )
        if not is_storable(self.text):
            raise BadInput("text holds a character that is none (NUL or half a pair); remove it.")
        if not any(character.isalpha() for character in self.text):
            raise BadInput("text has no words; give the statement as it is to be published.")
        facts = self.context.facts or ()
        _require_few("facts", [fact.text for fact in facts], longest=FACT_MOST)
        _require_few("approvedLine", self.context.approved_line or (), longest=FACT_MOST)
        for field, name in (
            ("speaker", self.context.speaker),
            ("designatedSpokesperson", self.context.designated_spokesperson),
        ):
            if name is not None:
                _require_text(field, name, longest=NAME_MOST)


def _require_few(field: str, texts: list[str] | tuple[str, ...], *, longest: int) -> None:
    if len(texts) > FACTS_MOST:
        raise BadInput(f"{field} has {len(texts)} items; at most {FACTS_MOST} are taken.")
    for number, text in enumerate(texts, start=1):
        _require_text(f"{field}, item {number},", text, longest=longest)


def _require_text(field: str, text: str, *, longest: int) -> None:
    if len(text) > longest:
        raise BadInput(f"{field} has {len(text)} characters; at most {longest} are taken.")
    if not is_storable(text) or not any(character.isalnum() for character in text):
        raise BadInput(f"{field} has no words; write it out or leave it out.")
