"""The StatementTemplate: a statement with slots, and when it may and may not be used."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.domain.cases import AskedAs
from service.domain.citations import Source
from service.domain.codes import (
    ChannelKind,
    CrisisTypeCode,
    Phase,
    RuleCode,
    SharingMarking,
    StatementKind,
    StrategyCode,
)
from service.domain.values import Bilingual, Prose, Slug, Title, Value

SLOT = re.compile(r"\{([A-Za-z][A-Za-z0-9]*)\}")

SlotName = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9]{0,39}$")]


class Slot(Value):
    """A gap to be filled; one that must be confirmed takes confirmed facts only."""

    name: SlotName
    label: Bilingual
    required: bool = True
    must_be_confirmed: bool = False
    example: Bilingual


class TemplateBody(Prose):
    """The wording, with `{slot}` where a value goes."""


class StatementTemplate(Value):
    """A statement to fill in, for its kind, phases, channels and crisis types."""

    entry: Literal["STATEMENT_TEMPLATE"]
    slug: Slug
    title: Title
    summary: Prose
    sharing: SharingMarking = SharingMarking.TLP_CLEAR
    kind: StatementKind
    phases: tuple[Phase, ...] = Field(min_length=1)
    channels: tuple[ChannelKind, ...] = Field(min_length=1)
    crisis_types: tuple[CrisisTypeCode, ...] = ()
    strategies: tuple[StrategyCode, ...] = ()
    use_when: tuple[Bilingual, ...] = Field(min_length=1)
    do_not_use_when: tuple[Bilingual, ...] = Field(min_length=1)
    rules: tuple[RuleCode, ...] = ()
    slots: tuple[Slot, ...] = ()
    body: TemplateBody
    example_cases: tuple[Slug, ...] = ()
    asked_as: AskedAs = AskedAs()
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _declares_its_slots(self) -> Self:
        names = [slot.name for slot in self.slots]
        if len(names) != len(set(names)):
            raise ValueError("two slots have the same name")
        required = {slot.name for slot in self.slots if slot.required}
        for language in ("zh_hans", "zh_hant", "en"):
            body = getattr(self.body, language)
            if body is None:
                continue
            used = set(SLOT.findall(body))
            if unknown := sorted(used - set(names)):
                raise ValueError(f"body.{language} uses undeclared slots {', '.join(unknown)}")
            if missing := sorted(required - used):
                raise ValueError(f"body.{language} leaves out required slots {', '.join(missing)}")
        return self
