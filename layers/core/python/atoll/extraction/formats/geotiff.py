"""GeoTIFF: a band for each data variable, tiled and deflated, its directory in front (COG)."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from math import prod

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from atoll.extraction.encode import LEVEL
from atoll.extraction.file_format import Header
from atoll.extraction.formats.bands import Band, bands_of, metadata, no_data
from atoll.extraction.formats.geo_keys import crs_tags, place_tags
from atoll.extraction.formats.raster import map_of
from atoll.extraction.formats.tiff import ASCII, TILE, Tag, front, image_tags, predicted, tiles
from atoll.extraction.netcdf_file import StoredChunk
from atoll.extraction.provenance import geographic
from atoll.extraction.spool import Spool
from atoll.extraction.stream import Array
from atoll.extraction.writers import Taken
from atoll.model.coverage import Attributes
from atoll.planning.cut import Box

BEGUN = 2  # strips under way
DESCRIPTION, SOFTWARE, COPYRIGHT, GDAL_METADATA, GDAL_NODATA = 270, 305, 33432, 42112, 42113
DIRECTORY_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class _Strip:
    """Rows of one band, while they are read."""

    band: Band
    rows: range
    box: Box
    stored: Array
    futures: list[Future[None]]


class GeoTIFF:
    """See `writers.Streamed`.

    Tiles wait, on the disk if they are many: the directory in front says where they are.
    """

    def __init__(self, taken: Taken) -> None:
        """Prepare.

        Raises:
            FormatUnfit: no bands of one type, one fill value and one map.
        """
        coverage, plan = taken.prepared.coverage, taken.prepared.plan
        self._crew = taken.crew
        self._slab_bytes = taken.prepared.slab_bytes
        self._map = map_of(coverage, plan)
        self._bands = bands_of(coverage, taken.streams)
        self._dtype = self._bands[0].dtype
        self._empty = no_data(self._bands)
        self._tags = [
            *image_tags(self._map.shape, len(self._bands), self._dtype),
            *place_tags(self._map.west, self._map.north, self._map.width, self._map.height),
            *_crs(taken, self._bands[0]),
            Tag(DESCRIPTION, ASCII, coverage.title or coverage.dataset),
            Tag(SOFTWARE, ASCII, "atoll"),
            Tag(GDAL_METADATA, ASCII, metadata(coverage, plan, self._bands, taken.attributes)),
        ]
        self._tags += [Tag(COPYRIGHT, ASCII, coverage.licence)] if coverage.licence else []
        self._tags += [Tag(GDAL_NODATA, ASCII, str(self._empty))] if self._empty is not None else []
        self.cells_with_data = 0

    @property
    def most_bytes(self) -> int:
        """See `writers.Streamed`."""
        sides = prod(-(-length // TILE) for length in self._map.shape)
        tile_bytes = TILE * TILE * self._dtype.itemsize * 9 // 8  # deflated noise is longer
        said_bytes = sum(len(tag.stored()[1]) for tag in self._tags)
        return DIRECTORY_BYTES + said_bytes + sides * len(self._bands) * (tile_bytes + 16)

    def blocks(self) -> Iterator[bytes]:
        """See `writers.Streamed`."""
        with Spool(None) as spool:
            for strip in self._strips():
                for stored in self._tiles(strip):
                    chunk = StoredChunk(strip.band.variable.name, (), len(stored))
                    spool.append(chunk, stored)
            sizes = [chunk.nbytes for chunk in spool.chunks]
            image = front(self._tags, sizes)
            yield from spool.blocks(Header(image, len(image) + sum(sizes)))

    def _strips(self) -> Iterator[_Strip]:
        row_bytes = self._map.shape[1] * self._dtype.itemsize
        rows = TILE * max(1, self._slab_bytes // (TILE * row_bytes))
        waiting = (
            self._begin(band, strip) for band in self._bands for strip in self._map.strips(rows)
        )
        begun = deque(islice(waiting, BEGUN))
        while begun:
            yield begun.popleft()
            begun.extend(islice(waiting, 1))

    def _begin(self, band: Band, rows: range) -> _Strip:
        box = self._map.box(band.variable.dimensions, rows)
        stored = np.empty(tuple(map(len, box)), band.stream.stored_dtype)
        filling = band.stream.reader.fill(box, stored, self._crew.workers)
        return _Strip(band, rows, box, stored, filling)

    def _tiles(self, strip: _Strip) -> list[bytes]:
        for future in strip.futures:
            future.result()
        stream = strip.band.stream
        values = np.array(stream.finish(strip.box, strip.stored)).view(self._dtype)
        empty = stream.meant.empty(strip.stored)
        self.cells_with_data += empty.size - int(np.count_nonzero(empty))
        if self._empty is not None:
            values[empty] = self._empty
        cut = tiles(self._map.upright(values), 0 if self._empty is None else self._empty)
        return list(self._crew.encoders.map(_encoded, cut))


def _encoded(tile: NDArray[np.generic]) -> bytes:
    deflated: bytes = isal_zlib.compress(predicted(tile), LEVEL)
    return deflated


def _crs(taken: Taken, band: Band) -> list[Tag]:
    """The system of the coordinates, by the band's grid mapping."""
    coverage = taken.prepared.coverage
    name, *_ = [*str(band.variable.attributes.get("grid_mapping", "")).split(), ""]
    variable = coverage.variable_by_name.get(name.rstrip(":"))
    mapping: Attributes = variable.attributes if variable else {}
    flat = [axis for axis in coverage.axes if axis.role in ("X", "Y")]
    return crs_tags(mapping, geographic=all(map(geographic, flat)))
