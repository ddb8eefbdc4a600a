"""`precedent library-page`: what the library that ships holds, counted, as a page of the docs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Annotated, Final, TypeVar

import typer

from schema.build import SCHEMA_FILE
from seed_cases.loader import seed_documents
from service.commands.evidence import metrics, publications, strategies, trust
from service.commands.markdown import count_table, in_one_line, labels_of, table
from service.commands.serving import CannotServe
from service.domain.cases import Case
from service.domain.entries import CitingDocument, Document
from service.domain.methods import Method
from service.domain.procedures import Procedure
from service.domain.templates import StatementTemplate
from service.domain.vocabularies import Vocabularies, Vocabulary

LIBRARY_PAGE: Final = SCHEMA_FILE.parent.parent / "docs" / "library.md"

_OPENING = """\
# The library that ships 随附的案例库

Counted from `seed_cases/` by `precedent library-page`: `make schema` writes this page, and
`make lint` fails where it is out of date. Labels are those of the vocabularies."""
_COUNTRIES = {
    "AU": "Australia 澳大利亚",
    "BR": "Brazil 巴西",
    "CH": "Switzerland 瑞士",
    "CN": "China 中国",
    "GB": "United Kingdom 英国",
    "HK": "Hong Kong 中国香港",
    "KR": "South Korea 韩国",
    "SE": "Sweden 瑞典",
    "US": "United States 美国",
}
_NOT_KNOWN = "not known 未知"

_Held = TypeVar("_Held", bound=Document)


def write_library_page(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the committed page is current.")
    ] = False,
) -> None:
    """Write docs/library.md: what the library that ships holds, counted."""
    page = library_page(read.document for read in seed_documents())
    if LIBRARY_PAGE.exists() and LIBRARY_PAGE.read_text(encoding="utf-8") == page:
        return
    if check:
        raise CannotServe(f"{LIBRARY_PAGE.name} is not what seed_cases holds; run `make schema`.")
    LIBRARY_PAGE.write_text(page, encoding="utf-8")


def library_page(documents: Iterable[Document]) -> str:
    """The page in Markdown. The same documents give the same page, in whatever order they come."""
    held = sorted(documents, key=lambda document: (document.entry, document.slug))
    cases, vocabularies = _of(Case, held), Vocabularies(_of(Vocabulary, held))
    citing = [one for one in held if not isinstance(one, Vocabulary)]
    sections = chain(
        [_OPENING, _entries(held, citing)],
        _cases(cases, vocabularies),
        trust(cases, citing, vocabularies),
        metrics(cases, vocabularies),
        strategies(cases, vocabularies),
        _guides(held, vocabularies),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def _of(kind: type[_Held], documents: Iterable[Document]) -> list[_Held]:
    return [document for document in documents if isinstance(document, kind)]


def _entries(held: Sequence[Document], citing: Sequence[CitingDocument]) -> str:
    cases, procedures, vocabularies = (
        _of(Case, held),
        _of(Procedure, held),
        _of(Vocabulary, held),
    )
    steps = [step for procedure in procedures for step in procedure.steps]
    phrasings = sum(len(one.asked_as.zh_hans) + len(one.asked_as.en) for one in citing)
    rows = [
        ("Cases 案例", len(cases)),
        ("— events in their timelines 时间线", sum(len(case.timeline) for case in cases)),
        ("— statements 声明", sum(len(case.statements) for case in cases)),
        ("— outcomes 结果指标", sum(len(case.outcomes) for case in cases)),
        ("— remedies 补偿", sum(len(case.remedies) for case in cases)),
        ("— lessons 得失", sum(len(case.lessons) for case in cases)),
        ("Procedures 处置流程", len(procedures)),
        ("— steps 步骤", len(steps)),
        ("— clocks 时限", sum(len(step.clocks) for step in steps)),
        ("Methods 方法", len(_of(Method, held))),
        ("Statement templates 声明模板", len(_of(StatementTemplate, held))),
        ("Vocabularies 词表", len(vocabularies)),
        ("— terms 词条", sum(len(vocabulary.terms) for vocabulary in vocabularies)),
        ("Publications cited as sources 来源", len(publications(citing))),
        ("Phrasings of a question 提问说法", phrasings),
    ]
    return f"## Entries 条目\n\n{table(('what', 'n'), rows)}"


def _cases(cases: Sequence[Case], vocabularies: Vocabularies) -> Iterator[str]:
    def by(title: str, set_name: str, codes: Iterable[str]) -> str:
        heads = (title, "cases")
        return count_table(
            f"### By {title}", heads, Counter(codes), labels_of(vocabularies, set_name)
        )

    yield "## Cases 案例"
    yield by("primary crisis type 主要危机类型", "CrisisType", (one.primary_type for one in cases))
    yield by("platform 平台", "Platform", (code for one in cases for code in one.platforms))
    yield "A case may name several platforms, or none of these."
    yield by("industry 行业", "Industry", (one.industry for one in cases))
    countries = Counter(one.country or _NOT_KNOWN for one in cases)
    title = "country or region 国家和地区"
    yield count_table(
        f"### By {title}", (title, "cases"), countries, lambda code: _COUNTRIES.get(code, code)
    )
    years = sorted(Counter(str(one.year or _NOT_KNOWN) for one in cases).items())
    yield "### By year of the first signal 年份"
    yield table(["year", *(year for year, _ in years)], [["cases", *(n for _, n in years)]])
    yield by("provenance 出处", "CaseProvenance", (one.provenance for one in cases))


def _guides(held: Sequence[Document], vocabularies: Vocabularies) -> Iterator[str]:
    yield "## Procedures 处置流程"
    yield table(
        ("procedure", "steps", "clocks"),
        [
            (_named(one), len(one.steps), sum(len(step.clocks) for step in one.steps))
            for one in _of(Procedure, held)
        ],
    )
    methods = _of(Method, held)
    yield "## Methods 方法"
    yield in_one_line(f"{len(methods)} articles", [_named(one) for one in methods])
    kinds = Counter(one.kind.value for one in _of(StatementTemplate, held))
    title = "## Statement templates by kind 声明模板"
    yield count_table(title, ("kind", "templates"), kinds, labels_of(vocabularies, "StatementKind"))


def _named(guide: Procedure | Method) -> str:
    return f"{guide.title.en} {guide.title.zh_hans} `{guide.slug}`"
