"""A filled template, or what stands in the way, as GraphQL shows it."""

from typing import Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.templates import StatementTemplateType
from schema.terms import TermType, term_of
from schema.texts import given_locale, in_locale, locale_field, text_field
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.errors import BadInput
from service.domain.renderings import (
    SLOT_LENGTH_MOST,
    Refusal,
    Rendering,
    SlotFault,
    SlotValue,
    UnknownSlot,
    rendered,
)
from service.domain.templates import StatementTemplate
from service.domain.values import Bilingual

_VALUES_MOST = 100


class _Message(Bilingual):
    """What a refusal says; it names as many slots as were given."""

    limit = 40_000


_SHOWN_MOST = 80
_FAULTS = {
    SlotFault.EMPTY: Bilingual(
        zh_hans="是空的；请填写，或不提交这一项。", en="is empty; fill it in, or leave it out."
    ),
    SlotFault.TOO_LONG: Bilingual(
        zh_hans=f"太长；至多{SLOT_LENGTH_MOST}个字符。",
        en=f"is too long; at most {SLOT_LENGTH_MOST} characters fit.",
    ),
    SlotFault.UNREADABLE: Bilingual(
        zh_hans="含有控制字符；请删去。", en="holds a control character; remove it."
    ),
    SlotFault.REPEATED: Bilingual(
        zh_hans="给了不止一次；请只留一次。", en="is given more than once; keep one."
    ),
}


@strawberry.input(description="What goes into a slot.")
class SlotValueInput:
    """What goes into a slot."""

    name: str
    value: str
    confirmed: bool = strawberry.field(
        default=False, description="Whether somebody has confirmed it as a fact."
    )


@strawberry.type(name="RenderedStatement", description="A filled template: a draft to check.")
class RenderedStatementType:
    """A filled template: a draft to check."""

    text: str = strawberry.field(description="The statement as it reads.")
    locale: Locale = strawberry.field(description="The locale that is given.")
    length: int = strawberry.field(description="How many code points the text holds.")
    used_slots: list[str] = strawberry.field(description="The slots that were filled.")
    left_out_slots: list[str] = strawberry.field(
        description="Optional slots without a value; a line that held nothing else is gone too."
    )
    template: StatementTemplateType = strawberry.field(description="The template it was made of.")

    @strawberry.field(description="The statement rules to check it against next.")
    def rules_to_check(self, info: Info) -> list[TermType]:
        vocabularies = info.context.vocabularies
        codes = self.template.document.rules
        return [term_of(vocabularies, "StatementRule", code) for code in codes]


@strawberry.type(name="UnknownSlot", description="A name that is no slot of the template.")
class UnknownSlotType:
    """A name that is no slot of the template."""

    name: str
    nearest: list[str] = strawberry.field(description="The slots most like it.")


@strawberry.type(name="FaultySlot", description="A slot whose value cannot be used.")
class FaultySlotType:
    """A slot whose value cannot be used."""

    name: str
    fault: SlotFault

    message: str = text_field(lambda self: _FAULTS[self.fault], "What is wrong with it.")
    message_locale: Locale = locale_field(lambda self: _FAULTS[self.fault])


@strawberry.type(name="TemplateRefused", description="Why a template was not filled, by slot.")
class TemplateRefusedType:
    """Why a template was not filled, by slot."""

    refusal: strawberry.Private[Refusal]

    message: str = text_field(lambda self: _message(self.refusal), "All that stands in the way.")
    message_locale: Locale = locale_field(lambda self: _message(self.refusal))

    @strawberry.field(description="Required slots without a value.")
    def missing(self) -> list[str]:
        return list(self.refusal.missing)

    @strawberry.field(description="Slots for confirmed facts whose value is not confirmed.")
    def unconfirmed(self) -> list[str]:
        return list(self.refusal.unconfirmed)

    @strawberry.field(description="Names that are no slots of the template.")
    def unknown(self) -> list[UnknownSlotType]:
        return [_unknown(held) for held in self.refusal.unknown]

    @strawberry.field(description="Slots whose value is empty, too long, unreadable or repeated.")
    def faulty(self) -> list[FaultySlotType]:
        return [FaultySlotType(name=held.name, fault=held.fault) for held in self.refusal.faulty]


RenderTemplateResult = Annotated[
    RenderedStatementType | TemplateRefusedType,
    strawberry.union("RenderTemplateResult", description="A statement, or why there is none."),
]


@strawberry.type
class RenderingQuery:
    """Filling templates."""

    @strawberry.field(
        description="A template with its slots filled, or every slot that stands in the way. Null "
        "if the template is not to be seen."
    )
    async def render_template(
        self,
        info: Info,
        slug: str,
        slots: list[SlotValueInput],
        locale: Locale = Locale.ZH_HANS,
    ) -> RenderTemplateResult | None:
        if len(slots) > _VALUES_MOST:
            raise BadInput(f"slots has {len(slots)} values; at most {_VALUES_MOST} are taken.")
        key = EntryKey(EntryKind.STATEMENT_TEMPLATE, slug)
        entry = await info.context.loaders.entry_by_key.load(key)
        if entry is None or not isinstance(entry.document, StatementTemplate):
            return None
        return _result(entry, entry.document, slots, locale)


def _result(
    entry: Entry, template: StatementTemplate, slots: list[SlotValueInput], locale: Locale
) -> RenderedStatementType | TemplateRefusedType:
    values = [SlotValue(slot.name, slot.value, slot.confirmed) for slot in slots]
    match rendered(template, body=in_locale(template.body, locale), values=values):
        case Rendering() as rendering:
            return RenderedStatementType(
                text=rendering.text,
                locale=given_locale(template.body, locale),
                length=rendering.length,
                used_slots=list(rendering.filled),
                left_out_slots=list(rendering.left_out),
                template=StatementTemplateType.of(entry, template),
            )
        case refusal:
            return TemplateRefusedType(refusal=refusal)


def _unknown(held: UnknownSlot) -> UnknownSlotType:
    return UnknownSlotType(name=_shown(held.name), nearest=list(held.nearest))


def _message(refusal: Refusal) -> Bilingual:
    zh_hans, en = [], []
    for chinese, english, names in (
        ("缺少必填项", "Required slots are missing", refusal.missing),
        ("未经确认的事实", "Facts are not confirmed", refusal.unconfirmed),
        ("模板没有这些项", "These are no slots of it", tuple(s.name for s in refusal.unknown)),
        ("内容不能用", "Values cannot be used", tuple(s.name for s in refusal.faulty)),
    ):
        if names:
            zh_hans.append(f"{chinese}：{'、'.join(map(_shown, names))}。")
            en.append(f"{english}: {', '.join(map(_shown, names))}.")
    return _Message(zh_hans="".join(zh_hans), en=" ".join(en))


def _shown(name: str) -> str:
    kept = "".join(character for character in name if character.isprintable()).strip()
    return kept if len(kept) <= _SHOWN_MOST else f"{kept[:_SHOWN_MOST]}…"
