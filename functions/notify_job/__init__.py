"""Tells of one event of a job."""
