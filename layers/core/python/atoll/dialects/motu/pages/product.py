"""listproductmetadata: a dataset to a person."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from atoll.dialects.motu.axes import axis_elements
from atoll.dialects.motu.levels import MOST_LEVELS, levels_of
from atoll.dialects.motu.pages.html import Content, facts, link, page, table, tag
from atoll.dialects.motu.periods import periods_text
from atoll.dialects.motu.times import shown_ends
from atoll.dialects.motu.words import data_variables, service_of, word
from atoll.model.coverage import Coverage, Variable

_AXES = {
    "Axis": "name",
    "Type": "axisType",
    "Units": "units",
    "From": "lower",
    "To": "upper",
    "Step": "step",
}
_VARIABLES = ("Variable", "Standard name", "Long name", "Units", "Dimensions")


def render_product_page(coverage: Coverage) -> str:
    """The page."""
    service = service_of(coverage)
    order = link(
        "Download", action="productdownloadhome", service=service, product=coverage.dataset
    )
    return page(
        f"Motu | {coverage.dataset}",
        tag("h1", coverage.title or coverage.dataset),
        tag("p", order),
        facts(
            {
                "Service": service,
                "Product": coverage.dataset,
                "Last update": coverage.updated_at,
                "Revision": coverage.revision,
                "Licence": coverage.licence,
                "Time coverage": " - ".join(shown_ends(coverage)),
            }
        ),
        tag("h2", "Variables"),
        table(_VARIABLES, map(_variable, data_variables(coverage))),
        tag("h2", "Axes"),
        table(tuple(_AXES), map(_axis, axis_elements(coverage))),
        *_section("Times", _times(coverage)),
        *_section("Depths", _depths(coverage)),
    )


def _variable(variable: Variable) -> tuple[str, ...]:
    return (
        variable.name,
        variable.standard_name or "-",
        word(variable.attributes, "long_name") or "-",
        word(variable.attributes, "units") or "-",
        ", ".join(variable.dimensions),
    )


def _axis(axis: Element) -> tuple[str, ...]:
    return tuple(axis.get(key) or "-" for key in _AXES.values())


def _times(coverage: Coverage) -> str:
    axis = coverage.axis_of("T")
    return "" if axis is None else periods_text(axis)


def _depths(coverage: Coverage) -> str:
    axis = coverage.axis_of("Z")
    if axis is None or axis.size > MOST_LEVELS:
        return ""
    levels = levels_of(axis)
    return f"{'; '.join(map(levels.text, levels.values))} {levels.units}"


def _section(heading: str, text: str) -> Iterable[Content]:
    return (tag("h2", heading), tag("p", text)) if text else ()
