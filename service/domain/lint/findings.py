"""What a check of a draft answers: findings, rules left undecided, and whether it may go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.lint.drafts import ContextField
from service.domain.mapped_texts import Span
from service.domain.values import Bilingual

_SHOWN_MOST = 80


class Severity(StrEnum):
    """How much a finding weighs: BLOCK has to be cleared before publication."""

    INFO = "INFO"
    WARN = "WARN"
    BLOCK = "BLOCK"


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where a rule is broken, or none where something is missing.

    `details` fill the gaps of the rule's message; `severity` stands where the place decides it.
    """

    rule: str
    span: Span | None = None
    details: Mapping[str, Bilingual] = field(default_factory=dict)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: where in the text as given, what is wrong here, and what would be right."""

    rule: str
    severity: Severity
    span: Span | None
    excerpt: str | None
    message: Bilingual
    fix: Bilingual


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule that cannot be decided, and the context it would need."""

    rule: str
    needs: tuple[ContextField, ...]


@dataclass(frozen=True, slots=True)
class Lint:
    """The whole check. Findings stand in the order of the text, those without a place last.

    `is_truncated` says that a rule is broken in more places than are shown.
    """

    findings: tuple[Finding, ...]
    is_truncated: bool
    undecided: tuple[Undecided, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing found has to be cleared before publication."""
        return all(finding.severity is not Severity.BLOCK for finding in self.findings)


def quotable(text: str) -> Bilingual:
    """A text made short and plain enough to stand in a message."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(plain.split())
    return Bilingual.same(line if len(line) <= _SHOWN_MOST else f"{line[:_SHOWN_MOST].rstrip()}…")
