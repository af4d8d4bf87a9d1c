"""describeproduct: everything a client asks about a dataset before it orders."""

from xml.etree.ElementTree import Element

from atoll.dialects.motu.axes import axis_elements, step_of
from atoll.dialects.motu.levels import MOST_LEVELS, levels_of, plain
from atoll.dialects.motu.periods import periods_text
from atoll.dialects.motu.times import time_ends
from atoll.dialects.motu.words import FINE, data_variables, described, word
from atoll.dialects.motu.xml import document, element
from atoll.model.coverage import Attribute, Coverage, Variable
from atoll.planning.bounds import geographic_bounds
from atoll.planning.ticks import step_duration

# Characters: a history of many years is longer than all else that is told.
LONGEST_PROPERTY = 4_000


def render_product(coverage: Coverage, url: str) -> str:
    """The document `productMetadataInfo`.

    Parts that a dataset has nothing for are left out. Attributes of variables and axes are there
    always, if need be empty: clients look them up by name.

    Args:
        coverage: the dataset.
        url: where it is ordered.
    """
    root = {
        "id": coverage.dataset,
        "title": coverage.title,
        "url": url,
        "lastUpdate": coverage.updated_at or "Not Available",
    }
    parts = [
        *_times(coverage),
        *_depths(coverage),
        _geospatial(coverage),
        _vocabulary(coverage),
        element("variables", FINE, *map(_variable, data_variables(coverage))),
        *_properties(coverage),
        element("dataGeospatialCoverage", FINE, *axis_elements(coverage)),
    ]
    return document(element("productMetadataInfo", root | FINE, *parts))


def _times(coverage: Coverage) -> list[Element]:
    axis = coverage.axis_of("T")
    if axis is None or not axis.size:
        return []
    start, end = time_ends(coverage)
    ends = {"start": start, "end": end, "timeResolution": step_duration(axis)}
    return [
        element("timeCoverage", FINE | ends),
        element("availableTimes", FINE, text=periods_text(axis)),
    ]


def _depths(coverage: Coverage) -> list[Element]:
    axis = coverage.axis_of("Z")
    if axis is None or not 0 < axis.size <= MOST_LEVELS:
        return []
    levels = levels_of(axis)
    return [element("availableDepths", FINE, text=";".join(map(levels.text, levels.values)))]


def _geospatial(coverage: Coverage) -> Element:
    """Extents by compass; what the dataset does not tell is left out."""
    told: dict[str, str | None] = {}
    lon, lat = geographic_bounds(coverage)
    if lat is not None:
        told |= {"north": plain(lat.upper), "south": plain(lat.lower)}
    if lon is not None:
        told |= {"east": plain(lon.upper), "west": plain(lon.lower)}
    for way, bounds in (("northSouth", lat), ("eastWest", lon)):
        axis = None if bounds is None else coverage.axis_by_name.get(bounds.name)
        if axis is not None and (step := step_of(axis)) is not None:
            told |= {f"{way}Resolution": step, f"{way}Units": axis.units}
    return element("geospatialCoverage", FINE | told | _vertical(coverage))


def _vertical(coverage: Coverage) -> dict[str, str | None]:
    axis = coverage.axis_of("Z")
    levels = None if axis is None else levels_of(axis)
    if levels is None or levels.ends is None:
        return {}
    shallowest, deepest = levels.ends
    return {
        "depthMin": shallowest,
        "depthMax": deepest,
        "depthResolution": None if levels.step is None else levels.text(levels.step),
        "depthUnits": levels.units,
    }


def _vocabulary(coverage: Coverage) -> Element:
    """The variables that CF has a name for."""
    named = [
        element(
            "variableVocabulary",
            FINE
            | {
                "name": variable.name,
                "vocabularyName": variable.standard_name,
                "units": word(variable.attributes, "units"),
            },
            text=described(variable.name, variable.attributes),
        )
        for variable in data_variables(coverage)
        if variable.standard_name
    ]
    return element("variablesVocabulary", FINE | {"vocabulary": "CF-1.0"}, *named)


def _variable(variable: Variable) -> Element:
    attributes = variable.attributes
    return element(
        "variable",
        FINE
        | {
            "name": variable.name,
            "standardName": variable.standard_name or "",
            "longName": word(attributes, "long_name"),
            "units": word(attributes, "units"),
            "description": described(variable.name, attributes),
        },
    )


def _properties(coverage: Coverage) -> list[Element]:
    """The attributes of the source, by name."""
    given = sorted(coverage.attributes.items())
    told = [element("property", FINE | {"name": key, "value": _text(v)}) for key, v in given]
    return [element("properties", FINE, *told)] if told else []


def _text(value: Attribute) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_PROPERTY else f"{text[:LONGEST_PROPERTY]}..."
