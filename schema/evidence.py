"""What came of which response, as GraphQL shows it, with published research beside it."""

import strawberry

from schema.context import Context, Info
from schema.enums import Locale
from schema.filters import CaseFilter
from schema.groups import EvidenceGroup
from schema.loaders import Usage
from schema.methods import ResearchFindingType
from schema.texts import locale_field, text_field
from service.domain.codes import EvidenceLevel
from service.domain.conditions import EVERYTHING
from service.domain.entries import EntryKind
from service.domain.evidence import COMPARABLE_FROM, Evidence
from service.domain.methods import Method
from service.domain.observations import Dimension
from service.operations.evidence import gather_evidence

# The levels are declared from the strongest to the weakest.
_STRENGTH = {level: place for place, level in enumerate(EvidenceLevel)}


@strawberry.type(
    description="What came of which response. A case that used several strategies counts in the "
    "group of each. Synthetic and near-miss cases never count."
)
class StrategyEvidence:
    """What came of which response."""

    evidence: strawberry.Private[Evidence]

    note: str = text_field(lambda self: self.evidence.note, "How far the evidence carries.")
    note_locale: Locale = locale_field(lambda self: self.evidence.note)

    @strawberry.field(description="What the cases are grouped by.")
    def group_by(self) -> Dimension:
        return self.evidence.by

    @strawberry.field(description="How many cases were looked at.")
    def considered(self) -> int:
        return self.evidence.considered

    @strawberry.field(description="How many of them are in no group, for want of a code.")
    def ungrouped(self) -> int:
        return self.evidence.ungrouped

    @strawberry.field(description="How many synthetic and near-miss cases were left out.")
    def excluded(self) -> int:
        return self.evidence.excluded

    @strawberry.field(description="From how many cases on figures are summed up and ranked.")
    def comparable_from(self) -> int:
        return COMPARABLE_FROM

    @strawberry.field(description="How many cells of group and verdict there are.")
    def cells(self) -> int:
        return self.evidence.cells

    @strawberry.field(description="How many of them hold enough cases to compare.")
    def comparable_cells(self) -> int:
        return self.evidence.comparable_cells

    @strawberry.field(description="The groups, the largest first.")
    def groups(self) -> list[EvidenceGroup]:
        return [EvidenceGroup.of(group, self.evidence.by) for group in self.evidence.groups]

    @strawberry.field(
        description="What published research found, as context: none of it is counted here."
    )
    async def findings(self, info: Info) -> list[ResearchFindingType]:
        return await _findings(info.context)


@strawberry.type
class EvidenceQuery:
    """Evidence from the cases of the library."""

    @strawberry.field(
        description="Which responses went with which outcomes in the cases the filter holds of: "
        "how many, how spread, and which failed."
    )
    async def strategy_evidence(
        self,
        info: Info,
        filter: CaseFilter | None = None,
        group_by: Dimension = Dimension.STRATEGY_CLUSTER,
    ) -> StrategyEvidence:
        context = info.context
        condition = EVERYTHING if filter is None else filter.condition(context.vocabularies)
        found = await gather_evidence(context.desk, context.actor, condition, by=group_by)
        return StrategyEvidence(evidence=found)


async def _findings(context: Context) -> list[ResearchFindingType]:
    """The findings of every method that has some, the strongest kind of study first."""
    usages = [Usage(EntryKind.METHOD, "EvidenceLevel", "study", level) for level in EvidenceLevel]
    rows = await context.loaders.rows_by_usage.load_many(usages)
    ids = sorted({row for found in rows for row in found})
    entries = await context.loaders.entry_by_row.load_many(ids)
    findings = [
        (finding, entry, entry.document)
        for entry in entries
        if entry is not None and isinstance(entry.document, Method)
        for finding in entry.document.findings
    ]
    findings.sort(key=lambda held: _STRENGTH[held[0].study])
    return [ResearchFindingType.of(*held) for held in findings]
