"""A plan cut into files: results larger than one may be, one behind the other along time.

All of it follows from plan, description and the number of files: every process computes it anew.
"""

from dataclasses import dataclass
from math import ceil
from operator import attrgetter
from typing import Self

from atoll.errors import InvalidParameter
from atoll.model.coverage import Coverage
from atoll.model.parts import MOST_FILES
from atoll.model.plan import AxisPlan, SubsetPlan, VariablePlan
from atoll.model.request import IN_PARTS
from atoll.planning.axes import piece_of
from atoll.planning.borders import clean_borders
from atoll.planning.chunks import reading
from atoll.planning.nodes import value_at
from atoll.planning.parts import variable_pieces
from atoll.planning.size import coordinate_bytes

# Files end where stored chunks do if there are so many of these to a file: then none has more
# than a quarter above its share.
CHUNKS_A_FILE = 4


def files_of(plan: SubsetPlan, coverage: Coverage, file_bytes: int) -> int:
    """How many files a result is made of: as few as are small enough.

    One where it cannot be divided: formats that are not made in parts, and what has no time.
    Where steps of time are too few, or `MOST_FILES` are not enough, files are larger.

    Args:
        plan: of `coverage`.
        coverage: of the plan's revision.
        file_bytes: that a file should have at most, uncompressed.
    """
    course = _Course.of(plan, coverage)
    if plan.output_bytes <= file_bytes or course is None or plan.format not in IN_PARTS:
        return 1
    most = min(course.time.count, MOST_FILES)
    tried = range(min(most, ceil(plan.output_bytes / file_bytes)), most)
    return next((n for n in tried if largest_file_bytes(plan, coverage, n) <= file_bytes), most)


def largest_file_bytes(plan: SubsetPlan, coverage: Coverage, files: int) -> int:
    """Size of the largest of so many files, uncompressed; see `SubsetPlan.output_bytes`."""
    course = _Course.of(plan, coverage)
    if files == 1 or course is None:
        return plan.output_bytes
    steps = course.time.count
    timed_bytes = coordinate_bytes(coverage.axis_by_name[course.time.name], steps)
    timed_bytes += sum(one.output_bytes for one in course.timed)
    longest = max(len(course.steps(files, number)) for number in range(1, files + 1))
    return plan.output_bytes - timed_bytes + timed_bytes // steps * longest


def file_plan(plan: SubsetPlan, coverage: Coverage, files: int, number: int) -> SubsetPlan:
    """The plan of one of the files: some steps of time, and all that has no time.

    Files are of nearly equal length. They end where stored chunks do of the variable that
    most is delivered of, unless these chunks are too long for that.

    Args:
        plan: of the whole result.
        coverage: of the plan's revision.
        files: how many there are; see `files_of`.
        number: from 1.

    Raises:
        InvalidParameter: there is no such file.
    """
    if not 1 <= number <= files:
        raise InvalidParameter("file", number, f"the result has files 1 to {files}")
    course = _Course.of(plan, coverage)
    if files == 1 or course is None:
        return plan
    part = _axis_part(course, coverage, course.steps(files, number))
    axes = tuple(part if axis.name == part.name else axis for axis in plan.axes)
    cut = plan.model_copy(update={"axes": axes})
    timed = {one.name: _variable_part(one, cut, coverage, course) for one in course.timed}
    variables = tuple(timed.get(one.name, one) for one in plan.variables)
    coordinates = (coordinate_bytes(coverage.axis_by_name[one.name], one.count) for one in axes)
    sizes = {
        "output_bytes": sum(coordinates) + sum(one.output_bytes for one in variables),
        "read_bytes": sum(one.read_bytes for one in variables),
        "chunks": sum(one.chunks for one in variables),
    }
    return cut.model_copy(update={"variables": variables} | sizes)


@dataclass(frozen=True, slots=True)
class _Course:
    """A plan's course of time.

    Attributes:
        time: its axis.
        timed: the variables that have it.
        clean: steps at which chunks begin that are stored of the largest of them; not the first.
    """

    time: AxisPlan
    timed: tuple[VariablePlan, ...]
    clean: range

    @classmethod
    def of(cls, plan: SubsetPlan, coverage: Coverage) -> Self | None:
        """The course; None = the plan has no time."""
        known = coverage.axis_of("T")
        time = next((one for one in plan.axes if known and one.name == known.name), None)
        if time is None:
            return None
        stored = coverage.variable_by_name
        timed = tuple(one for one in plan.variables if time.name in stored[one.name].dimensions)
        largest = max(timed, key=attrgetter("output_bytes"))
        variable = stored[largest.name]
        chunk_shape = variable.grids[largest.layout].chunk_shape
        chunk = chunk_shape[variable.dimensions.index(time.name)]
        # Only a longitude has two pieces.
        return cls(time, timed, next(iter(clean_borders(time.pieces, chunk, 1)), range(0)))

    def steps(self, files: int, number: int) -> range:
        """The steps in one of the files, counted in the whole result."""
        stored = len(self.clean) + 1 >= CHUNKS_A_FILE * files
        borders = self.clean if stored else range(1, self.time.count)
        units = len(borders) + 1
        first, stop = (number - 1) * units // files, number * units // files
        return range(
            borders[first - 1] if first else 0,
            borders[stop - 1] if stop < units else self.time.count,
        )


def _axis_part(course: _Course, coverage: Coverage, steps: range) -> AxisPlan:
    time = course.time
    (piece,) = time.pieces
    axis, nodes = coverage.axis_by_name[time.name], piece.indices[steps.start : steps.stop]
    return AxisPlan(
        name=time.name,
        pieces=(piece_of(nodes, piece.shift),),
        first=value_at(axis, nodes[0]),
        last=value_at(axis, nodes[-1]),
    )


def _variable_part(
    planned: VariablePlan, cut: SubsetPlan, coverage: Coverage, course: _Course
) -> VariablePlan:
    variable = coverage.variable_by_name[planned.name]
    pieces = variable_pieces(cut, coverage, variable)
    part = next(one for one in cut.axes if one.name == course.time.name)
    cost = reading(planned.layout, variable.grids[planned.layout], pieces, variable.dtype)
    return VariablePlan(
        name=planned.name,
        layout=planned.layout,
        chunks=cost.chunks,
        read_bytes=cost.read_bytes,
        output_bytes=planned.output_bytes // course.time.count * part.count,
    )
