"""Frozen values that every room speaks of. Pure: no clock, no network, no array library."""
