"""What there is of each kind, and records by one of their variables."""

import pytest

from tests.web.catalogue.probes import ITEMS
from tests.web.catalogue.world import HIDDEN, shared

pytestmark = pytest.mark.slow


def facet(name: str, query: str = "", groups: tuple[str, ...] = ("navy",)) -> dict[str, int]:
    answer = shared().client(*groups).get(f"{ITEMS}?limit=1&facets=true{query}").json()
    return {bucket["value"]: bucket["count"] for bucket in answer["facets"][name]["buckets"]}


def found(query: str) -> list[str]:
    features = shared().client("navy").get(f"{ITEMS}?{query}").json()["features"]
    return sorted(feature["id"] for feature in features)


def test_each_value_is_counted():
    assert facet("provider") == {"levitus": 3}
    assert facet("variables") == {"SALT": 1, "TEMP": 1, "UWND": 1, "VWND": 1, "v": 1}
    assert facet("access") == {"public": 2, "restricted": 1}
    assert facet("product") == {"FLEET_WINDS": 1}
    assert set(facet("standard_names", "&q=winds")) == {"eastward_wind", "northward_wind"}


def test_what_is_hidden_is_counted_for_whom_it_is_for():
    assert "UWND" not in facet("variables", groups=("public",))
    assert facet("type", groups=("public",)) == {"dataset": 2}


def test_a_record_is_found_by_one_of_its_variables():
    assert found("variables=TEMP") == ["levitus.levitus-climatology"]
    assert found("standard_names=eastward_wind") == [HIDDEN]
    assert found("variables=TEM") == found("variables=TEMP,SALT,X") == []
    assert found("provider=levitus&variables=VWND") == [HIDDEN]
    assert found("provider=navy") == []
    assert found("product=FLEET_WINDS") == [HIDDEN]
