"""A dataset's id: one rule, the same for publishing and for asking."""

import pytest

from atoll.errors import InvalidParameter
from atoll.model.names import ACCEPTED, check_dataset_id, is_dataset_id


@pytest.mark.parametrize("text", ["d", "0", "navy-winds", "a.b_c", "a..b", "x" * 200])
def test_a_dataset_may_be_called(text: str):
    assert is_dataset_id(text)
    check_dataset_id("--dataset", text)


@pytest.mark.parametrize(
    "text", ["", "-d", "_d", ".d", "..", "a/b", "Levitus", "d\n", "é", "a b", "x" * 201]
)
def test_a_dataset_may_not_be_called(text: str):
    assert not is_dataset_id(text)
    with pytest.raises(InvalidParameter) as caught:
        check_dataset_id("--dataset", text)
    assert caught.value.facts["parameter"] == "--dataset"
    assert caught.value.facts["accepted"] == ACCEPTED
