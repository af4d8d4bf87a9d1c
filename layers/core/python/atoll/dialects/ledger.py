"""Lines of the ledger as rows of a table: what others count with."""

from atoll.dialects.tables import Column
from atoll.model.coverage import Role
from atoll.model.entry import Entry
from atoll.model.extent import AxisExtent


def _axis(line: Entry, role: Role) -> AxisExtent | None:
    """The delivered part of an axis; of a 2-d grid's rows and columns there are no degrees."""
    extent = line.extent
    if extent is None or (extent.native_rectangle and role in {"X", "Y"}):
        return None
    return next((axis for axis in extent.axes if axis.role == role), None)


def _first(line: Entry, role: Role) -> float | None:
    axis = _axis(line, role)
    return axis.first if axis else None


def _last(line: Entry, role: Role) -> float | None:
    axis = _axis(line, role)
    return axis.last if axis else None


def _text(line: Entry, role: Role, name: str) -> str | None:
    axis = _axis(line, role)
    return getattr(axis, name) if axis else None


def _days(line: Entry) -> int | None:
    axis = _axis(line, "T")
    return axis.days if axis else None


# Degrees and depths as the dataset counts them; times in ISO 8601, in the dataset's calendar.
COLUMNS: tuple[Column[Entry], ...] = (
    Column("entry_id", "text", lambda line: line.entry_id),
    Column("kind", "text", lambda line: line.kind),
    Column("status", "text", lambda line: line.status),
    Column("at", "time", lambda line: line.at),
    Column("month", "text", lambda line: line.month),
    Column("job_id", "text", lambda line: line.job_id),
    Column("account_id", "text", lambda line: line.account_id),
    Column("anonymous", "flag", lambda line: line.anonymous),
    Column("profiles", "texts", lambda line: line.profiles),
    Column("door", "text", lambda line: line.origin.door),
    Column("host", "text", lambda line: line.origin.host or None),
    Column("agent", "text", lambda line: line.origin.agent or None),
    Column("label", "text", lambda line: line.label),
    Column("leader", "text", lambda line: line.leader),
    Column("correlation_id", "text", lambda line: line.correlation_id),
    Column("dataset", "text", lambda line: line.dataset),
    Column("revision", "text", lambda line: line.revision),
    Column("variables", "texts", lambda line: line.variables),
    Column("format", "text", lambda line: line.format),
    Column("tier", "text", lambda line: line.tier),
    Column("longitude_first", "number", lambda line: _first(line, "X")),
    Column("longitude_last", "number", lambda line: _last(line, "X")),
    Column("latitude_first", "number", lambda line: _first(line, "Y")),
    Column("latitude_last", "number", lambda line: _last(line, "Y")),
    Column("depth_first", "number", lambda line: _first(line, "Z")),
    Column("depth_last", "number", lambda line: _last(line, "Z")),
    Column("depth_units", "text", lambda line: _text(line, "Z", "units")),
    Column("time_first", "text", lambda line: _text(line, "T", "first_text")),
    Column("time_last", "text", lambda line: _text(line, "T", "last_text")),
    Column("time_days", "integer", _days),
    Column("created_at", "time", lambda line: line.created_at),
    Column("started_at", "time", lambda line: line.started_at),
    Column("waited_s", "number", lambda line: line.waited_s),
    Column("ran_s", "number", lambda line: line.ran_s),
    Column("total_s", "number", lambda line: line.total_s),
    Column("reserved_bytes", "integer", lambda line: line.reserved_bytes),
    Column("settled_bytes", "integer", lambda line: line.settled_bytes),
    Column("read_bytes", "integer", lambda line: line.read_bytes),
    Column("chunks", "integer", lambda line: line.chunks),
    Column("files", "integer", lambda line: line.files),
    Column("result_keys", "texts", lambda line: line.result_keys),
    Column("code", "text", lambda line: line.code),
    Column("detail", "text", lambda line: line.detail),
)
