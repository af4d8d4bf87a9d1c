"""From a file to a federation, and the name of each faulty key."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from stacks.config.federation import Federation


class ConfigError(Exception):
    """The federation file cannot be used; the message names each faulty key."""


def parse_federation(text: str, origin: str = "federation") -> Federation:
    """Read a federation.

    Raises:
        ConfigError: naming `origin`, each faulty key, its value and what would be accepted.
    """
    try:
        return Federation.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigError(f"{origin}: not YAML: {error}") from error
    except ValidationError as error:
        raise ConfigError("\n".join(_lines(origin, error))) from error


def load_federation(path: Path) -> Federation:
    """Read the federation in a file.

    Raises:
        ConfigError: the file is missing, or as in `parse_federation`.
    """
    try:
        return parse_federation(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def _lines(origin: str, error: ValidationError) -> list[str]:
    """Say each fault as `file: units.0.limits.small_bytes: message (here: value)`."""
    faults = error.errors(include_url=False)
    keys = [fault["loc"] for fault in faults]
    return [
        f"{origin}: {'.'.join(map(str, key)) or 'federation'}: "
        f"{fault['msg'].removeprefix('Value error, ')} (here: {fault['input']!r:.80})"
        for key, fault in zip(keys, faults, strict=True)
        # A list whose only item is at fault is said to be empty too, which it is not.
        if not any(other[: len(key)] == key and other != key for other in keys)
    ]
