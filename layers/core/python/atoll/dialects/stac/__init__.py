"""STAC: a record as a Collection."""
