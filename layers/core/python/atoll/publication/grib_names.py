"""What GRIB's words are in CF: as data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from atoll.model.coverage import Attributes


@dataclass(frozen=True, slots=True)
class LevelType:
    """A vertical axis.

    Attributes:
        units: UDUNITS.
        positive: direction.
        standard_name: CF; empty = CF has none.
    """

    units: str
    positive: str
    standard_name: str = ""


# By eccodes' typeOfLevel. What is not here has no height: surfaces, cloud tops, the sea's level.
LEVEL_TYPES: Mapping[str, LevelType] = {
    "isobaricInhPa": LevelType("hPa", "down", "air_pressure"),
    "isobaricInPa": LevelType("Pa", "down", "air_pressure"),
    "isobaricLayer": LevelType("hPa", "down", "air_pressure"),
    "heightAboveGround": LevelType("m", "up", "height"),
    "heightAboveGroundLayer": LevelType("m", "up", "height"),
    "heightAboveSea": LevelType("m", "up", "height_above_mean_sea_level"),
    "heightAboveSeaLayer": LevelType("m", "up", "height_above_mean_sea_level"),
    "depthBelowLand": LevelType("m", "down", "depth"),
    "depthBelowLandLayer": LevelType("m", "down", "depth"),
    "depthBelowSea": LevelType("m", "down", "depth"),
    "depthBelowSeaLayer": LevelType("m", "down", "depth"),
    "oceanModel": LevelType("1", "down", "model_level_number"),
    "oceanModelLayer": LevelType("1", "down", "model_level_number"),
    "hybrid": LevelType("1", "down", "model_level_number"),
    "hybridLayer": LevelType("1", "down", "model_level_number"),
    "theta": LevelType("K", "up", "air_potential_temperature"),
    "pressureFromGroundLayer": LevelType("Pa", "up"),
    "pressureFromGround": LevelType("Pa", "up"),
    "soilLayer": LevelType("1", "down"),
    "soil": LevelType("1", "down"),
    "snowLayer": LevelType("1", "down"),
}

# CF 7.3, table E.1, by eccodes' stepType.
CELL_METHODS: Mapping[str, str] = {
    "accum": "time: sum",
    "avg": "time: mean",
    "max": "time: maximum",
    "min": "time: minimum",
    "diff": "time: range",
    "sd": "time: standard_deviation",
}

# Components of a vector, where GRIB's resolution flags say that they follow the grid.
ALONG_GRID: Mapping[str, str] = {
    "eastward_wind": "x_wind",
    "northward_wind": "y_wind",
    "eastward_sea_water_velocity": "sea_water_x_velocity",
    "northward_sea_water_velocity": "sea_water_y_velocity",
}

_ONE = frozenset({"~", "(0 - 1)", "Numeric", "numeric", "Proportion", "Fraction", "dimensionless"})
_UNITS: Mapping[str, str] = {"gpm": "m", "deg": "degree", "Degree true": "degree"}
_POWER = re.compile(r"\*\*")


def units_of(words: str) -> str:
    """UDUNITS of eccodes' units; those that tell a code table, or nothing, are 1.

    Examples:
        >>> units_of("m**2 s**-2"), units_of("(0 - 1)"), units_of("(Code table 4.222)")
        ('m2 s-2', '1', '1')
    """
    if words in _ONE or words == "unknown" or words.startswith("("):
        return "1"
    return _UNITS.get(words, _POWER.sub("", words))


def level_attributes(level_type: str) -> Attributes:
    """Of a vertical coordinate."""
    known = LEVEL_TYPES.get(level_type, LevelType("1", "up"))
    attributes: Attributes = {"long_name": level_type, "units": known.units}
    if known.standard_name:
        attributes["standard_name"] = known.standard_name
    return {**attributes, "positive": known.positive}
