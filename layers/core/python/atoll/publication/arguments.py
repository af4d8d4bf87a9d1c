"""The words of `atoll publish`. Nothing is opened and no environment is read here."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from atoll.model.value import Value


class Arguments(Value):
    """What `atoll publish` was told.

    Attributes:
        files: CF NetCDF files of one delivery.
        dataset: id.
        product: the product file.
        data_bucket: name of the bucket; None = the environment's.
        datasets_table: name of the table; None = the environment's.
    """

    files: tuple[Path, ...]
    dataset: str
    product: Path
    data_bucket: str | None = None
    datasets_table: str | None = None


def parse(argv: Sequence[str]) -> Arguments:
    """Understand the words after `atoll publish`.

    Raises:
        SystemExit: 2 for words that cannot be understood (a usage line is on stderr), 0 after
            `--help`.
    """
    parser = argparse.ArgumentParser(
        prog="atoll publish",
        description="Publish CF NetCDF files, one or several along time, as one delivery.",
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--dataset", required=True, metavar="ID", help="lower-case [a-z0-9._-]")
    parser.add_argument("--product", required=True, type=Path, metavar="PRODUCT.yaml")
    parser.add_argument("--data-bucket", metavar="NAME", help="default: the environment's")
    parser.add_argument("--datasets-table", metavar="NAME", help="default: the environment's")
    return Arguments.model_validate(vars(parser.parse_args(argv)))
