"""Jobs and what becomes of them, as much as a test cares about."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from atoll.model.job import Delivery, Job, Outcome, Reason, Work, result_key
from atoll.model.plan import AxisPlan, Piece, SubsetPlan, VariablePlan
from atoll.model.request import LongitudeInterval, SubsetRequest

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
MONTH = "2026-11"

REQUEST = SubsetRequest(
    dataset="levitus-climatology",
    variables=("sea_water_temperature",),
    longitude=LongitudeInterval(west=-40, east=30.25),
    stride={"longitude": 2},
)
PLAN = SubsetPlan(
    dataset="levitus-climatology",
    revision="R1",
    axes=(
        AxisPlan(
            name="longitude",
            pieces=(Piece(start=300, stop=360, step=2, shift=-360.0), Piece(start=0, stop=10)),
            first=-39.5,
            last=29.5,
        ),
    ),
    variables=(
        VariablePlan(name="TEMP", layout="geo", chunks=4, read_bytes=4096, output_bytes=1000),
    ),
    packing="keep",
    format="netcdf4",
    output_bytes=1000,
    read_bytes=4096,
    chunks=4,
)
REASON = Reason(code="data-error", detail="a chunk does not decode", facts={"chunk": "1/2/3"})


def job(
    job_id: str = "job-1",
    account_id: str = "ann-id",
    reserved_bytes: int = 1000,
    created_at: datetime = T0,
) -> Job:
    """An accepted job."""
    return Job(
        job_id=job_id,
        account_id=account_id,
        request=REQUEST,
        plan=PLAN,
        fingerprint=sha256(job_id.encode()).hexdigest(),
        tier="small",
        status="accepted",
        created_at=created_at,
        expires_at=created_at + timedelta(days=7),
        reserved_bytes=reserved_bytes,
        correlation_id=f"correlation-{job_id}",
    )


def work(job_id: str = "job-1") -> Work:
    """What its execution is given."""
    return Work.of(job(job_id))


def outcome(job_id: str = "job-1", output_bytes: int = 800) -> Outcome:
    """What its extractor made."""
    return Outcome(
        key=result_key(job_id, "subset.nc"),
        output_bytes=output_bytes,
        sha256="a" * 64,
        cells_with_data=123,
    )


def delivery(
    job_id: str = "job-1", output_bytes: int = 800, file_name: str = "subset.nc"
) -> Delivery:
    """What its user gets."""
    made = outcome(job_id, output_bytes).model_dump()
    return Delivery(**made, media_type="application/x-netcdf", file_name=file_name)
