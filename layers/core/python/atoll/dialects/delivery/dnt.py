"""The historic note DNT: a delivery in XML, as it was left on FTP servers."""

import re
from collections.abc import Collection, Mapping

from atoll.dialects.delivery.fields import (
    check_length,
    check_names,
    check_number,
    check_path,
    check_unlike,
    instant,
)
from atoll.dialects.plain_xml import Element, NotPlainXml, read_root
from atoll.errors import InvalidParameter
from atoll.model.delivery import DataMode, DeliveryNote, Operation

# Where this note says what ours does.
_KEYS = {
    "producer": "delivery.PushingEntity",
    "product": "delivery.product",
    "dataset": "delivery.dataset.DatasetName",
}
_DELIVERY = ("product", "PushingEntity", "date")
_DATASET = ("DatasetName",)
_FILE = (
    "FileName",
    "Checksum",
    "FileType",
    "StartUploadTime",
    "StopUploadTime",
    "FinalStatus",
)
_MODES: Mapping[str, DataMode] = {
    "NRT": "NRT",
    "DT": "MY",
    "MY": "MY",
    "INTERIM": "INTERIM",
    "FORECAST": "FORECAST",
}
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z", re.ASCII)
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_NEEDS_TIMES = (
    "a historic note cannot say which times are to be taken away; send a note dn/1 with an "
    "operation delete, its time_start and its time_end"
)


def parse_dnt(text: bytes, delivery_id: str) -> DeliveryNote:
    """Read a note.

    Args:
        text: XML.
        delivery_id: of the folder that it lies in; the note itself has none.

    Raises:
        RequestTooLong: above 1 MiB.
        InvalidParameter: it is none; it names element and attribute.
    """
    check_length(text)
    try:
        root = read_root(text)
    except NotPlainXml as fault:
        raise InvalidParameter("note", fault.value, fault.accepted) from fault
    _check_element("delivery", root, "delivery", _DELIVERY)
    if len(root) != 1:
        raise InvalidParameter("delivery.dataset", f"{len(root)} elements", "one dataset is")
    dataset = root[0]
    _check_element("delivery.dataset", dataset, "dataset", _DATASET)
    names = {
        "delivery_id": delivery_id,
        "producer": _said(root, "PushingEntity", "delivery"),
        "product": _said(root, "product", "delivery"),
        "dataset": _said(dataset, "DatasetName", "delivery.dataset"),
    }
    check_names(names, _KEYS)
    return DeliveryNote(
        **names,
        operations=_operations(dataset),
        data_mode=_mode(dataset),
        production_time=_date(_said(root, "date", "delivery")),
    )


def _operations(dataset: Element) -> tuple[Operation, ...]:
    check_number("delivery.dataset.file", len(dataset))
    files = {f"delivery.dataset.file.{i}": file for i, file in enumerate(dataset)}
    operations = {key: _operation(key, file) for key, file in files.items()}
    check_unlike((f"{key}.FileName", one.path or "") for key, one in operations.items())
    return tuple(operations.values())


def _operation(key: str, file: Element) -> Operation:
    _check_element(key, file, "file", _FILE)
    path = _said(file, "FileName", key)
    check_path(f"{key}.FileName", path)
    if len(file):
        raise _no_upload(key, file[0])
    status = file.get("FinalStatus", "Delivered")
    if status != "Delivered":
        raise InvalidParameter(f"{key}.FinalStatus", status, "Delivered is: all or nothing")
    md5 = _said(file, "Checksum", key)
    if not _MD5.fullmatch(md5):
        raise InvalidParameter(f"{key}.Checksum", md5, "an MD5 is, of 32 hexadecimal digits")
    return Operation(action="put", path=path, md5=md5.lower())


def _no_upload(key: str, inner: Element) -> InvalidParameter:
    if (inner.tag, (inner.text or "").strip()) == ("KeyWord", "Delete"):
        return InvalidParameter(f"{key}.KeyWord", "Delete", _NEEDS_TIMES)
    shown = f"{inner.tag} {inner.text or ''}"
    return InvalidParameter(f"{key}.KeyWord", shown, "files that were uploaded are")


def _mode(dataset: Element) -> DataMode:
    said = list(dict.fromkeys(file.get("FileType", "NRT") for file in dataset))
    if len(said) != 1 or said[0] not in _MODES:
        shown = " and ".join(said)
        accepted = f"one of {', '.join(_MODES)} is, of all files the same"
        raise InvalidParameter("delivery.dataset.file.FileType", shown, accepted)
    return _MODES[said[0]]


def _date(text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        raise InvalidParameter("delivery.date", text, "YYYYMMDDThhmmssZ is")
    year, month, day, hour, minute, second = found.groups()
    return instant("delivery.date", f"{year}-{month}-{day}T{hour}:{minute}:{second}Z")


def _check_element(key: str, element: Element, name: str, attributes: Collection[str]) -> None:
    if element.tag != name:
        raise InvalidParameter(key, element.tag, f"an element {name} is")
    for attribute, value in element.attrib.items():
        if attribute not in attributes:
            accepted = f"there is no such attribute; there are: {', '.join(attributes)}"
            raise InvalidParameter(f"{key}.{str(attribute)[:60]}", value, accepted)


def _said(element: Element, attribute: str, key: str) -> str:
    said = element.get(attribute)
    if said is None:
        raise InvalidParameter(f"{key}.{attribute}", None, "this attribute must be there")
    return said
