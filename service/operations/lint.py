"""Checking a draft statement before it goes out."""

import asyncio

from service.domain.access import Actor, Permission
from service.domain.lint.drafts import Draft
from service.domain.lint.findings import Lint
from service.domain.lint.rules import shipped_rules
from service.domain.lint.statements import lint_statement
from service.footprints import traced


@traced
async def lint_draft(actor: Actor, draft: Draft) -> Lint:
    """What is wrong with a draft. Nothing of it is kept."""
    actor.require(Permission.READ)
    # A long draft takes about a second, and other requests go on meanwhile.
    return await asyncio.to_thread(lambda: lint_statement(draft, shipped_rules()))
