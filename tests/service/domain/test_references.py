"""What a document refers to that is not there."""

from collections.abc import Iterable

import pytest

from service.domain.entries import Document, EntryKey, EntryKind, key_of
from service.domain.errors import Problem
from service.domain.files import read_documents, suffix_of, write_document
from service.domain.references import all_citations_in, entries_named_in, problems_in
from service.domain.vocabularies import Vocabularies, Vocabulary
from tests.library import (
    OUTAGE,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_step,
    a_template,
    both,
    small_vocabularies,
)

VOCABULARIES = {v.set: v for v in small_vocabularies() if isinstance(v, Vocabulary)}


def found_in(
    document: Document,
    *,
    entries: Iterable[EntryKey] = (),
    without: str = "",
) -> list[Problem]:
    held = {name: vocabulary for name, vocabulary in VOCABULARIES.items() if name != without}
    text = write_document(document)
    (read,) = read_documents(text.encode(), file=f"one{suffix_of(document)}")
    known = {key_of(document), *entries}
    return list(problems_in(read, vocabularies=Vocabularies(held.values()), entries=known))


def test_a_sound_document_has_no_problem() -> None:
    case = a_case("one", 1, statements=[a_statement("S-1", strategies=["DENY.DENIAL"])])

    assert found_in(case) == []


def test_an_unknown_code_is_named_with_those_near_it() -> None:
    case = a_case("one", 1, primary_type=f"{OUTAGE}S")

    (problem,) = found_in(case)

    assert (problem.file, problem.line, problem.field) == ("one.yaml", 16, "primary_type")
    assert problem.message == (
        f"'{OUTAGE}S' is not a code of CrisisType; allowed are "
        f"{OUTAGE}, PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT and others (8 in all)"
    )


def test_an_unknown_code_like_no_other_is_told_the_first_few() -> None:
    (problem,) = found_in(a_case("one", 1, industry="ZZZ"))

    assert problem.message == (
        "'ZZZ' is not a code of Industry; allowed are OTHER, GAMES and others (2 in all)"
    )


def test_each_unknown_code_is_named_at_its_place() -> None:
    statement = a_statement("S-1", strategies=["DENY.DENIAL", "SHOUT"], platforms=["MYSPACE"])
    case = a_case("one", 1, platforms=["WEIBO", "ICQ"], statements=[statement])

    found = found_in(case)

    assert [problem.field for problem in found] == [
        "platforms.1",
        "statements.0.platforms.0",
        "statements.0.strategies.1",
    ]


def test_a_vocabulary_that_is_not_loaded_is_named() -> None:
    found = found_in(a_template("one"), without="ChannelKind")

    message = "needs the vocabulary ChannelKind, which is not loaded"
    assert [(problem.field, problem.message) for problem in found] == [("channels.0", message)]


def test_a_citation_of_no_source_is_named_with_those_there_are() -> None:
    case = a_case("one", 1, statements=[a_statement("S-1", citations=["S1#p3", "S9#p1"])])

    found = found_in(case)

    message = "cites 'S9', which is no source here; they are S1"
    assert [(problem.field, problem.message) for problem in found] == [
        ("statements.0.citations.1", message)
    ]


def test_a_citation_in_an_article_is_looked_up() -> None:
    text = "See [@S1#T-05] and [@S2]."
    sources = [{"key": "S1", "title": "A book", "reliability": "A"}]
    method = a_method("one", body=both("见 [@S1]", text), sources=sources)

    found = found_in(method)

    message = "cites 'S2', which is no source here; they are S1"
    assert [(problem.field, problem.message) for problem in found] == [("body.en", message)]
    assert [use.citation for use in all_citations_in(method)] == ["S1", "S1#T-05", "S2"]


def test_a_citation_without_any_source_is_named() -> None:
    (problem,) = found_in(a_method("one", body=both("见 [@S1]", "text")))

    assert problem.message == "cites 'S1', which is no source here; they are none"


def test_two_sources_may_not_share_a_key() -> None:
    source = {"key": "S1", "title": "A book", "reliability": "A"}

    found = found_in(a_method("one", sources=[source, {**source, "title": "Another"}]))

    assert [(problem.field, problem.message) for problem in found] == [
        ("sources.1.key", "'S1' names two sources")
    ]


CASE = EntryKey(EntryKind.CASE, "there")
NAMING = [
    (
        "a case links",
        a_case(
            "one",
            1,
            links=[{"relation": "SIMILAR", "case": "there", "reason": both("像", "Alike")}],
        ),
        [(("links", 0, "case"), CASE)],
    ),
    (
        "a method's example",
        a_method("one", example_cases=["there"]),
        [(("example_cases", 0), CASE)],
    ),
    (
        "a template's example",
        a_template("one", example_cases=["there"]),
        [(("example_cases", 0), CASE)],
    ),
    (
        "all a step names",
        a_procedure(
            "one",
            a_step("a"),
            a_step(
                "b", templates=["t"], methods=["m"], procedures=["p"], example_cases=["x", "there"]
            ),
        ),
        [
            (("steps", 1, "templates", 0), EntryKey(EntryKind.STATEMENT_TEMPLATE, "t")),
            (("steps", 1, "methods", 0), EntryKey(EntryKind.METHOD, "m")),
            (("steps", 1, "procedures", 0), EntryKey(EntryKind.PROCEDURE, "p")),
            (("steps", 1, "example_cases", 0), EntryKey(EntryKind.CASE, "x")),
            (("steps", 1, "example_cases", 1), CASE),
        ],
    ),
    ("a vocabulary names none", small_vocabularies()[0], []),
]


@pytest.mark.parametrize(("label", "document", "named"), NAMING)
def test_the_entries_a_document_names_must_be_there(
    label: str, document: Document, named: list[tuple[tuple[str | int, ...], EntryKey]]
) -> None:
    found = list(entries_named_in(document))

    assert found == named
    assert [problem.field for problem in found_in(document)] == [
        ".".join(map(str, path)) for path, _ in named
    ]
    assert found_in(document, entries=[key for _, key in named]) == []


def test_an_entry_that_is_not_there_is_named_with_its_line() -> None:
    found = found_in(a_template("one", example_cases=["gone"]))

    assert [str(problem) for problem in found] == [
        "one.yaml:24: example_cases.0: names CASE:gone, which is not in the library"
    ]
