"""Long tables hold the rows that xarray and pandas make of the NetCDF result of the same order."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.interoperability.cases import CASES

# xarray decodes it; in a table a time that is no axis stays the number that its units explain.
STAYS_A_NUMBER = ["forecast_reference_time"]
READERS = {"csv": pd.read_csv, "parquet": pd.read_parquet}
ANY_CALENDAR = xr.coders.CFDatetimeCoder(use_cftime=True)


def ordered(table, dimensions):
    """Sorted by place, moments as text: some calendars have no other form in a table."""
    if "time" in table:
        texts = [each if isinstance(each, str) else each.isoformat() for each in table["time"]]
        table = table.assign(time=[text.removesuffix("Z")[:19] for text in texts])
    return table.sort_values(dimensions)


def expected_table(shop, case):
    """Places and times as xarray reads them, values of the source; rows with data only."""
    wanted = shop.wanted(case)
    with xr.open_dataset(shop.result(case, "netcdf4"), decode_times=ANY_CALENDAR) as opened:
        data = {
            name: (opened[name].dims, values.astype("f8").filled(np.nan))
            for name, values in wanted.items()
        }
        dimensions = list(opened[next(iter(wanted))].dims)
        frame = opened[[]].assign(data).assign_coords(opened.coords).to_dataframe()
    return dimensions, frame.dropna(how="all", subset=list(wanted)).reset_index()


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rows_are_those_of_the_grid_that_have_data(shop, case, form):
    dimensions, expected = expected_table(shop, case)
    found = READERS[form](shop.result(case, form))
    assert [*found.columns[: len(dimensions)]] == dimensions
    assert set(case.variables) <= set(found.columns)
    found, expected = ordered(found, dimensions), ordered(expected, dimensions)
    assert len(found) == len(expected) > 0
    for name in found.columns.difference(STAYS_A_NUMBER):
        if name == "time":
            assert list(found[name]) == list(expected[name])
        else:
            np.testing.assert_allclose(found[name], expected[name], 1e-6, 1e-6)
