"""Historic notes: what they mean, what is refused, and documents that would harm their reader."""

import pytest

from atoll.dialects.delivery import parse_dnt
from atoll.errors import InvalidParameter, RequestTooLong
from atoll.model.delivery import DeliveryNote, Operation
from tests.dialects.delivery.builders import DATASET, DELIVERY_ID, GOLDEN, dnt, dnt_file


def refused(body: bytes) -> InvalidParameter:
    with pytest.raises(InvalidParameter) as caught:
        parse_dnt(body, DELIVERY_ID)
    return caught.value


def test_a_note_as_producers_left_it():
    said = parse_dnt((GOLDEN / "WINDS_P20261123T080000Z.xml").read_bytes(), DELIVERY_ID)
    assert said == DeliveryNote(
        delivery_id=DELIVERY_ID,
        producer="met",
        product="WINDS",
        dataset=DATASET,
        data_mode="MY",
        production_time="2026-11-23T08:00:00Z",
        operations=(
            Operation(path="2026/11/winds_20261122.nc", md5="d41d8cd98f00b204e9800998ecf8427e"),
            Operation(path="2026/11/winds_20261123.nc", md5="900150983cd24fb0d6963f7d28e17f72"),
        ),
    )


@pytest.mark.parametrize(
    ("body", "key", "accepted"),
    [
        (dnt(product="a b"), "delivery.product", "1 to 200"),
        (dnt(PushingEntity="met/../x"), "delivery.PushingEntity", "1 to 64"),
        (dnt(DatasetName="../x"), "delivery.dataset.DatasetName", "a-z0-9"),
        (dnt(date="2026-11-23"), "delivery.date", "YYYYMMDDThhmmssZ"),
        (dnt(date="20261323T000000Z"), "delivery.date", "RFC 3339"),
        (dnt(dnt_file(name="../a.nc")), "delivery.dataset.file.0.FileName", "'..'"),
        (dnt(dnt_file(name="a.zip")), "delivery.dataset.file.0.FileName", ".nc"),
        (dnt(dnt_file() + dnt_file()), "delivery.dataset.file.1.FileName", "file.0"),
        (dnt(dnt_file(Checksum="abc")), "delivery.dataset.file.0.Checksum", "MD5"),
        (dnt(dnt_file(FileType="X")), "delivery.dataset.file.FileType", "NRT, DT"),
        (
            dnt(dnt_file("a.nc") + dnt_file("b.nc", FileType="DT")),
            "delivery.dataset.file.FileType",
            "the same",
        ),
        (dnt(dnt_file(FinalStatus="Failed")), "delivery.dataset.file.0.FinalStatus", "Delivered"),
        (dnt(dnt_file(Colour="x")), "delivery.dataset.file.0.Colour", "FileName, Checksum"),
        (dnt('<file FileName="a.nc"/>'), "delivery.dataset.file.0.Checksum", "must be there"),
        (dnt('<file Checksum=""/>'), "delivery.dataset.file.0.FileName", "must be there"),
        (dnt("<folder/>"), "delivery.dataset.file.0", "an element file"),
        (dnt("".join(dnt_file(f"{i}.nc") for i in range(501))), "delivery.dataset.file", "500"),
        (b"<delivery/>", "delivery.dataset", "one dataset"),
        (b"<delivery><dataset/><dataset/></delivery>", "delivery.dataset", "one dataset"),
        (b"<delivery><dataset/></delivery>", "delivery.PushingEntity", "must be there"),
        (b"<delivery><file/></delivery>", "delivery.dataset", "an element dataset"),
        (b"<other/>", "delivery", "an element delivery"),
        (b"<delivery xmlns='urn:x'/>", "delivery", "an element delivery"),
        (b"<delivery", "note", "well-formed"),
        (b"", "note", "well-formed"),
        (b'{"schema": "dn/1"}', "note", "well-formed"),
    ],
)
def test_what_a_note_may_not_say(body, key, accepted):
    fault = refused(body)
    assert fault.facts["parameter"] == key
    assert accepted in str(fault.facts["accepted"])


def test_a_dataset_without_files():
    body = dnt().replace(dnt_file().encode(), b"")
    assert refused(body).facts["parameter"] == "delivery.dataset.file"


def test_a_delete_needs_the_other_kind_of_note():
    fault = refused(dnt(dnt_file(inner="<KeyWord>Delete</KeyWord>")))
    assert fault.facts["parameter"] == "delivery.dataset.file.0.KeyWord"
    assert "dn/1" in str(fault.facts["accepted"])
    fault = refused(dnt(dnt_file(inner="<KeyWord>Move</KeyWord>")))
    assert "Move" in str(fault.facts["value"])
    assert "uploaded" in str(fault.facts["accepted"])


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE delivery [<!ENTITY a "met">]>',
        '<!DOCTYPE delivery SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE delivery SYSTEM "http://169.254.169.254/latest/meta-data/">',
        '<!DOCTYPE delivery [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(prologue, encoding):
    body = prologue + dnt(PushingEntity="&a;").decode()
    fault = refused(body.encode(encoding))
    assert fault.facts["parameter"] == "note"
    assert "document type" in str(fault.facts["accepted"])


def test_a_bomb_is_refused_before_it_is_expanded():
    entities = '<!ENTITY a0 "xxxxxxxxxx">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)
    )
    body = f"<!DOCTYPE delivery [{entities}]>{dnt(PushingEntity='&a11;').decode()}"
    assert refused(body.encode()).facts["parameter"] == "note"


def test_what_is_too_long_is_refused_unread():
    with pytest.raises(RequestTooLong):
        parse_dnt(b"<" * (2**20 + 1), DELIVERY_ID)


def test_what_is_too_deep_is_refused():
    assert refused(b"<a>" * 100_000).facts["parameter"] == "note"
