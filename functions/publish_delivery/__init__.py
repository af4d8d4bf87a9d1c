"""Checks and publishes a delivery: one Fargate task."""
