"""The REST door: OGC API - Processes, JSON."""
