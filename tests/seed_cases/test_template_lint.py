"""The templates that ship, filled with their own examples, pass the rules they say they pass."""

from service.domain.lint.drafts import Draft
from service.domain.lint.findings import Severity
from service.domain.lint.rules import shipped_rules
from service.domain.lint.statements import lint_statement
from service.domain.templates import StatementTemplate


def _filled(template: StatementTemplate, language: str) -> str:
    text: str = getattr(template.body, language)
    for slot in template.slots:
        text = text.replace(f"{{{slot.name}}}", getattr(slot.example, language))
    return text


def _found(templates: tuple[StatementTemplate, ...]) -> list[tuple[str, str, str, Severity]]:
    return [
        (template.slug, language, finding.rule, finding.severity)
        for template in templates
        for language in ("zh_hans", "en")
        for finding in lint_statement(
            Draft(_filled(template, language), template.kind), shipped_rules()
        ).findings
        if finding.rule in template.rules
    ]


def test_no_template_breaks_a_rule_of_its_own(
    templates: tuple[StatementTemplate, ...],
) -> None:
    assert _found(templates) == []
