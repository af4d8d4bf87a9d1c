"""Records whose every text can be written, in XML too: a unit's sources tell what they like."""

from atoll.dialects.characters import writable
from atoll.model.record import Record


def writable_record(record: Record) -> Record:
    """The record, its texts as `writable` has them."""
    return Record.model_validate(_written(record.model_dump()))


def _written(value: object) -> object:
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {key: _written(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_written(part) for part in value)
    return value
