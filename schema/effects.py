"""What followed a crisis elsewhere, as GraphQL shows it."""

import strawberry

from schema.cases import CaseType
from schema.context import Info
from schema.enums import Locale
from schema.filters import CaseFilter
from schema.gathered import Gathered, gathered_connection
from schema.happenings import SecondaryEffectType
from schema.nodes import present
from schema.relay import After, Connection, First
from schema.terms import CrisisTypeType, crisis_type
from schema.texts import locale_field, text_field
from service.domain.cases import Case
from service.domain.effects import HOURS_MOST, Effect, Followed, Timing
from service.domain.entries import Entry
from service.domain.errors import BadInput
from service.domain.values import Bilingual
from service.operations.effects import Aftermath, find_aftermath

_NOTE = Bilingual(
    zh_hans="没有记录不等于没有发生。时间不明的、未核实的后果分开计数，不算在时限之内。",
    en="What is not recorded may still have happened. Effects at an unknown time, and unverified "
    "ones, are counted apart and never as within the hours.",
)


@strawberry.type(description="A secondary effect, and whether it followed in time.")
class FollowedEffect:
    """A secondary effect, and whether it followed in time."""

    timing: Timing
    effect: SecondaryEffectType
    case: CaseType


@strawberry.type(
    description="The effects of one kind that followed within the hours, or may have. Each case "
    "counts once, at its surest."
)
class FollowedGroup:
    """The effects of one kind that followed within the hours, or may have."""

    group: strawberry.Private[Followed]

    @strawberry.field(description="The kind of effect: a crisis type below SECONDARY.")
    def type(self, info: Info) -> CrisisTypeType:
        return crisis_type(info.context.vocabularies, self.group.type)

    @strawberry.field(description="In how many cases it certainly followed within the hours.")
    def within(self) -> int:
        return self.group.cases[Timing.WITHIN]

    @strawberry.field(description="In how many it may have: its time is known too roughly to say.")
    def possibly(self) -> int:
        return self.group.cases[Timing.POSSIBLY]

    @strawberry.field(description="In how many it followed at an unknown time.")
    def unknown_time(self) -> int:
        return self.group.cases[Timing.UNKNOWN_TIME]

    @strawberry.field(description="In how many nothing at hand bears it out.")
    def unverified(self) -> int:
        return self.group.cases[Timing.UNVERIFIED]

    @strawberry.field(description="The effects themselves, by case number.")
    async def effects(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[FollowedEffect]:
        return await gathered_connection(
            info.context, self.group.effects, _gathered, _effect, first=first, after=after
        )


@strawberry.type(name="FollowedWithin", description="What followed elsewhere within some hours.")
class FollowedWithinType:
    """What followed elsewhere within some hours."""

    aftermath: strawberry.Private[Aftermath]
    hours: int = strawberry.field(description="Hours since the first signal.")

    note: str = text_field(lambda _: _NOTE, "How far the counts carry.")
    note_locale: Locale = locale_field(lambda _: _NOTE)

    @strawberry.field(description="How many cases were looked at.")
    def considered(self) -> int:
        return self.aftermath.cases

    @strawberry.field(description="How many synthetic and near-miss cases were left out.")
    def excluded(self) -> int:
        return self.aftermath.excluded

    @strawberry.field(description="The kinds of effect, the most certain cases first.")
    def groups(self) -> list[FollowedGroup]:
        return [FollowedGroup(group=group) for group in self.aftermath.groups]


@strawberry.type
class EffectQuery:
    """Secondary effects across cases."""

    @strawberry.field(
        description="What followed elsewhere within some hours of the first signal, in cases of a "
        "crisis type, primary or other, or one below it."
    )
    async def followed_within(
        self, info: Info, hours: int = 72, crisis_type: str | None = None
    ) -> FollowedWithinType:
        if not 1 <= hours <= HOURS_MOST:
            raise BadInput(f"hours is {hours}; ask for 1 to {HOURS_MOST}.")
        context = info.context
        of_type = CaseFilter(type=None if crisis_type is None else [crisis_type])
        condition = of_type.condition(context.vocabularies)
        found = await find_aftermath(context.desk, context.actor, condition, hours=hours)
        return FollowedWithinType(aftermath=found, hours=hours)


def _gathered(item: tuple[Effect, Timing]) -> Gathered:
    effect, timing = item
    return Gathered(effect.number, effect.position, effect.slug, (effect.position, timing))


def _effect(entry: Entry, held: tuple[int, Timing]) -> FollowedEffect | None:
    position, timing = held
    document = entry.document
    if not isinstance(document, Case) or position >= len(document.secondary_effects):
        return None
    effect = SecondaryEffectType.of(document.secondary_effects[position], entry, document)
    return FollowedEffect(timing=timing, effect=effect, case=present(entry))
