"""The federation's records, searched by pycsw in one read-only SQLite file.

The only room that knows pycsw and SQLAlchemy. They are neither AWS nor arrays, and whoever loads
them loads half a second of imports: no door of a unit does.
"""
