"""The Catalogue port: one suite for the fake and for DynamoDB with S3."""

import pytest

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.errors import DataError, InvalidParameter, UnknownDataset
from atoll.model.coverage import Coverage, description_key
from atoll.ports import Catalogue
from tests.contract.cloud import DATA_BUCKET, Cloud
from tests.contract.tables import DATASETS
from tests.fakes import FakeCatalogue
from tests.planning.builders import levitus_coverage, navy_coverage


def aws_catalogue(aws: Cloud, kept_bytes: int = 10_000_000) -> DynamoCatalogue:
    descriptions = Descriptions(aws.s3, DATA_BUCKET, kept_bytes)
    return DynamoCatalogue(aws.dynamodb, DATASETS, descriptions)


@pytest.fixture(params=["fake", "aws"])
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    if request.param == "fake":
        return FakeCatalogue()
    return aws_catalogue(request.getfixturevalue("aws"))


def revised(coverage: Coverage, revision: str, **fields: object) -> Coverage:
    return coverage.model_copy(update={"revision": revision, **fields})


def test_a_published_dataset_is_listed_and_described(catalogue: Catalogue) -> None:
    levitus = levitus_coverage()
    catalogue.publish(levitus)

    entry = catalogue.entry(levitus.dataset)
    assert (entry.dataset, entry.title, entry.revision, entry.updated_at, entry.profiles) == (
        levitus.dataset,
        levitus.title,
        levitus.revision,
        levitus.updated_at,
        None,
    )
    assert catalogue.entries() == [entry]
    assert catalogue.describe(levitus.dataset, levitus.revision) == levitus


def test_an_empty_catalogue_lists_nothing(catalogue: Catalogue) -> None:
    assert catalogue.entries() == []


@pytest.mark.parametrize("profiles", [None, (), ("navy",), ("navy", "coastguard")])
def test_who_may_order_is_kept_as_it_was_said(
    catalogue: Catalogue, profiles: tuple[str, ...] | None
) -> None:
    catalogue.publish(navy_coverage(profiles=profiles))

    assert catalogue.entries()[0].profiles == profiles


def test_entries_are_sorted_by_id(catalogue: Catalogue) -> None:
    for dataset in ("b", "c", "a", "a-b", "a.b"):
        catalogue.publish(levitus_coverage(dataset=dataset))

    assert [entry.dataset for entry in catalogue.entries()] == ["a", "a-b", "a.b", "b", "c"]


def test_a_new_revision_is_main_and_the_old_one_stays(catalogue: Catalogue) -> None:
    first = levitus_coverage()
    second = revised(first, "R2", title="Revised", profiles=("navy",))
    catalogue.publish(first)
    catalogue.publish(second)

    entry = catalogue.entry(first.dataset)
    assert (entry.revision, entry.title, entry.profiles) == ("R2", "Revised", ("navy",))
    assert catalogue.describe(first.dataset, first.revision) == first
    assert catalogue.describe(first.dataset, "R2") == second


def test_an_old_revision_can_be_made_main_again(catalogue: Catalogue) -> None:
    first = levitus_coverage()
    for coverage in (first, revised(first, "R2"), first):
        catalogue.publish(coverage)

    assert catalogue.entry(first.dataset).revision == first.revision


def test_an_older_one_that_comes_late_is_kept_and_main_stays(catalogue: Catalogue) -> None:
    first = levitus_coverage().model_copy(update={"updated_at": "2026-11-01T12:00:00Z"})
    second = revised(first, "R2", updated_at="2026-11-01T12:00:01Z")
    catalogue.publish(second)
    catalogue.publish(first)

    assert catalogue.entry(first.dataset).revision == "R2"
    assert catalogue.describe(first.dataset, first.revision) == first


def test_the_same_again_changes_nothing(catalogue: Catalogue) -> None:
    levitus = levitus_coverage()
    catalogue.publish(levitus)
    before = catalogue.entries()
    catalogue.publish(levitus)

    assert catalogue.entries() == before
    assert catalogue.describe(levitus.dataset, levitus.revision) == levitus


def test_a_repeated_publication_keeps_the_first_description(catalogue: Catalogue) -> None:
    levitus = levitus_coverage()
    catalogue.publish(levitus)
    catalogue.publish(levitus.model_copy(update={"updated_at": "2099-01-01T00:00:00Z"}))

    assert catalogue.describe(levitus.dataset, levitus.revision) == levitus


