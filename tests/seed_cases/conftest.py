"""The seed library by kind, for all the tests that hold it to its rules."""

import pytest

from service.domain.cases import Case
from service.domain.entries import Document
from service.domain.methods import Method
from service.domain.procedures import Procedure
from service.domain.templates import StatementTemplate


@pytest.fixture(scope="session")
def documents(seed_library: tuple[Document, ...]) -> tuple[Document, ...]:
    """Every document of the seed library."""
    return seed_library


@pytest.fixture(scope="session")
def cases(documents: tuple[Document, ...]) -> tuple[Case, ...]:
    """Its cases."""
    return tuple(document for document in documents if isinstance(document, Case))


@pytest.fixture(scope="session")
def procedures(documents: tuple[Document, ...]) -> tuple[Procedure, ...]:
    """Its procedures."""
    return tuple(document for document in documents if isinstance(document, Procedure))


@pytest.fixture(scope="session")
def methods(documents: tuple[Document, ...]) -> tuple[Method, ...]:
    """Its methods."""
    return tuple(document for document in documents if isinstance(document, Method))


@pytest.fixture(scope="session")
def templates(documents: tuple[Document, ...]) -> tuple[StatementTemplate, ...]:
    """Its statement templates."""
    return tuple(document for document in documents if isinstance(document, StatementTemplate))
