"""Reads the operator's word on a dataset."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from atoll.errors import InvalidParameter
from atoll.model.product import Product


def load_product(path: Path) -> Product:
    """Read a product file (YAML).

    Raises:
        InvalidParameter: there is none, it is not YAML, or a key or value is not accepted; the
            message names the file and the key.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidParameter("--product", str(path), "a YAML file is needed") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise InvalidParameter("--product", str(path), f"YAML is needed: {reason}") from error
    if not isinstance(document, dict):
        raise InvalidParameter(
            "--product", str(path), "a mapping with id, title, licence is needed"
        )
    try:
        return Product.model_validate(document)
    except ValidationError as error:
        told = error.errors()[0]
        key = ".".join(str(part) for part in told["loc"])
        raise InvalidParameter(
            f"{path.name}: {key}", told["input"], f"{told['msg']}; see the keys of a product file"
        ) from error
