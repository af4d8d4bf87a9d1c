"""Attributes as text, for formats whose metadata are text alone."""

import json

import numpy as np

from atoll.extraction.netcdf_file import AttributeValue


def as_text(value: AttributeValue) -> str:
    """An attribute as text; what is not text, as JSON."""
    if isinstance(value, str):
        return value
    items = value if isinstance(value, list) else value.tolist()
    return json.dumps(items[0] if np.size(items) == 1 else items, ensure_ascii=False)
