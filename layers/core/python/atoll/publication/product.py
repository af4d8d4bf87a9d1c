"""The operator's word on a dataset: what its files lack, and how they become CF."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field as Setting
from pydantic import ValidationError

from atoll.errors import InvalidParameter
from atoll.model.coverage import Attribute, Role
from atoll.model.value import Value

type LayoutName = Literal["geo", "time"]


class TimeSettings(Value):
    """The T axis.

    Attributes:
        variable: which one it is where a file has several, by the file's name for it.
        calendar: CF name; where the file tells none or the wrong one.
        climatology: its numbers stand for every year and are shown as they are.
    """

    variable: str | None = None
    calendar: str | None = None
    climatology: bool = False


class Product(Value):
    """Settings of one product. Names are those after `names` has been applied, but where told.

    Attributes:
        id: of the product.
        title, licence: shown to users.
        profiles: who may order; None = public, everyone who has signed in.
        names: name in the file -> name in the dataset, of dimensions and of variables.
        attributes: variable -> attribute -> value; None takes the attribute away.
        global_attributes: attribute -> value; None takes it away.
        fill_values: variable -> the number that stands for "no value" in the dataset.
        missing_values: variable -> numbers in the file that mean the same, besides NaN and
            what the file's `_FillValue` and `missing_value` tell.
        packing: variable -> `keep` (as stored, the default) or `decode` (physical values, for
            files that are packed differently from one another).
        roles: dimension -> role, where the file leaves doubt.
        time: the T axis.
        chunks: layout -> dimension -> nodes in a chunk, instead of the rule's.
        drop: variables and groups of the file, by the file's names, that are not published.
    """

    id: str = Setting(pattern=r"^[A-Za-z0-9._-]+$")
    title: str
    licence: str
    profiles: tuple[str, ...] | None = None
    names: dict[str, str] = Setting(default_factory=dict)
    attributes: dict[str, dict[str, Attribute | None]] = Setting(default_factory=dict)
    global_attributes: dict[str, Attribute | None] = Setting(default_factory=dict)
    fill_values: dict[str, float] = Setting(default_factory=dict)
    missing_values: dict[str, tuple[float, ...]] = Setting(default_factory=dict)
    packing: dict[str, Literal["keep", "decode"]] = Setting(default_factory=dict)
    roles: dict[str, Role] = Setting(default_factory=dict)
    time: TimeSettings = TimeSettings()
    chunks: dict[LayoutName, dict[str, Annotated[int, Setting(ge=1)]]] = Setting(
        default_factory=dict
    )
    drop: tuple[str, ...] = ()


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
