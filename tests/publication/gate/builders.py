"""Deliveries for the gate, looked at without another process."""

import netCDF4
import numpy as np

from atoll.model.delivery import Finding
from atoll.publication.gate.events import Limits
from atoll.publication.gate.inspection import inspect
from tests.publication.builders import Grid, plain, steps

NAN = {"_FillValue": np.float32("nan"), "long_name": "temperature"}


def look(files, product=None, layers=("file", "structure", "values"), **limits):
    """Findings of these layers, each as `file variable attribute: problem`."""
    return [shown(event) for event in found(files, product or plain(), **limits)
            if event.check in layers]  # fmt: skip


def found(files, product, **limits):
    """All findings."""
    labelled = {path.name: path for path in files}
    events = inspect(labelled, product, Limits(**limits))
    return [event for event in events if isinstance(event, Finding)]


def errors(findings):
    """Those that reject."""
    return [shown(each) for each in findings if each.severity == "error"]


def shown(finding):
    about = " ".join(word for word in (finding.file, finding.variable, finding.attribute) if word)
    return f"{about}: {finding.problem}"


def good(path, first=0, count=2, **attributes):
    """A file that nothing is wrong with."""
    grid = Grid(steps(count), range(first, first + count), attributes={**NAN, **attributes})
    return grid.write(path)


def edited(path, **changes):
    """The file with attributes of its variables set: `t2m={"units": "K"}`."""
    with netCDF4.Dataset(path, "a") as dataset:
        for name, attributes in changes.items():
            dataset[name].setncatts(attributes)
    return path
