"""For every number of an error that the Motu door gives, a request that is answered with it."""

from collections.abc import Callable, Mapping

from httpx2 import Response

from atoll.model.job import Reason
from atoll.model.policy import Allowance, Policy, PolicyVersion
from tests.fakes import FakeCatalogue
from tests.planning.builders import (
    coverage,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    navy_coverage,
    regular,
    variable,
)
from tests.web.motu.builders import ORDER, MotuUnderTest, polling
from tests.world import World

type Request = Callable[[MotuUnderTest], Response]

START = "action=productdownload&scriptVersion=3.0.0&mode=status"
WINDS = f"{START}&service=navy-TDS&product=navy-winds"


def make_door() -> MotuUnderTest:
    """A door of three datasets that everybody may order: one of the globe, of times, of a sea."""
    sea = coverage(
        [latitude_axis(regular(50, 1, 10)), longitude_axis(regular(0, 1, 10))],
        [variable("SST", ("latitude", "longitude"))],
        "north-sea",
        product="seas",
    )
    globe, winds = levitus_coverage(product="levitus"), navy_coverage(product="navy", profiles=None)
    return MotuUnderTest(World(FakeCatalogue(globe, winds, sea)))


def asked(query: str) -> Request:
    return lambda door: door.ask(query)


def without_catalogue(door: MotuUnderTest) -> Response:
    door.world.catalogue.available = False
    return door.ask(ORDER)


def without_guests(door: MotuUnderTest) -> Response:
    door.guests = False
    return door.ask(ORDER)


def above_the_limit(door: MotuUnderTest) -> Response:
    door.limited(hard_limit_bytes=2**20)
    return door.ask(WINDS)


def above_the_quota(door: MotuUnderTest) -> Response:
    policy = Policy(allowances={"anonymous": Allowance(bytes_per_month=10)})
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    return door.ask(ORDER)


def of_damaged_data(door: MotuUnderTest) -> Response:
    job_id, world = door.order(), door.world
    reason = Reason(code="data-error", detail="chunk 7 is damaged")
    world.ledger.release(world.ledger.rows[job_id], reason, world.now())
    return door.ask(polling(job_id))


REQUESTS: Mapping[int, Request] = {
    0: asked(ORDER),
    1: without_catalogue,
    2: without_guests,
    3: asked(f"{WINDS}&t_lo=1983-02-30&t_hi=1983-03-30"),
    6: asked(f"{WINDS}&t_lo=2020-01-01&t_hi=2020-01-02"),
    7: above_the_limit,
    8: asked(f"{START}&service=seas&product=north-sea&y_lo=-60.0&y_hi=-50.0"),
    9: asked(ORDER.replace("z_lo=0.0&z_hi=500.0", "z_lo=31&z_hi=32")),
    10: asked("action=refreshcache&token=secret&configServiceNames=ALL"),
    13: asked(ORDER.replace("SALT", "sugar")),
    16: above_the_quota,
    19: asked(polling("1474304182183")),
    26: asked(ORDER.replace("y_lo=30.0", "y_lo=100")),
    27: of_damaged_data,
    28: asked("action=delete&requestid=1474304182183"),
    29: asked(ORDER.replace("levitus-climatology", "nothing")),
    30: asked(ORDER.replace("Levitus-TDS", "nowhere")),
}
# Of these actions the answer is a browser's.
PAGES = {10, 28}


def file_name(number: int) -> str:
    """Of an error's golden file."""
    return f"error-{number}.{'html' if number in PAGES else 'xml'}"


def answer_with(number: int) -> Response:
    """The door's answer that has this number."""
    return REQUESTS[number](make_door())


def error_documents() -> dict[str, str]:
    """All of them, by the name of their golden file."""
    return {file_name(number): answer_with(number).text for number in REQUESTS}
