"""The Products port: one suite for the fake and for S3."""

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.products import S3Products
from atoll.errors import DataError, InvalidParameter, Unavailable, UnknownDataset
from atoll.model.product import Product, Timeliness, VariableRules
from atoll.ports.deliveries import Products
from tests.contract.cloud import DATA_BUCKET, Cloud, Faults
from tests.fakes import FakeProducts

WINDS = Product(
    id="WINDS",
    title="Winds",
    licence="CC-BY-4.0",
    producers=("met", "other"),
    variables={"u": VariableRules(units="m s-1", valid_min=-90.5)},
    attributes={"u": {"comment": None, "flag": 1}},
    missing_values={"u": (-999.0, 1e20)},
    timeliness=Timeliness(every="P1D"),
)
BARE = Product(id="WINDS", title="Winds", licence="CC-BY-4.0")


@pytest.fixture(params=["fake", "aws"])
def products(request: pytest.FixtureRequest) -> Products:
    if request.param == "fake":
        return FakeProducts()
    return S3Products(request.getfixturevalue("aws").s3, DATA_BUCKET)


def test_settings_are_kept_as_they_were_put(products: Products) -> None:
    assert products.put("winds-daily", WINDS, None)
    assert products.product("winds-daily") == WINDS


def test_those_that_were_seen_are_replaced(products: Products) -> None:
    assert products.put("winds-daily", WINDS, None)
    assert products.put("winds-daily", BARE, WINDS)
    assert products.product("winds-daily") == BARE
    assert products.datasets() == ["winds-daily"]


@pytest.mark.parametrize("before", [None, BARE])
def test_others_are_not(products: Products, before: Product | None) -> None:
    assert products.put("winds-daily", WINDS, None)
    assert not products.put("winds-daily", BARE, before)
    assert products.product("winds-daily") == WINDS


def test_what_is_not_there_cannot_be_replaced(products: Products) -> None:
    assert not products.put("winds-daily", BARE, WINDS)
    assert products.datasets() == []


def test_datasets_are_listed_by_name(products: Products) -> None:
    assert products.datasets() == []
    for dataset in ("winds.b", "winds", "a-winds"):
        assert products.put(dataset, WINDS, None)
    assert products.datasets() == ["a-winds", "winds", "winds.b"]


@pytest.mark.parametrize("dataset", ["winds-daily", "", "../winds", "Winds", "w" * 201])
def test_what_has_no_settings_is_unknown(products: Products, dataset: str) -> None:
    with pytest.raises(UnknownDataset):
        products.product(dataset)


@pytest.mark.parametrize("dataset", ["", "../winds", "Winds", "w" * 201])
def test_what_no_dataset_is_called_cannot_be_put(products: Products, dataset: str) -> None:
    with pytest.raises(InvalidParameter, match="dataset"):
        products.put(dataset, WINDS, None)
    assert products.datasets() == []


@pytest.mark.parametrize(("before", "meanwhile"), [(None, b"{}"), (WINDS, b"{}"), (WINDS, None)])
def test_one_that_came_between_is_not_replaced(
    aws: Cloud, before: Product | None, meanwhile: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at is not what is there when it is written."""
    products, key = S3Products(aws.s3, DATA_BUCKET), "products/winds.json"
    if before:
        assert products.put("winds", before, None)
    put = aws.s3.put_object

    def later(**said: Any) -> object:
        monkeypatch.undo()
        if meanwhile is None:
            aws.s3.delete_object(Bucket=DATA_BUCKET, Key=key)
        else:
            put(Bucket=DATA_BUCKET, Key=key, Body=meanwhile)
        return put(**said)

    monkeypatch.setattr(products, "_s3", Between(aws.s3, later))
    assert not products.put("winds", BARE, before)
    found = aws.s3.list_objects_v2(Bucket=DATA_BUCKET).get("Contents", [])
    assert [one["Size"] for one in found] == ([] if meanwhile is None else [len(meanwhile)])


class Between:
    """A client, before whose `put_object` something happens."""

    def __init__(self, s3, put_object) -> None:
        self.get_object, self.put_object = s3.get_object, put_object


def test_what_is_damaged_is_said_to_be(aws: Cloud) -> None:
    aws.s3.put_object(Bucket=DATA_BUCKET, Key="products/winds.json", Body=b'{"id": "WINDS"}')
    with pytest.raises(DataError, match="winds are damaged"):
        S3Products(aws.s3, DATA_BUCKET).product("winds")


@pytest.mark.parametrize("operation", ["GetObject", "ListObjectsV2", "PutObject"])
def test_where_the_store_does_not_answer_it_is_unavailable(
    aws: Cloud, faults: Faults, operation: str
) -> None:
    products = S3Products(aws.s3, DATA_BUCKET)
    faults.break_off("s3", operation, ConnectTimeoutError(endpoint_url="products"))
    ask = {
        "GetObject": lambda: products.product("winds"),
        "ListObjectsV2": products.datasets,
        "PutObject": lambda: products.put("winds", WINDS, None),
    }[operation]
    with pytest.raises(Unavailable, match="products"):
        ask()
