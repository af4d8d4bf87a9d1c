"""A map of a result, to look at."""

from pathlib import Path

import matplotlib as mpl
import netCDF4
import numpy as np

mpl.use("Agg")

from matplotlib import pyplot as plt

type Variable = netCDF4.Variable[np.dtype[np.generic]]


def draw_maps(source: Path, target: Path) -> None:
    """Draw every data variable at its first level, one map above the other."""
    with netCDF4.Dataset(source) as file:
        longitude = _by_standard_name(file, "longitude")
        latitude = _by_standard_name(file, "latitude")
        drawn = [
            v
            for v in file.variables.values()
            if v.dimensions[-2:] == (latitude.name, longitude.name)
        ]
        figure, panels = plt.subplots(
            len(drawn), figsize=(7.5, 4.4 * len(drawn)), squeeze=False, layout="constrained"
        )
        for (panel,), variable in zip(panels, drawn, strict=True):
            values = variable[(0,) * (variable.ndim - 2)]
            mesh = panel.pcolormesh(longitude[:], latitude[:], values, shading="nearest")
            figure.colorbar(mesh, label=getattr(variable, "units", ""))
            panel.set(
                title=f"{variable.standard_name}, first level",
                xlabel="degrees east",
                ylabel="degrees north",
                aspect=1.5,
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, dpi=110)
        plt.close(figure)


def _by_standard_name(file: netCDF4.Dataset, name: str) -> Variable:
    (found,) = file.get_variables_by_attributes(standard_name=name)
    return found
