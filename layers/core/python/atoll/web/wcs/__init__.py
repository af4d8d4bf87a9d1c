"""FastAPI glue of the WCS door."""
