"""How CF tells what an axis is (CF 1.11 chapter 4), as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

type AxisRole = Literal["X", "Y", "Z", "T"]


@dataclass(frozen=True, slots=True)
class Criteria:
    """A coordinate variable plays the role if it has no `axis` and any of these holds.

    Attributes:
        standard_names: CF standard names that only such an axis has.
        units: spelled as CF lists them, compared without case.
        units_like: a part of the units' text.
        positive: the attribute `positive` is present: a vertical axis (CF 4.3).
    """

    standard_names: frozenset[str]
    units: frozenset[str] = frozenset()
    units_like: str | None = None
    positive: bool = False


# Between a unit and its origin: only times are told so (CF 4.4).
SINCE = " since "
LONGITUDE_UNITS = frozenset(
    {"degrees_east", "degree_east", "degree_e", "degrees_e", "degreee", "degreese"}
)
LATITUDE_UNITS = frozenset(
    {"degrees_north", "degree_north", "degree_n", "degrees_n", "degreen", "degreesn"}
)

CRITERIA: Mapping[AxisRole, Criteria] = {
    "X": Criteria(
        standard_names=frozenset(
            {"longitude", "grid_longitude", "projection_x_coordinate",
             "projection_x_angular_coordinate"}
        ),
        units=LONGITUDE_UNITS,
    ),
    "Y": Criteria(
        standard_names=frozenset(
            {"latitude", "grid_latitude", "projection_y_coordinate",
             "projection_y_angular_coordinate"}
        ),
        units=LATITUDE_UNITS,
    ),
    "Z": Criteria(
        standard_names=frozenset(
            {"depth", "height", "altitude", "air_pressure", "sea_water_pressure",
             "height_above_mean_sea_level", "height_above_reference_ellipsoid",
             "height_above_geopotential_datum", "depth_below_geoid", "model_level_number",
             "atmosphere_hybrid_sigma_pressure_coordinate", "atmosphere_sigma_coordinate",
             "atmosphere_ln_pressure_coordinate", "atmosphere_hybrid_height_coordinate",
             "ocean_sigma_coordinate", "ocean_s_coordinate", "ocean_s_coordinate_g1",
             "ocean_s_coordinate_g2", "ocean_sigma_z_coordinate", "ocean_double_sigma_coordinate"}
        ),
        units=frozenset(
            {"bar", "millibar", "mbar", "decibar", "dbar", "atm", "pa", "hpa", "pascal",
             "layer", "level", "sigma_level"}
        ),
        positive=True,
    ),
    "T": Criteria(standard_names=frozenset({"time"}), units_like=SINCE),
}  # fmt: skip
