"""How far the figures of the library carry: their grades, what they rest on, and how many there are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from service.commands.markdown import in_one_line, labels_of, most_first, table
from service.domain.cases import Case
from service.domain.citations import Basis, Cited, admiralty_grade
from service.domain.codes import InformationCredibility, SourceReliability, Verdict
from service.domain.entries import CitingDocument
from service.domain.evidence import COMPARABLE_FROM, evidence_of
from service.domain.vocabularies import Vocabularies

_GRADES_NOTE = """\
Rows are the best source an item cites; columns the credibility of the item itself, from 1
(confirmed 已证实) to 6 (cannot be judged 无法判断). Items are events, statements and their
reception, actions, promises, remedies, outcomes and secondary effects."""
_FIGURES_NOTE = """\
A figure is the value of an outcome, the amount of a remedy or what it measured before or after, or
the size of a secondary effect. It rests on what its item rests on."""
_METRICS_NOTE = """\
n counts the cases that state the metric, by the first part of their primary crisis type; the last
column counts the statements of it. A case may state a metric more than once, for other groups,
windows or sources. `OTHER` gathers what the vocabulary does not name, each under its own label."""
_STRATEGIES_NOTE = """\
n counts the cases in which the owner used a strategy of the group, in a statement or an action, by
the editors’ verdict on the handling as a whole. The verdict is a judgement, and cases use several
groups, so a row shows company, never effect. Synthetic and near-miss cases are left out."""

_BASES = {
    Basis.REPORTED: "Cited 有来源: a source states it",
    Basis.DERIVED: "Derived 推算: computed from what sources state; its note says how",
    Basis.EDITORIAL: "Editorial 编者判断: the editors judged it",
    Basis.UNVERIFIED: "Unverified 未核实: nothing at hand bears it out",
}


def trust(
    cases: Sequence[Case], citing: Sequence[CitingDocument], vocabularies: Vocabularies
) -> Iterator[str]:
    """The sections on sources, grades and what figures rest on."""
    label = labels_of(vocabularies, "SourceReliability")
    letters = Counter(publications(citing).values())
    grades = Counter(admiralty_grade(item, one.sources) for one in cases for item in _items(one))
    numbers = [one.value.removeprefix("CRED_") for one in InformationCredibility]
    yield "## How far it can be trusted 可信程度"
    yield "### Publications by reliability 来源可靠性"
    yield table(
        ("reliability", "publications"), [(label(one), letters[one]) for one in SourceReliability]
    )
    yield "### Items of cases by Admiralty grade 情报分级"
    yield f"{_GRADES_NOTE} {grades[None]} items cite nothing, and say so\nby their basis."
    yield table(
        ("best source", *numbers),
        [
            (label(one), *(grades[f"{one.value}{number}"] for number in numbers))
            for one in SourceReliability
        ],
    )
    bases = Counter(basis for one in cases for basis in _figures(one))
    total = max(bases.total(), 1)
    yield "### Figures by what they rest on 数字的依据"
    yield _FIGURES_NOTE
    yield table(
        ("basis", "figures", "share"),
        [(_BASES[basis], bases[basis], f"{bases[basis] / total:.1%}") for basis in Basis],
    )


def _items(case: Case) -> Iterator[Cited]:
    receptions = (one.reception for one in case.statements if one.reception is not None)
    return chain(
        case.timeline,
        case.statements,
        receptions,
        case.actions,
        case.promises,
        case.remedies,
        case.outcomes,
        case.secondary_effects,
    )


def _figures(case: Case) -> Iterator[Basis]:
    for outcome in case.outcomes:
        if outcome.value is not None:
            yield outcome.basis
    for remedy in case.remedies:
        for figure in (remedy.amount, remedy.effect_before, remedy.effect_after):
            if figure is not None:
                yield remedy.basis
    for effect in case.secondary_effects:
        if effect.size is not None:
            yield effect.basis


def publications(citing: Iterable[CitingDocument]) -> dict[str, SourceReliability]:
    """The reliability of each publication that is cited anywhere, once."""
    return {source.identity: source.reliability for one in citing for source in one.sources}


def metrics(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[str]:
    """The section that counts each metric by the type of crisis."""
    label, types = labels_of(vocabularies, "Metric"), labels_of(vocabularies, "CrisisType")
    tops = [top for top, _ in most_first(Counter(_top(one.primary_type) for one in cases))]
    stated = Counter(outcome.metric for one in cases for outcome in one.outcomes)
    n = Counter(
        (metric, _top(one.primary_type))
        for one in cases
        for metric in {outcome.metric for outcome in one.outcomes}
    )
    counts = {metric: [n[metric, top] for top in tops] for metric in stated}
    rows = [
        (label(metric), *counts[metric], count)
        for metric, count in most_first(stated)
        if sum(counts[metric]) > 1
    ]
    yield "## Metric and crisis type 指标与危机类型"
    yield _METRICS_NOTE
    yield table(("metric", *map(types, tops), "stated"), rows)
    for position, top in enumerate(tops):
        alone = [one for one in counts if sum(counts[one]) == counts[one][position] == 1]
        yield in_one_line(
            f"In one case only, of {types(top)}", [label(one) for one in sorted(alone)]
        )


def strategies(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[str]:
    """The section that counts groups of strategies by what the editors made of the handling."""
    evidence = evidence_of(cases)
    label = labels_of(vocabularies, "ResponseStrategy")
    rows = [
        (label(group.code), [len(cell.cases) for cell in group.cells])
        for group in sorted(evidence.groups, key=lambda group: group.code)
    ]
    yield "## Response strategy and verdict 应对策略与得失"
    yield _STRATEGIES_NOTE
    yield (
        f"{evidence.comparable_cells} of {evidence.cells} cells reach n ≥ {COMPARABLE_FROM}; the others "
        "are too few to compare."
    )
    yield table(
        ("group", *map(labels_of(vocabularies, "Verdict"), Verdict), "n"),
        [(name, *counts, sum(counts)) for name, counts in rows],
    )


def _top(code: str) -> str:
    return code.partition(".")[0]
