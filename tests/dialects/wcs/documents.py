"""Every document of the WCS door, by the name of its golden file."""

from atoll.dialects.wcs.capabilities import Service, render_capabilities
from atoll.dialects.wcs.coverage import File, Message, render_coverage
from atoll.dialects.wcs.describe import render_descriptions
from atoll.dialects.wcs.exception_report import render_exception
from atoll.dialects.wcs.exceptions import STATUS, Code, OwsException
from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.presentation import CRS_84, EPSG_4326, NETCDF
from atoll.dialects.wcs.requests import GetCapabilities
from atoll.planning.subset import plan_subset
from tests.dialects.wcs.builders import offer_of, sea, seasons, wanted
from tests.planning.builders import levitus_coverage

SERVICE = Service("levitus", "https://unit.example.org", "/wcs")
OFFERED = (offer_of(sea(product="physics")), offer_of(levitus_coverage()), offer_of(seasons()))


def capabilities(*sections: str, sequence: str = "", offered: tuple[Offer, ...] = OFFERED) -> bytes:
    asked = GetCapabilities(frozenset(sections), sequence)
    return render_capabilities(asked, SERVICE, offered, "2026-01-01T00:00:00Z-1")


def coverage(form: str, crs: str = EPSG_4326) -> bytes:
    """What is delivered of a box across the dateline."""
    times = 'time("2026-01-02")' if form else "time(*,*)"
    ordered = wanted(sea(), "Long(160,200)", "Lat(0,30)", times, format=form).request
    file = File("cid:sea.nc", form or NETCDF)
    return render_coverage(offer_of(sea()), plan_subset(ordered, sea()), file, crs)


def message() -> bytes:
    file = File("cid:sea.nc", NETCDF)
    return Message("atoll-job-1").join(b"<gml/>", b"CDF\x01\r\n", file, "sea.nc")


def exception(code: Code) -> bytes:
    return render_exception(OwsException(code, "", f"What <went> wrong & why, as {code}."))


def documents() -> dict[str, bytes]:
    return {
        "capabilities.xml": capabilities(),
        "capabilities-empty.xml": capabilities(offered=()),
        "capabilities-contents.xml": capabilities("contents"),
        "capabilities-unchanged.xml": capabilities(sequence="2026-01-01T00:00:00Z-1"),
        "describecoverage.xml": render_descriptions(OFFERED),
        "getcoverage-netcdf.xml": coverage(""),
        "getcoverage-tiff.xml": coverage("image/tiff"),
        "getcoverage-crs84.xml": coverage("image/tiff", CRS_84),
        "getcoverage.multipart": message(),
        "exception-located.xml": render_exception(
            OwsException("InvalidSubsetting", "Lat", "subset: \x00 is no latitude")
        ),
    } | {f"exception-{code}.xml": exception(code) for code in STATUS}
