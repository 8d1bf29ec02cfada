"""Words of the audit trail in the reader's language."""

from django import template

from jiuzhu.channels.kit import wording
from jiuzhu.channels.workbench.audit import wording as trail
from jiuzhu.groundwork.audit.queries import BlockView, FieldChange

register = template.Library()


@register.filter
def content_name(block: BlockView) -> str:
    """What was changed."""
    return trail.table_name(block.table, block.table_label)


@register.filter
def operation_word(block: BlockView) -> str:
    """What was done to it."""
    return wording.operation_name(block.operation)


@register.filter
def column_name(field: FieldChange) -> str:
    """Which field was changed."""
    return trail.column_name(field.name, field.label)


@register.simple_tag
def shown(table: str, field: FieldChange, value: str) -> str:
    """A stored value of a table's field as people write it."""
    return trail.shown(table, field.name, value) or "—"