def test_a_revision_is_never_described_otherwise(catalogue: Catalogue) -> None:
    levitus = levitus_coverage()
    catalogue.publish(levitus)

    with pytest.raises(DataError, match=levitus.revision):
        catalogue.publish(levitus.model_copy(update={"title": "Another"}))

    assert catalogue.entry(levitus.dataset).title == levitus.title


ODD = ["none", "", "main", "..", "../levitus", "a/b", "A" * 300, "x" * 3000, "é\x00", "\ud800"]


@pytest.mark.parametrize("dataset", ODD)
def test_a_dataset_that_is_not_there_is_unknown(catalogue: Catalogue, dataset: str) -> None:
    levitus = levitus_coverage()
    catalogue.publish(levitus)

    with pytest.raises(UnknownDataset):
        catalogue.entry(dataset)
    with pytest.raises(UnknownDataset):
        catalogue.describe(dataset, levitus.revision)


@pytest.mark.parametrize("revision", ODD)
def test_a_revision_that_is_not_there_is_unknown(catalogue: Catalogue, revision: str) -> None:
    levitus = levitus_coverage()
    catalogue.publish(levitus)

    with pytest.raises(UnknownDataset):
        catalogue.describe(levitus.dataset, revision)


@pytest.mark.parametrize(("dataset", "revision"), [("A/b", "R1"), ("a", "main"), ("a", "../R1")])
def test_what_could_not_be_described_is_not_published(
    catalogue: Catalogue, dataset: str, revision: str
) -> None:
    with pytest.raises(InvalidParameter):
        catalogue.publish(revised(levitus_coverage(dataset=dataset), revision))

    assert catalogue.entries() == []


def test_a_description_is_fetched_once_in_a_process(aws: Cloud) -> None:
    levitus = levitus_coverage()
    catalogue = aws_catalogue(aws)
    catalogue.publish(levitus)
    catalogue.describe(levitus.dataset, levitus.revision)
    _forget(aws, levitus)

    assert catalogue.describe(levitus.dataset, levitus.revision) == levitus


def test_descriptions_kept_in_memory_are_bounded(aws: Cloud) -> None:
    levitus = levitus_coverage()
    second = revised(levitus, "R2")
    document_bytes = len(levitus.model_dump_json())
    catalogue = aws_catalogue(aws, kept_bytes=document_bytes * 3 // 2)
    catalogue.publish(levitus)
    catalogue.publish(second)
    catalogue.describe(levitus.dataset, levitus.revision)
    catalogue.describe(levitus.dataset, second.revision)
    _forget(aws, levitus)
    _forget(aws, second)

    assert catalogue.describe(levitus.dataset, second.revision) == second
    with pytest.raises(UnknownDataset):
        catalogue.describe(levitus.dataset, levitus.revision)


def test_the_one_asked_for_last_is_kept(aws: Cloud) -> None:
    first = levitus_coverage()
    second, third = revised(first, "R2"), revised(first, "R3")
    catalogue = aws_catalogue(aws, kept_bytes=len(first.model_dump_json()) * 5 // 2)
    for coverage in (first, second, third):
        catalogue.publish(coverage)
    for coverage in (first, second, first, third):
        catalogue.describe(coverage.dataset, coverage.revision)
        _forget(aws, coverage)

    assert catalogue.describe(first.dataset, first.revision) == first
    with pytest.raises(UnknownDataset):
        catalogue.describe(second.dataset, second.revision)


def test_a_damaged_description_is_an_error_of_the_data(aws: Cloud) -> None:
    levitus = levitus_coverage()
    catalogue = aws_catalogue(aws)
    catalogue.publish(levitus)
    key = description_key(levitus.dataset, levitus.revision)
    aws.s3.put_object(Bucket=DATA_BUCKET, Key=key, Body=b'{"dataset": ')

    with pytest.raises(DataError, match="damaged"):
        catalogue.describe(levitus.dataset, levitus.revision)


def test_more_datasets_than_one_answer_holds_are_all_listed(aws: Cloud) -> None:
    title = "x" * 200_000  # a scan's answer ends after 1 MB
    names = [f"dataset-{n}" for n in range(12)]
    catalogue = aws_catalogue(aws)
    for name in names:
        catalogue.publish(levitus_coverage(dataset=name, title=title))

    assert {entry.dataset for entry in catalogue.entries()} == set(names)


def _forget(aws: Cloud, coverage: Coverage) -> None:
    key = description_key(coverage.dataset, coverage.revision)
    aws.s3.delete_object(Bucket=DATA_BUCKET, Key=key)
