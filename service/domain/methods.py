"""The Method: an article of the methodology, written in Markdown in both languages."""

from typing import Literal

from service.domain.cases import AskedAs
from service.domain.citations import Cited, Source
from service.domain.codes import (
    CrisisTypeCode,
    EvidenceLevel,
    Phase,
    SharingMarking,
    StrategyCode,
)
from service.domain.figures import Figure
from service.domain.values import Article, Bilingual, Prose, Slug, Title, Value


class ResearchFinding(Cited):
    """What a study found: in words, and as the figure it reports where it reports one."""

    study: EvidenceLevel
    text: Bilingual
    figure: Figure | None = None


class Method(Value):
    """An article of the methodology. Its body cites sources as `[@KEY]` or `[@KEY#place]`."""

    entry: Literal["METHOD"]
    slug: Slug
    title: Title
    summary: Prose
    sharing: SharingMarking = SharingMarking.TLP_CLEAR
    phases: tuple[Phase, ...] = ()
    crisis_types: tuple[CrisisTypeCode, ...] = ()
    strategies: tuple[StrategyCode, ...] = ()
    evidence_level: EvidenceLevel
    example_cases: tuple[Slug, ...] = ()
    findings: tuple[ResearchFinding, ...] = ()
    asked_as: AskedAs = AskedAs()
    sources: tuple[Source, ...] = ()
    body: Article
