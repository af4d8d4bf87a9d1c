"""Every program reads from our results the values that the sources have."""

import numpy as np
import pytest

from tests.interoperability.cases import CASES
from tests.interoperability.readers import READERS

# Text of 9 digits holds a float32; packed values are decoded with the rounding of each program.
CLOSE = 1e-6


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize(
    ("reader", "form"),
    [(name, form) for name, (_, forms) in READERS.items() for form in sorted(forms)],
)
def test_every_reader_finds_the_values_of_the_source(shop, case, reader, form):
    read, _ = READERS[reader]
    path = shop.result(case, form)
    for name, wanted in shop.wanted(case).items():
        found = read(path, name).reshape(wanted.shape)
        assert np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(wanted))
        np.testing.assert_allclose(found.compressed(), wanted.compressed(), CLOSE, CLOSE)
        assert wanted.count() > 0
