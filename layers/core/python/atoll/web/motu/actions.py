"""Which actions there are, and how each tells an error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi.responses import Response

from atoll.dialects.motu.codes import ACTION_CODES, UNDETERMINED, Fault
from atoll.dialects.motu.parse import parse_mode
from atoll.dialects.motu.query import Query
from atoll.dialects.motu.size import render_no_size
from atoll.dialects.motu.status import ORDER, POLL, render_later, render_refused
from atoll.dialects.motu.xml import document, element
from atoll.errors import InvalidParameter
from atoll.web.motu import documents, operations, orders
from atoll.web.motu.door import Call, Reply
from atoll.web.motu.replies import error_page, xml

_UNDECODABLE = "%"

type Refuse = Callable[[Query, Fault], Response]


@dataclass(frozen=True, slots=True)
class Action:
    """One of them.

    Attributes:
        answer: what it answers.
        refuse: how it tells an error of a request.
        is_free: nobody needs to have signed in.
    """

    answer: Callable[[Call], Reply]
    refuse: Refuse
    is_free: bool = False


def action_named(name: str) -> Action:
    """An action; one that tells that there is none of that name, where there is none."""
    return ACTIONS.get(name.lower()) or Action(_unknown, _on_page("unknown"))


def action_of(query: Query, default: str) -> Action:
    """The action that a request names.

    Args:
        query: the request.
        default: the action of one that names none.
    """
    try:
        return action_named(query.first("action") or default)
    except InvalidParameter:  # it does not decode, so nothing is called that
        return action_named(_UNDECODABLE)


def _unknown(call: Call) -> Response:
    accepted = ", ".join(ACTIONS)
    raise InvalidParameter("action", call.query.first("action"), f"there are: {accepted}")


def is_for_programs(action: Action, query: Query) -> bool:
    """Whether what reads the answer is a program, which cannot be sent to sign in again."""
    if action.answer is orders.place_order:
        return _mode(query) != "url"
    return action.refuse in _PROGRAMS


def _mode(query: Query) -> str:
    try:
        return parse_mode(query)
    except InvalidParameter:
        return "url"


def _on_page(name: str) -> Refuse:
    return lambda _query, fault: error_page(fault, ACTION_CODES.get(name, UNDETERMINED))


def _refuse_health(_query: Query, fault: Fault) -> Response:
    """Not ready, to what looks at the status alone."""
    return error_page(fault, ACTION_CODES["healthz"], HTTPStatus.SERVICE_UNAVAILABLE)


def _in_element(root: str, name: str) -> Refuse:
    code = ACTION_CODES[name]

    def refuse(_query: Query, fault: Fault) -> Response:
        told = {"code": f"{code}-{fault.number}", "msg": fault.line(code)}
        return xml(document(element(root, told)))

    return refuse


def _refuse_size(_query: Query, fault: Fault) -> Response:
    return xml(render_no_size(fault))


def _refuse_poll(query: Query, fault: Fault) -> Response:
    version = query.plain("scriptVersion")
    if fault.passes:
        return xml(render_later(None, version))
    return xml(render_refused(fault, POLL, version))


def _refuse_order(query: Query, fault: Fault) -> Response:
    mode = _mode(query)
    if mode == "status":
        return xml(render_refused(fault, ORDER, query.plain("scriptVersion")))
    return orders.plain_error(fault) if mode == "console" else error_page(fault, ORDER)


_refuse_product = _in_element("productMetadataInfo", "describeproduct")
_refuse_times = _in_element("timeCoverage", "gettimecov")
_PROGRAMS = frozenset({_refuse_poll, _refuse_size, _refuse_product, _refuse_times})

# Whether the door works, and what browsers are sent to while they are not signed in.
_FREE: frozenset[Callable[[Call], Response]] = frozenset(
    {
        operations.ping,
        operations.about,
        operations.log_out,
        operations.http_error,
    }
)

ACTIONS: Mapping[str, Action] = {
    "productdownload": Action(orders.place_order, _refuse_order),
    "getreqstatus": Action(orders.poll, _refuse_poll),
    "waitfor": Action(orders.wait_for, _refuse_order, is_free=True),
    "getsize": Action(documents.get_size, _refuse_size),
    "describeproduct": Action(documents.describe_product, _refuse_product),
    "gettimecov": Action(documents.get_time_coverage, _refuse_times),
    "healthz": Action(operations.healthz, _refuse_health, is_free=True),
} | {
    name: Action(answer, _on_page(name), is_free=answer in _FREE)
    for name, answer in {
        "describecoverage": documents.describe_coverage,
        "listservices": documents.list_services,
        "listcatalog": documents.list_catalog,
        "listproductmetadata": documents.show_product,
        "productmetadatainfo": documents.show_product,
        "productdownloadhome": documents.show_form,
        "cachestatus": documents.show_cache,
        "debug": operations.debug,
        "queue-server": operations.debug,
        "refreshcache": operations.refresh_cache,
        "welcome": operations.welcome,
        "ping": operations.ping,
        "about": operations.about,
        "logout": operations.log_out,
        "httperror": operations.http_error,
    }.items()
}
