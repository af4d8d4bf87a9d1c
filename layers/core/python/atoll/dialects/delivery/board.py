"""How products keep their promises: for programs, and as a page without a script."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from html import escape

from pydantic import BaseModel, Field

from atoll.errors import InvalidParameter
from atoll.model.document import Document
from atoll.services.timeliness import Standing, Tally

FIRST_MONTH = "2000-01"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_STYLE = (
    "body{font:1rem sans-serif;margin:2rem}table{border-collapse:collapse}"
    "th,td{padding:.3rem .8rem;text-align:right;border-bottom:1px solid #ccc}"
    "th:first-child,td:first-child{text-align:left}.dataset td:first-child{padding-left:2rem}"
)
HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
}
_HEADINGS = ("", "Due", "In time", "Late", "Missing", "Timeliness", "Median delay", "Worst delay")
_HOUR_S, _MINUTE_S = 3600, 60


class Measures(BaseModel):
    """What became of the deliveries that were due."""

    due: int
    in_time: int
    late: int
    missing: int = Field(description="Due, and not published.")
    timeliness_percent: float | None = Field(description="In time, of those that were due.")
    median_delay_s: float | None = Field(description="Of what was published; negative = before.")
    worst_delay_s: float | None


class DatasetStanding(Measures):
    """How a dataset did."""

    dataset: str


class ProductStanding(Measures):
    """How a product did."""

    product: str
    documents: list[Document] = Field(description="That users should read.")
    datasets: list[DatasetStanding]


class SlaReply(BaseModel):
    """How products kept their promises in a month; by the promises of today."""

    month: str = Field(description="In which deliveries were due, UTC.")
    products: list[ProductStanding]


def parse_board_month(text: str | None, today: date) -> str:
    """A month as `YYYY-MM`; None = this one.

    Raises:
        InvalidParameter: it is none, or has not begun.
    """
    this = f"{today:%Y-%m}"
    month = this if text is None else text
    if not _MONTH.fullmatch(month) or not FIRST_MONTH <= month <= this:
        raise InvalidParameter("month", month, f"a month from {FIRST_MONTH} to {this} is")
    return month


def render_board(month: str, rows: Iterable[Standing]) -> SlaReply:
    """The answer to a program."""
    products: dict[str, list[Standing]] = {}
    for row in rows:
        products.setdefault(row.product.id, []).append(row)
    return SlaReply(
        month=month,
        products=[_product(name, held) for name, held in sorted(products.items())],
    )


def render_page(board: SlaReply) -> str:
    """The same for a person."""
    title = f"Timeliness of deliveries, {board.month}"
    headings = "".join(f"<th>{name}</th>" for name in _HEADINGS)
    body = "\n".join(line for product in board.products for line in _lines(product))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n<table><thead><tr>{headings}</tr></thead><tbody>\n"
        f"{body}\n</tbody></table></body></html>\n"
    )


def _product(name: str, rows: list[Standing]) -> ProductStanding:
    documents = dict.fromkeys(one for row in rows for one in row.product.documents)
    return ProductStanding(
        product=name,
        documents=list(documents),
        datasets=[DatasetStanding(dataset=row.dataset, **_measures(row.tally)) for row in rows],
        **_measures(sum((row.tally for row in rows), start=Tally())),
    )


def _measures(tally: Tally) -> dict[str, int | float | None]:
    share = tally.timeliness
    return {
        "due": tally.due,
        "in_time": tally.in_time,
        "late": tally.late,
        "missing": tally.missing,
        "timeliness_percent": None if share is None else round(100 * share, 1),
        "median_delay_s": tally.median_delay_s,
        "worst_delay_s": tally.worst_delay_s,
    }


def _lines(product: ProductStanding) -> Iterator[str]:
    links = "".join(
        f' <a href="{escape(one.url)}">{escape(one.kind)}</a>' for one in product.documents
    )
    yield f"<tr><td><strong>{escape(product.product)}</strong>{links}</td>{_cells(product)}</tr>"
    for row in product.datasets:
        yield f'<tr class="dataset"><td>{escape(row.dataset)}</td>{_cells(row)}</tr>'


def _cells(row: Measures) -> str:
    percent = "" if row.timeliness_percent is None else f"{row.timeliness_percent} %"
    texts = (
        *(str(count) for count in (row.due, row.in_time, row.late, row.missing)),
        percent,
        _delay(row.median_delay_s),
        _delay(row.worst_delay_s),
    )
    return "".join(f"<td>{text}</td>" for text in texts)


def _delay(delay_s: float | None) -> str:
    if delay_s is None:
        return ""
    minutes = round(abs(delay_s) / _MINUTE_S)
    hours, rest = divmod(minutes, _HOUR_S // _MINUTE_S)
    return f"{'-' if delay_s < 0 and minutes else ''}{hours} h {rest:02} min"
