"""Atoll: a serverless data broker for gridded ocean and Earth-observation data."""
