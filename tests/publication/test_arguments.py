"""The words of `atoll publish`."""

from pathlib import Path

import pytest

from atoll.publication.arguments import parse

LEAST = ["a.nc", "b.nc", "--dataset", "d", "--product", "p.yaml"]


def test_the_least_is_enough():
    told = parse(LEAST)
    assert told.files == (Path("a.nc"), Path("b.nc"))
    assert (told.dataset, told.product) == ("d", Path("p.yaml"))
    assert (told.data_bucket, told.datasets_table) == (None, None)


def test_everything():
    told = parse([*LEAST, "--data-bucket", "b", "--datasets-table=t"])
    assert (told.data_bucket, told.datasets_table) == ("b", "t")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required"),
        (LEAST[2:], "FILE"),
        (LEAST[:4], "--product"),
        ([*LEAST[:2], *LEAST[4:]], "--dataset"),
        ([*LEAST, "--data", "b"], "unrecognized arguments: --data"),
    ],
)
def test_what_is_not_understood_is_named_and_ends_with_2(capsys, words, message):
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
