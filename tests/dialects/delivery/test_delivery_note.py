"""Notes dn/1: what they mean, and what is refused, by its key."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.dialects.delivery import digest_of, parse_note
from atoll.errors import InvalidParameter, InvalidRequest, RequestTooLong
from atoll.model.delivery import LONGEST_NOTE_BYTES, DeliveryNote, Operation
from tests.dialects.delivery.builders import DATASET, DELIVERY_ID, document, note, put_of, text

DELETE = {"op": "delete", "time_start": "2026-01-01", "time_end": "2026-01-31T12:00:00Z"}


def refused(body: bytes) -> InvalidParameter:
    with pytest.raises(InvalidParameter) as caught:
        parse_note(body)
    return caught.value


def test_a_note_means_what_it_says():
    operations = [
        put_of(1),
        put_of(2, op="replace", time_start="2026-01-01T00:00:00Z", time_end="2026-01-01T00:00Z"),
        DELETE,
    ]
    said = parse_note(
        text(
            operations=operations,
            data_mode="FORECAST",
            production_time="2026-11-23T08:30:00+02:00",
            reference_time="2026-11-23T00:00Z",
        )
    )
    assert said == DeliveryNote(
        delivery_id=DELIVERY_ID,
        producer="met",
        product="WINDS",
        dataset=DATASET,
        data_mode="FORECAST",
        production_time="2026-11-23T06:30:00Z",
        reference_time="2026-11-23T00:00:00Z",
        operations=(
            Operation(action="put", path="2026/001.nc", size_bytes=1000, sha256=f"{1:064x}"),
            Operation(
                action="replace",
                path="2026/002.nc",
                size_bytes=1000,
                sha256=f"{2:064x}",
                time_start="2026-01-01T00:00:00Z",
                time_end="2026-01-01T00:00Z",
            ),
            Operation(action="delete", time_start="2026-01-01", time_end="2026-01-31T12:00:00Z"),
        ),
    )


def test_what_is_not_said_is_as_the_model_has_it():
    said = note()
    assert (said.data_mode, said.production_time, said.reference_time) == ("NRT", None, None)


@pytest.mark.parametrize(
    ("changed", "key", "accepted"),
    [
        ({"schema": None}, "schema", "required"),
        ({"schema": "dn/2"}, "schema", "dn/1"),
        ({"colour": "blue"}, "colour", "delivery_id, producer"),
        ({"delivery_id": "short"}, "delivery_id", "8 to 128"),
        ({"delivery_id": "../../../etc"}, "delivery_id", "8 to 128"),
        ({"delivery_id": 12345678}, "delivery_id", "string"),
        ({"producer": "met/office"}, "producer", "1 to 64"),
        ({"producer": ""}, "producer", "1 to 64"),
        ({"product": "a b"}, "product", "1 to 200"),
        ({"dataset": "../winds"}, "dataset", "a-z0-9"),
        ({"dataset": "Winds"}, "dataset", "a-z0-9"),
        ({"dataset": "w" * 201}, "dataset", "a-z0-9"),
        ({"data_mode": "nrt"}, "data_mode", "'NRT'"),
        ({"production_time": "yesterday"}, "production_time", "RFC 3339"),
        ({"production_time": "2026-11-23"}, "production_time", "RFC 3339"),
        ({"production_time": "2026-11-23T08:00:00"}, "production_time", "zone"),
        ({"production_time": "2026-02-30T08:00:00Z"}, "production_time", "RFC 3339"),
        ({"production_time": "0001-01-01T00:00:00+01:00"}, "production_time", "from 1970 on"),
        ({"reference_time": "9999-12-31T23:59:59-01:00"}, "reference_time", "from 1970 on"),
        ({"production_time": 20261123}, "production_time", "string"),
        ({"operations": []}, "operations", "1 to 500"),
        ({"operations": [put_of(i) for i in range(501)]}, "operations", "1 to 500"),
        ({"operations": None}, "operations", "required"),
        ({"operations": "put"}, "operations", "list"),
        ({"operations": ["put"]}, "operations.0", "dictionary"),
    ],
)
def test_what_a_note_may_not_say(changed, key, accepted):
    fault = refused(text(**changed))
    assert fault.facts["parameter"] == key
    assert accepted in str(fault.facts["accepted"])
    assert "value" in fault.facts


@pytest.mark.parametrize(
    ("changed", "key", "accepted"),
    [
        ({"op": "append"}, "op", "'put'"),
        ({"op": None}, "op", "required"),
        ({"path": None}, "path", "needs path, bytes, sha256"),
        ({"bytes": None}, "bytes", "needs path, bytes, sha256"),
        ({"sha256": None}, "sha256", "needs path, bytes, sha256"),
        ({"bytes": "1000"}, "bytes", "integer"),
        ({"bytes": 1000.5}, "bytes", "integer"),
        ({"bytes": True}, "bytes", "integer"),
        ({"bytes": 0}, "bytes", "greater than or equal to 1"),
        ({"bytes": 5 * 2**30 + 1}, "bytes", "less than or equal to 5368709120"),
        ({"bytes": 10**400}, "bytes", "less than or equal to 5368709120"),
        ({"sha256": "0" * 63}, "sha256", "pattern"),
        ({"sha256": "G" * 64}, "sha256", "pattern"),
        ({"md5": "0" * 32}, "md5", "op, path, bytes"),
        ({"time_start": "2026-01-01"}, "time_end", "come together"),
        ({"time_end": "2026-01-01"}, "time_start", "come together"),
        ({"time_start": "2026", "time_end": "2025"}, "time_end", "time_start, 2026"),
        ({"time_start": "x", "time_end": "2025"}, "time_start", "1982-01-16"),
        ({"time_start": "2026/2027", "time_end": "2028"}, "time_start", "one date or time"),
        ({"time_start": "..", "time_end": "2028"}, "time_start", "1982-01-16"),
        ({"time_start": "2026", "time_end": "2026-13"}, "time_end", "01-12"),
    ],
)
def test_what_an_operation_may_not_say(changed, key, accepted):
    fault = refused(text(operations=[put_of(1), put_of(2, **changed)]))
    assert fault.facts["parameter"] == f"operations.1.{key}"
    assert accepted in str(fault.facts["accepted"])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/a.nc",
        "../a.nc",
        "a/../b.nc",
        "a/./b.nc",
        "a//b.nc",
        "a/",
        "a\\b.nc",
        "..\\a.nc",
        "a\n.nc",
        "a\x00.nc",
        "a\x7f.nc",
        "a\u202eb.nc",  # turns the text around
        "a\ud800.nc",  # half a pair
        f"{'a' * 253}.nc",
        f"{'é' * 127}.nc",  # 257 bytes
        ".nc",
        "a",
        "a.nc.exe",
        "a.zip",
        "delivery.json",
        "response.json",
    ],
)
def test_paths_that_lead_elsewhere_or_to_no_data(path):
    operations = [put_of(i) for i in range(3)] + [put_of(path=path)]
    fault = refused(text(operations=operations))
    assert fault.facts["parameter"] == "operations.3.path"
    assert fault.detail.encode()


@pytest.mark.parametrize(
    "path", ["a.nc", "é/ü b.GRIB2", "a..b/c.grb", f"{'a' * 252}.nc", "a%2F.nc"]
)
def test_paths_that_are_right(path):
    assert note(operations=[put_of(path=path)]).operations[0].path == path


@pytest.mark.parametrize("paths", [("a.nc", "a.nc/b/c.nc"), ("in/a.nc/b.nc", "in/a.nc")])
def test_no_file_is_the_folder_of_another(paths):
    first, second = (put_of(number, path=path) for number, path in enumerate(paths))
    fault = refused(text(operations=[first, second]))
    longer = max(range(2), key=lambda number: len(paths[number]))
    assert fault.facts["parameter"] == f"operations.{longer}.path"
    assert f"operations.{1 - longer}.path names {min(paths, key=len)}" in fault.detail


def test_a_file_is_named_once():
    fault = refused(text(operations=[put_of(1), put_of(2), put_of(1, op="replace")]))
    assert fault.facts["parameter"] == "operations.2.path"
    assert "operations.0.path" in str(fault.facts["accepted"])


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"time_start": None}, "time_start"),
        ({"time_end": None}, "time_end"),
        ({"path": "a.nc"}, "path"),
        ({"bytes": 5}, "bytes"),
        ({"sha256": "0" * 64}, "sha256"),
        ({"time_end": "2025-12-31"}, "time_end"),
    ],
)
def test_a_delete_names_times_and_nothing_else(changed, key):
    said = {name: value for name, value in (DELETE | changed).items() if value is not None}
    assert refused(text(operations=[said])).facts["parameter"] == f"operations.0.{key}"


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "note"),
        (b"{", "note"),
        (b"[]", "note"),
        (b"null", "note"),
        (b"\xff\xfe{}", "note"),
        (b"\xef\xbb\xbf{}", "note"),
        (b"[" * 500_000, "note"),
        (b'{"operations": [NaN]}', "note"),
        (b'{"bytes": ' + b"1" * 5_000 + b"}", "note"),
        (b'{"\\ud800": 1}', "note"),
        (b'{"schema": "dn/1", "schema": "dn/1"}', "schema"),
        (b'{"operations": [{"path": "a.nc", "path": "b.nc"}]}', "path"),
    ],
)
def test_what_is_no_note_at_all(body, key):
    fault = refused(body)
    assert fault.facts["parameter"] == key
    assert len(fault.detail) < 500


def test_a_note_of_very_many_files_is_refused_unread():
    one = json.dumps(put_of()).encode()
    body = b'{"operations": [' + b",".join([one] * 9_000) + b"]"  # not even JSON
    with pytest.raises(RequestTooLong) as caught:
        parse_note(body)
    assert caught.value.facts["limit_bytes"] == LONGEST_NOTE_BYTES


def test_five_hundred_files_fit_into_a_note():
    operations = [put_of(path=f"{i:03}{'x' * 249}.nc") for i in range(500)]
    assert len(note(operations=operations).operations) == 500


def test_equal_notes_have_equal_digests_however_they_were_written():
    one = note(operations=[put_of(), DELETE])
    backwards = dict(reversed(document(operations=[put_of(), DELETE]).items()))
    other = parse_note(json.dumps(backwards, indent=3).encode())
    assert digest_of(other) == digest_of(one)
    assert digest_of(note(data_mode="NRT")) == digest_of(note())


@pytest.mark.parametrize(
    "changed",
    [
        {"producer": "other"},
        {"data_mode": "MY"},
        {"production_time": "2026-11-23T00:00:00Z"},
        {"operations": [put_of(bytes=1001)]},
        {"operations": [put_of(op="replace")]},
        {"operations": [put_of(1), put_of(2)]},
    ],
)
def test_notes_that_differ_have_other_digests(changed):
    assert digest_of(note(**changed)) != digest_of(note())


def test_operations_in_another_order_are_another_note():
    first, second = put_of(1), put_of(2)
    assert digest_of(note(operations=[first, second])) != digest_of(
        note(operations=[second, first])
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(document())), value=json_values)
def test_whatever_a_member_is_it_is_a_note_or_refused(name, value):
    try:
        said = parse_note(json.dumps(document() | {name: value}).encode())
    except InvalidRequest as fault:
        fault.detail.encode()
    else:
        assert digest_of(said)


@given(name=st.sampled_from([*put_of(), "time_start", "time_end"]), value=json_values)
def test_whatever_an_operation_says_it_is_one_or_refused(name, value):
    try:
        (said,) = parse_note(text(operations=[put_of() | {name: value}])).operations
    except InvalidRequest as fault:
        fault.detail.encode()
    else:
        assert said.path
