"""The order inputs: by which field a listing runs, and which way."""

from enum import StrEnum

import strawberry

from schema.enums import OrderDirection
from service.domain.conditions import Order


@strawberry.enum(description="What cases are ordered by.")
class CaseOrderField(StrEnum):
    """What cases are ordered by."""

    NUMBER = "number"
    YEAR = "year"
    HOURS_TO_FIRST_STATEMENT = "first_statement_hours"


@strawberry.input(description="How cases are ordered; what is unknown comes last.")
class CaseOrder:
    """How cases are ordered."""

    field: CaseOrderField = CaseOrderField.NUMBER
    direction: OrderDirection = OrderDirection.ASC


@strawberry.enum(description="What statements are ordered by.")
class StatementOrderField(StrEnum):
    """What statements are ordered by."""

    CASE_NUMBER = "case_number"
    OFFSET_HOURS = "offset_hours"


@strawberry.input(description="How statements are ordered; what is unknown comes last.")
class StatementOrder:
    """How statements are ordered."""

    field: StatementOrderField = StatementOrderField.CASE_NUMBER
    direction: OrderDirection = OrderDirection.ASC


@strawberry.enum(description="What outcome metrics are ordered by.")
class OutcomeMetricOrderField(StrEnum):
    """What outcome metrics are ordered by."""

    CASE_NUMBER = "case_number"
    VALUE = "value"


@strawberry.input(description="How outcome metrics are ordered; what is unknown comes last.")
class OutcomeMetricOrder:
    """How outcome metrics are ordered."""

    field: OutcomeMetricOrderField = OutcomeMetricOrderField.CASE_NUMBER
    direction: OrderDirection = OrderDirection.ASC


def order_of(given: CaseOrder | StatementOrder | OutcomeMetricOrder) -> Order:
    """An order input as an order."""
    return Order(given.field.value, descending=given.direction is OrderDirection.DESC)
