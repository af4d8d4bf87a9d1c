"""NetCDF-4: chunks shuffled and deflated, laid out by HDF5 itself."""

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.encode import encode_chunk
from atoll.extraction.file_format import ChunkedVariable, Origin
from atoll.extraction.hdf5_header import HDF5Layout
from atoll.extraction.netcdf_file import FileContent


class NetCDF4:
    """See `FileFormat`."""

    any_order = True  # an index in the header says where each chunk lies

    def encode(
        self, variable: ChunkedVariable, origin: Origin, values: NDArray[np.generic]
    ) -> tuple[bytes, int]:
        """See `FileFormat`."""
        del origin
        return encode_chunk(values, variable.chunk_shape, variable.fill), 0

    def layout(self, content: FileContent, least_bytes: int) -> HDF5Layout:
        """See `FileFormat`."""
        return HDF5Layout(content, least_bytes)
