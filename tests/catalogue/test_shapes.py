"""Shapes are compared as pycsw compares them, which reads them anew each time."""

from itertools import product

import pytest
from pycsw.core.repository import query_spatial

from atoll.catalogue.shapes import Shapes

SHAPES = (
    "POINT (1 1)",
    "POINT (5 5)",
    "LINESTRING (0 0, 4 4)",
    "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
    "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))",
    "POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0))",
    "POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))",
    "MULTIPOLYGON (((9 9, 10 9, 10 10, 9 9)), ((0 0, 1 0, 1 1, 0 0)))",
    "nonsense",
)
PREDICATES = (
    *("bbox", "contains", "crosses", "disjoint", "equals", "intersects", "overlaps", "touches"),
    *("within", "beyond", "dwithin"),
)


@pytest.mark.parametrize("predicate", PREDICATES)
def test_shapes_meet_where_pycsws_meet(predicate):
    shapes = Shapes()
    answers = set()
    for record, asked in product((*SHAPES, None), SHAPES):
        for distance in ("1.5", "far"):
            said = (record, asked, predicate, distance)
            answer = shapes.compare(*said)
            assert answer == query_spatial(*said), said
            answers.add(answer)
    assert answers == {"true", "false"}
