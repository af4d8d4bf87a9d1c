"""Tells the federation's catalogue of all datasets of a unit."""
