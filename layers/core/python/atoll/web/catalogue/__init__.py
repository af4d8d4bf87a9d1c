"""FastAPI glue of the central catalogue."""
