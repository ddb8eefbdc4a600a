"""The enums of risk hold exactly the codes of their vocabularies."""

from enum import StrEnum

import pytest

from service.domain.codes import NationalSeverity, RiskCriterion, RiskDimension, SpreaderTier
from service.domain.entries import Document
from service.domain.vocabularies import Vocabulary


@pytest.mark.parametrize("held", [NationalSeverity, RiskCriterion, RiskDimension, SpreaderTier])
def test_an_enum_of_risk_is_its_vocabulary(
    held: type[StrEnum], documents: tuple[Document, ...]
) -> None:
    sets = {one.set: one for one in documents if isinstance(one, Vocabulary)}

    assert [code.value for code in held] == list(sets[held.__name__].by_code)
