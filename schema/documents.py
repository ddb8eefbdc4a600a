"""Documents that were found valid once: clients send the same few again and again."""

from collections import OrderedDict
from collections.abc import Iterator

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

from schema.validation import untie
from service.footprints import current_footprint

DOCUMENTS_MOST = 200
LENGTH_MOST = 20_000


class ValidDocuments:
    """The valid documents read last, by their text. Only valid ones: a refusal is never shared."""

    def __init__(self, *, most: int = DOCUMENTS_MOST) -> None:
        self._most = most
        self._held: OrderedDict[str, DocumentNode] = OrderedDict()

    def find(self, text: str) -> DocumentNode | None:
        """The document of this text, if it is still held."""
        found = self._held.get(text)
        if found is not None:
            self._held.move_to_end(text)
        return found

    def keep(self, text: str, document: DocumentNode) -> None:
        """Hold a valid document of usual length, and forget the one not read for longest."""
        if len(text) > LENGTH_MOST:
            return
        self._held[text] = document
        self._held.move_to_end(text)
        while len(self._held) > self._most:
            self._held.popitem(last=False)


class DocumentReuse(SchemaExtension):
    """Spares a document that is known to be valid from being parsed and validated again."""

    def __init__(self, known: ValidDocuments) -> None:
        self._known = known
        self._found: DocumentNode | None = None

    def on_parse(self) -> Iterator[None]:
        """Take a known document in the place of its text."""
        context = self.execution_context
        if context.query is not None:
            self._found = self._known.find(context.query)
        if self._found is not None:
            context.graphql_document = self._found
        if (footprint := current_footprint()) is not None:
            footprint.document_known = self._found is not None
        yield
        if self._found is None and context.graphql_document is not None:
            untie(context.graphql_document)

    def on_validate(self) -> Iterator[None]:
        """Skip the validation of a known document; remember one that has just passed."""
        context = self.execution_context
        if self._found is not None:
            context.pre_execution_errors = []
            yield
            _note_valid()
            return
        yield
        document = context.graphql_document
        if context.query is not None and document is not None and not context.pre_execution_errors:
            self._known.keep(context.query, document)
            _note_valid()


def _note_valid() -> None:
    if (footprint := current_footprint()) is not None:
        footprint.document_valid = True
