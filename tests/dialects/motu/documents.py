"""Every document of the Motu door, by the name of its golden file."""

from datetime import timedelta

from atoll.dialects.motu.cache import render_cache_status
from atoll.dialects.motu.codes import Fault
from atoll.dialects.motu.describe_coverage import render_coverage
from atoll.dialects.motu.pages.about import render_about
from atoll.dialects.motu.pages.catalog import render_catalog
from atoll.dialects.motu.pages.debug import render_debug
from atoll.dialects.motu.pages.download import Door, Failed, Finished, Waiting, render_download
from atoll.dialects.motu.pages.error import render_error
from atoll.dialects.motu.pages.product import render_product_page
from atoll.dialects.motu.pages.services import render_services
from atoll.dialects.motu.pages.welcome import render_welcome
from atoll.dialects.motu.product import render_product
from atoll.dialects.motu.size import render_no_size, render_size
from atoll.dialects.motu.status import render_later, render_ordered, render_refused, render_status
from atoll.dialects.motu.time_coverage import render_time_coverage
from atoll.model.job import Delivery, Job, Origin
from atoll.model.policy import Slots
from atoll.model.queue import Held
from atoll.ports import DatasetEntry
from tests.contract.builders import REASON, T0, job
from tests.dialects.motu.coverages import COVERAGES

URL = "https://unit.test/motu-web/Motu?action=listproductmetadata&service=s&product=p"
DOOR = Door("https://unit.test/motu-web/Motu", "cas")
FAULT = Fault(29, "The requested product/dataset is unknown: 'x<y>&\"z\"'")
FILE = Delivery(
    key="results/job-4/navy-winds.nc",
    media_type="application/x-netcdf",
    file_name="navy-winds.nc",
    output_bytes=1152 * 2**20,
    sha256="a" * 64,
    cells_with_data=1,
)
ADDRESS = "https://results.test/results/job-4/navy-winds.nc?X-Amz-Expires=3600&X-Amz-Signature=0f"


def jobs() -> list[Job]:
    """One of each way a job can stand."""
    minute = timedelta(minutes=1)
    origin = Origin(door="motu", host="192.0.2.7", agent="motuclient-python 3.0.0")
    changes: list[dict[str, object]] = [
        {},
        {"status": "running", "started_at": T0 + minute},
        {"status": "failed", "reason": REASON, "finished_at": T0 + 2 * minute},
        {"status": "successful", "deliveries": (FILE,), "finished_at": T0 + 3 * minute},
        {"status": "dismissed"},
    ]
    return [
        job(f"job-{number}").model_copy(update={"origin": origin} | change)
        for number, change in enumerate(changes, 1)
    ]


def entries() -> list[DatasetEntry]:
    """The catalogue's lines of all datasets."""
    return [
        DatasetEntry(dataset=one.dataset, title=one.title, revision=one.revision,
                     profiles=one.profiles, updated_at=one.updated_at, product=one.product)
        for one in COVERAGES.values()
    ]  # fmt: skip


def describing() -> dict[str, str]:
    """What is told of each dataset."""
    told: dict[str, str] = {}
    for name, one in COVERAGES.items():
        told[f"describeproduct-{name}.xml"] = render_product(one, URL)
        told[f"describecoverage-{name}.xml"] = render_coverage(one)
        told[f"gettimecov-{name}.xml"] = render_time_coverage(one)
    return told


def ordering() -> dict[str, str]:
    """What is told of orders, to a program."""
    waits, runs, failed, done, dismissed = jobs()
    return {
        "getsize.xml": render_size(154_674_585_600, 1_020_054_732_800),
        "getsize-refused.xml": render_size(2**40, 2**30, Fault(7, "The result file size")),
        "getsize-unknown.xml": render_no_size(FAULT),
        "productdownload.xml": render_ordered(waits, "3.0.0"),
        "productdownload-refused.xml": render_refused(FAULT, "010", "3.0.0"),
        "getreqstatus-pending.xml": render_status(waits, None, "3.0.0"),
        "getreqstatus-inprogress.xml": render_status(runs, None),
        "getreqstatus-error.xml": render_status(failed, None),
        "getreqstatus-done.xml": render_status(done, ADDRESS),
        "getreqstatus-cancelled.xml": render_status(dismissed, None),
        "getreqstatus-later.xml": render_later(None),
        "getreqstatus-unknown.xml": render_refused(FAULT, "004"),
    }


def pages() -> dict[str, str]:
    """What is shown to people."""
    navy, levitus = COVERAGES["navy-winds"], COVERAGES["levitus-climatology"]
    held = [Held(tier="small", number=0, job_id="job-2", account_id="ann-id", claimed_at=T0)]
    return {
        "about.html": render_about("1.0.0"),
        "cachestatus.json": render_cache_status([("FLEET_WINDS", navy.updated_at)], T0, "1.0.0"),
        "debug.html": render_debug(jobs(), Slots(), held),
        "httperror.html": render_error(FAULT.line("017")),
        "listcatalog.html": render_catalog("FLEET_WINDS", entries()),
        "listproductmetadata.html": render_product_page(levitus),
        "listservices.html": render_services(["FLEET_WINDS", "levitus-climatology"]),
        "productdownload-done.html": render_download(levitus, Finished(ADDRESS), DOOR),
        "productdownload-error.html": render_download(navy, Failed(FAULT.line("010")), DOOR),
        "productdownload-waiting.html": render_download(navy, Waiting("Motu?action=a&b=c"), DOOR),
        "productdownloadhome.html": render_download(navy, None, DOOR),
        "welcome.html": render_welcome(),
    }


def documents() -> dict[str, str]:
    """All of them."""
    return describing() | ordering() | pages()
