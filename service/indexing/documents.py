"""Documents of the library as documents of the search index, all their text prepared.

An entry becomes one search document or several: a case also gives one for each of its statements,
a procedure one for each step. A vocabulary is not looked up by itself and gives none.
"""

import re

from search.protocol import METHOD, PROCEDURE_STEP, STATEMENT_TEMPLATE, SearchDocument
from service.domain.cases import Case
from service.domain.entries import Document, codes_in, key_of
from service.domain.findings import document_id
from service.domain.methods import Method
from service.domain.procedures import Procedure, ProcedureStep
from service.domain.templates import SLOT, StatementTemplate
from service.domain.text import prepare
from service.domain.vocabularies import Vocabulary
from service.indexing.cases import case_documents
from service.indexing.fields import asked, facets, languages, spoken, texts, with_ancestors
from service.indexing.terms import TermLookup

_CITATION = re.compile(r"\[@[^\]\s]+\]")


def documents_of(
    document: Document, *, revision: int, terms: TermLookup
) -> tuple[SearchDocument, ...]:
    """What the index holds of a document published at a revision of the library."""
    match document:
        case Case():
            return case_documents(document, revision=revision, terms=terms)
        case Method():
            return (_of_method(document, revision, terms),)
        case Procedure():
            return tuple(_of_step(document, step, revision, terms) for step in document.steps)
        case StatementTemplate():
            return (_of_template(document, revision, terms),)
        case Vocabulary():
            return ()


def _of_method(method: Method, revision: int, terms: TermLookup) -> SearchDocument:
    body = (_CITATION.sub("", text) for text in languages(method.body))
    return SearchDocument(
        id=document_id(METHOD, method.slug),
        kind=METHOD,
        entry=str(key_of(method)),
        revision=revision,
        texts=texts(
            title=spoken(method.title),
            asked_as=asked(method.asked_as),
            labels=terms.of_uses(codes_in(method)),
            summary=spoken(method.summary),
            body=map(prepare, body),
        ),
        facets=facets(
            crisis_types=with_ancestors(method.crisis_types),
            strategies=with_ancestors(method.strategies),
            phase=method.phases,
            sharing=(method.sharing,),
        ),
    )


def _of_step(
    procedure: Procedure, step: ProcedureStep, revision: int, terms: TermLookup
) -> SearchDocument:
    uses = (use for use in codes_in(procedure) if use.item in ("", step.key))
    return SearchDocument(
        id=document_id(PROCEDURE_STEP, procedure.slug, step.key),
        kind=PROCEDURE_STEP,
        entry=str(key_of(procedure)),
        revision=revision,
        texts=texts(
            title=spoken(step.title, procedure.title),
            asked_as=asked(procedure.asked_as),
            labels=terms.of_uses(uses),
            summary=spoken(*step.do),
            body=spoken(*step.do_not, step.note, procedure.summary),
        ),
        facets=facets(
            crisis_types=with_ancestors(procedure.crisis_types),
            level=step.levels,
            phase=(step.phase,),
            channel=step.channels,
            sharing=(procedure.sharing,),
        ),
    )


def _of_template(template: StatementTemplate, revision: int, terms: TermLookup) -> SearchDocument:
    # What a template must not be used for would make it answer just those situations.
    return SearchDocument(
        id=document_id(STATEMENT_TEMPLATE, template.slug),
        kind=STATEMENT_TEMPLATE,
        entry=str(key_of(template)),
        revision=revision,
        texts=texts(
            title=spoken(template.title),
            asked_as=asked(template.asked_as),
            labels=terms.of_uses(codes_in(template)),
            summary=spoken(template.summary, *template.use_when),
            body=(prepare(SLOT.sub(" ", text)) for text in languages(template.body)),
        ),
        facets=facets(
            crisis_types=with_ancestors(template.crisis_types),
            strategies=with_ancestors(template.strategies),
            statement_kind=(template.kind,),
            channel=template.channels,
            phase=template.phases,
            sharing=(template.sharing,),
        ),
    )
