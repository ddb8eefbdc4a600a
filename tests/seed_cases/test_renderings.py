"""The templates that ship can be filled with the examples they give."""

from service.domain.renderings import Rendering, SlotValue, rendered
from service.domain.templates import StatementTemplate


def test_every_template_is_filled_by_its_own_examples(
    templates: tuple[StatementTemplate, ...],
) -> None:
    for template in templates:
        for language in ("zh_hans", "en"):
            values = [
                SlotValue(slot.name, getattr(slot.example, language), slot.must_be_confirmed)
                for slot in template.slots
            ]

            found = rendered(template, body=getattr(template.body, language), values=values)

            assert isinstance(found, Rendering), template.slug
            assert found.left_out == (), template.slug
            assert "{" not in found.text, template.slug


def test_every_template_reads_on_without_its_optional_slots(
    templates: tuple[StatementTemplate, ...],
) -> None:
    for template in templates:
        for language in ("zh_hans", "en"):
            values = [
                SlotValue(slot.name, "X", confirmed=True)
                for slot in template.slots
                if slot.required
            ]
            body = getattr(template.body, language)

            found = rendered(template, body=body, values=values)

            assert isinstance(found, Rendering), template.slug
            optional = [slot.name for slot in template.slots if not slot.required]
            assert found.left_out == tuple(optional), template.slug
            assert found.text.count("\n") <= body.count("\n") - len(optional), template.slug
